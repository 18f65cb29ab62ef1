-- Replaces the rating of (user, movie), if there is one, by a person's own.
-- params: $user_id, $movie_id, $rating, $now
update ratings
set
    rating = $rating,
    rated_at = $now,
    arrived_at = $now,
    source = 'app'
where ratings.user_id = $user_id and ratings.movie_id = $movie_id
