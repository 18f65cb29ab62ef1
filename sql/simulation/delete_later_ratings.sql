-- Takes out the ratings from $since on: whoever gives them does so later.
-- params: $since
delete from ratings
where ratings.rated_at >= $since
