-- Deletes the logged requests before $until.
-- params: $until
delete from requests
where requests.requested_at < $until
