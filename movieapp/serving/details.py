"""Everything known of one film, read when its page is opened."""

import numpy as np

from movieapp.database import Database
from movieapp.serving.lists import Film, FilmDetails, RatingStatistics


def read_details(database: Database, film: Film) -> FilmDetails:
    """Return how a film was rated, where else it is known, and what TMDB says of it."""
    facts = database.read("catalog/film_facts", movie_id=film.movie_id).row(0, named=True)
    return FilmDetails(
        film=film,
        overview=facts["overview"],
        tmdb_vote_avg=_tidy(facts["vote_average"]),
        tmdb_popularity=_tidy(facts["popularity"]),
        imdb_id=facts["imdb_id"],
        tmdb_id=facts["tmdb_id"],
        statistics=_statistics(database, film.movie_id),
        runtime_min=facts["runtime_min"],
        released_on=facts["released_on"],
        directors=tuple(facts["directors"]),
        actors=tuple(facts["actors"]),
        keywords=tuple(facts["keywords"]),
    )


def _statistics(database: Database, movie_id: int) -> RatingStatistics:
    stars = database.read("catalog/film_ratings", movie_id=movie_id)
    counts = np.zeros(10, np.int64)
    counts[(stars["rating"].to_numpy() * 2).round().astype(np.int64) - 1] = stars["n_ratings"].to_numpy()
    n_ratings = int(counts.sum())
    mean = float(counts @ np.arange(1, 11) / 2 / n_ratings) if n_ratings else None
    return RatingStatistics(n_ratings, mean, tuple(counts.tolist()))


def _tidy(value: float | None) -> float | None:
    """Return a number as it was before four bytes held it: 7.9 and not 7.900000095."""
    return None if value is None else float(f"{value:.6g}")
