-- Deletes the logged requests before $until; a list for a person only if its replay is final.
-- params: $until
delete from requests
where
    requests.requested_at < $until
    and (
        requests.endpoint not in ('recommend', 'home')
        or requests.user_id is null
        or requests.status >= 400
        or len(requests.recommendations) = 0
        or requests.requested_at::date in (
            select replay_outcomes.day
            from replay_outcomes
            where replay_outcomes.is_final
        )
    )
