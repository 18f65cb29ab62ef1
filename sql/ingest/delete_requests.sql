-- Removes all logged requests: their ids of movies and people mean others in another release.
delete from requests
