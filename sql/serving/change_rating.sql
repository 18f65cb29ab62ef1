-- Replaces the rating of (user, movie).
-- params: $user_id, $movie_id, $rating, $rated_at, $arrived_at, $source
update ratings
set
    rating = $rating,
    rated_at = $rated_at,
    arrived_at = $arrived_at,
    source = $source
where ratings.user_id = $user_id and ratings.movie_id = $movie_id
