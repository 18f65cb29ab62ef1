"""The recipes: which models are trained, with which parameters for which size of release."""

from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity

PRIMARY = "als"
# What may serve. Popularity that fades with age is for comparison: what people rate here, years after the
# release, would make everything in it equally old.
SERVED = ("als", "item_knn", "popularity")


def models(*, n_ratings: int, seed: int) -> dict[str, Model]:
    """Return the unfitted models by the names under which they are reported."""
    return {
        "popularity": Popularity(),
        "popularity_7d": Popularity(half_life_days=7.0),
        "item_knn": ItemKNN(),
        "als": als(n_ratings=n_ratings, seed=seed),
    }


def als(*, n_ratings: int, seed: int) -> ALS:
    """Return ALS with what `launcher.py tune` chose on validation for a release of about this size."""
    if n_ratings < 500_000:
        return ALS(factors=16, alpha=10.0, regularization=30.0, seed=seed)
    return ALS(factors=32, alpha=1.0, regularization=30.0, seed=seed)
