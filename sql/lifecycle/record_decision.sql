-- Adds one decision about which version serves.
-- params: $decided_at, $champion, $challenger, $is_promoted, $made_by, $reasoning, $numbers
insert into promotion_decisions (
    decided_at, champion, challenger, is_promoted, made_by, reasoning, numbers
)
values ($decided_at, $champion, $challenger, $is_promoted, $made_by, $reasoning, $numbers)
