"""People who come back: two tastes, films that appear over time, and several sittings by each person."""

import numpy as np

from movieapp.preparation.interactions import Interactions

N_PEOPLE, N_MOVIES, SITTINGS, PER_SITTING = 160, 40, 4, 6
DAY_S = 86_400


def returning_people(seed: int = 5) -> Interactions:
    """Return ratings in time order; even people mostly like even films, odd people odd ones.

    Everybody sits down four times within a year and rates six films that they have not rated before.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(N_PEOPLE):
        films = rng.permutation(N_MOVIES)[: SITTINGS * PER_SITTING]
        days = np.sort(rng.integers(0, 365, SITTINGS))
        for place, film in enumerate(films.tolist()):
            likes = (film + person) % 2 == 0
            stars = rng.choice([4.0, 4.5, 5.0]) if likes else rng.choice([1.0, 2.0, 3.0])
            at = int(days[place // PER_SITTING]) * DAY_S + person * 97 + place % PER_SITTING
            rows.append((at, person, film, stars))
    rows.sort()
    at, people, films, stars = zip(*rows, strict=True)
    return Interactions(
        user_ids=np.arange(1, N_PEOPLE + 1, dtype=np.int32),
        movie_ids=np.arange(1, N_MOVIES + 1, dtype=np.int32),
        rows=np.array(people, np.int32),
        columns=np.array(films, np.int32),
        stars=np.array(stars, np.float32),
        rated_at=np.array(at, np.int64),
    )
