-- Which genres are recommended more than people like them, and which less?
select
    genres_recommended_and_liked.genre,
    round(genres_recommended_and_liked.recommended_share, 3) as recommended_share,
    round(genres_recommended_and_liked.liked_share, 3) as liked_share,
    round(
        genres_recommended_and_liked.recommended_share - genres_recommended_and_liked.liked_share, 3
    ) as difference
from genres_recommended_and_liked
order by difference desc nulls last
