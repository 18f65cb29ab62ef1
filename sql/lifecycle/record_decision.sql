-- Adds one decision about which version serves.
-- params: $decided_at, $champion, $challenger, $is_promoted, $reasoning, $numbers
insert into promotion_decisions (decided_at, champion, challenger, is_promoted, reasoning, numbers)
values ($decided_at, $champion, $challenger, $is_promoted, $reasoning, $numbers)
