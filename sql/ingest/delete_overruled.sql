-- Removes the ratings of the release where the same person rated the same movie in this app.
delete from ratings
using ratings as own
where ratings.user_id = own.user_id
    and ratings.movie_id = own.movie_id
    and ratings.source = 'release'
    and own.source = 'app'
