-- One row per genre: its share of what was recommended beside its share of what people like.
create view genres_recommended_and_liked as
with places as (
    select
        recommended.movie_id,
        count(*) as n_recommended
    from (
        select unnest(requests.recommendations) as movie_id
        from requests
        where requests.endpoint not in ('rank', 'explain')
    ) as recommended
    group by recommended.movie_id
),

likes as (
    select
        pairs.movie_id,
        count(*) as n_liked
    from (
        select
            ratings.user_id,
            ratings.movie_id
        from ratings
        where ratings.rating >= 4
        union
        select
            opinions.user_id,
            opinions.movie_id
        from opinions
        where opinions.opinion = 'like'
    ) as pairs
    group by pairs.movie_id
),

parts as (
    select
        unnest(if(len(movies.genres) = 0, ['(none listed)'], movies.genres)) as genre,
        1 / greatest(len(movies.genres), 1) as part,
        coalesce(places.n_recommended, 0) / greatest(len(movies.genres), 1) as recommended,
        coalesce(likes.n_liked, 0) / greatest(len(movies.genres), 1) as liked
    from movies
    left join places on movies.movie_id = places.movie_id
    left join likes on movies.movie_id = likes.movie_id
),

genres as (
    select
        parts.genre,
        sum(parts.part) as part,
        sum(parts.recommended) as recommended,
        sum(parts.liked) as liked
    from parts
    group by parts.genre
)

select
    genres.genre,
    genres.part / sum(genres.part) over () as catalogue_share,
    genres.recommended / nullif(sum(genres.recommended) over (), 0) as recommended_share,
    genres.liked / nullif(sum(genres.liked) over (), 0) as liked_share
from genres
order by
    recommended_share desc nulls last,
    genres.genre;

comment on view genres_recommended_and_liked is
'One row per genre: its share of what was recommended beside its share of what people like.';
comment on column genres_recommended_and_liked.genre is
'As in MovieLens; a movie with several counts in equal parts for each.';
comment on column genres_recommended_and_liked.catalogue_share is
'Share of the movies of the release, 0 to 1.';
comment on column genres_recommended_and_liked.recommended_share is
'Share of the places of all lists, 0 to 1; null before the first request.';
comment on column genres_recommended_and_liked.liked_share is
'Share of all likes (4 stars or more, or a like), 0 to 1; null before the first.'
