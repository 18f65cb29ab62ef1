"""A release small enough to hold in the head: two tastes, genres that go with them, one film nobody knows."""

from pathlib import Path

SIZE = 24
# An even film is a comedy, an odd one a thriller; every fourth is also a romance.
UNRATED = 900
NEW = 901


def movie_genres(movie: int) -> list[str]:
    """Return the genres of a film."""
    kind = "Comedy" if movie % 2 == 0 else "Thriller"
    return [kind, "Romance"] if movie % 4 == 0 else [kind]


def write_release(folder: Path) -> Path:
    """Write `ml-latest-small`-shaped files: users 1 to 24, films 1 to 24 of 1971 to 1994, and two more.

    Even people gave even films 5 stars, odd people odd ones; nobody has seen the film of the own number.
    People saw one film of the other taste, two stars. Film 900 has no rating, film 901 a single one.
    """
    release = folder / "ml-latest-small"
    release.mkdir(parents=True)
    movies = [
        f'{movie},"Number {movie}, The ({1970 + movie})",{"|".join(movie_genres(movie))}' for movie in ids()
    ]
    movies += [f"{UNRATED},Nobody's Film,(no genres listed)", f"{NEW},Brand New (2000),Drama"]
    ratings = []
    for user in ids():
        liked = [movie for movie in ids() if movie % 2 == user % 2 and movie != user]
        disliked = [user % SIZE + 1]
        ratings += [(user, movie, 5.0) for movie in liked] + [(user, movie, 2.0) for movie in disliked]
    ratings.append((1, NEW, 5.0))
    # Time runs across people, so that the split leaves everybody a past and a future.
    ratings.sort(key=lambda rating: ((rating[1] * 7 + rating[0]) % SIZE, rating))
    lines = [
        f"{user},{movie},{stars},{1_000_000_000 + 3600 * n}" for n, (user, movie, stars) in enumerate(ratings)
    ]
    links = [f"{movie},{100 + movie:07d},{200 + movie}" for movie in (*ids(), UNRATED, NEW)]
    for name, header, rows in (
        ("movies", "movieId,title,genres", movies),
        ("ratings", "userId,movieId,rating,timestamp", lines),
        ("tags", "userId,movieId,tag,timestamp", ["1,1,funny,1000000000"]),
        ("links", "movieId,imdbId,tmdbId", links),
    ):
        (release / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return release


def ids() -> range:
    """Return the ids that are both users and films."""
    return range(1, SIZE + 1)
