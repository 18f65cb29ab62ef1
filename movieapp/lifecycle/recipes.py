"""The recipes: which models are trained, with which parameters for which size of release."""

import logging

from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.bpr import BPR
from movieapp.models.chance import Chance
from movieapp.models.content import Content
from movieapp.models.ease import EASE
from movieapp.models.hybrid import Hybrid
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity
from movieapp.models.sequence import LikedNext
from movieapp.models.stars import Stars
from movieapp.models.top_rated import TopRated
from movieapp.models.user_knn import UserKNN

log = logging.getLogger(__name__)

# What may serve. Popularity that fades with age is for comparison: what people rate here, years after the
# release, would make everything in it equally old.
SERVED = ("hybrid", "als", "item_knn", "popularity")

# So many films of everybody's list are worked out at the training; a longer one is worked out when asked for.
N_HEADS = 20
# Under so many ratings the parameters are those chosen on ML-100K, else those chosen on ML-1M.
SMALL = 500_000
# Beyond so many ratings the hybrid, whose memory grows with films x films and whose time with people x films,
# was never run: there the best of the others serves.
LARGE = 3_000_000


def quick(*, n_ratings: int, seed: int) -> dict[str, Model]:
    """Return the unfitted models that a first training measures: those that are fitted in seconds."""
    return {
        "popularity": Popularity(),
        "popularity_7d": Popularity(half_life_days=7.0),
        "item_knn": ItemKNN(),
        "als": als(n_ratings=n_ratings, seed=seed),
    }


def models(*, n_ratings: int, seed: int) -> dict[str, Model]:
    """Return the unfitted models that every training measures, by the names under which they are reported."""
    found = quick(n_ratings=n_ratings, seed=seed)
    if n_ratings > LARGE:
        log.info("the hybrid is left out: it was never run on more than %d ratings", LARGE)
        return found
    return found | {"hybrid": Hybrid(seed=seed)}


def leaderboard(*, n_ratings: int, seed: int) -> dict[str, Model]:
    """Return all unfitted models; parameters were chosen on the validation windows of ML-100K and ML-1M."""
    small = n_ratings < SMALL
    epochs = 25 if small else 12
    return {
        "random": Chance(seed=seed),
        "top_rated": TopRated(prior=100.0 if small else 500.0),
        **models(n_ratings=n_ratings, seed=seed),
        "ease": EASE(regularization=200.0 if small else 1000.0),
        "user_knn": UserKNN(neighbours=100 if small else 400),
        "bpr": BPR(factors=32, learning_rate=0.02, regularization=0.01, iterations=epochs, seed=seed),
        "liked_next": LikedNext(),
        "content": Content(),
        "content_lsa": Content(factors=16, seed=seed),
        "stars": Stars(seed=seed),
    }


def als(*, n_ratings: int, seed: int) -> ALS:
    """Return ALS with what `launcher.py tune` chose on validation for a release of about this size."""
    if n_ratings < SMALL:
        return ALS(factors=16, alpha=10.0, regularization=30.0, seed=seed)
    return ALS(factors=32, alpha=1.0, regularization=30.0, seed=seed)
