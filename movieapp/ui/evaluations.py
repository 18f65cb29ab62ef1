"""How good the models are: the live version as it was measured, and the newest comparison of all models."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from movieapp.preparation.split import TRAIN_SHARE, VALIDATION_SHARE
from movieapp.ui.figures import figure, table
from movieapp.ui.notices import notice
from movieapp.ui.theme import section

if TYPE_CHECKING:
    from movieapp.serving.live import LiveVersion

METRICS = {
    "ndcg@10": ("NDCG@10", "How high the films stand that people went on to like; 1 is perfect."),
    "recall@10": ("Recall@10", "Share of the films liked later that are among the first ten."),
    "precision@10": ("Precision@10", "Share of the first ten that were liked later."),
    "hit_rate@10": ("Hit rate@10", "Share of people with at least one film liked later among the first ten."),
    "mrr": ("MRR", "One over the place of the first film liked later, on average."),
    "coverage@100": ("Coverage@100", "Share of all films that appear in somebody's first hundred."),
    "served_coverage@100": (
        "Coverage as served",
        "The same of lists as they are served: with discovery from the 21st place on.",
    ),
}
SLICES = {
    "returning": ("Returning users", "People with likes before the cut-off."),
    "new": ("New users", "People known by five likes only, given to the model as they are."),
}
# The windows are shares of the ratings in order of time.
_VALIDATION, _TEST = round(100 * VALIDATION_SHARE), round(100 * (1 - TRAIN_SHARE - VALIDATION_SHARE))
WINDOWS = {
    "validation": (
        f"This is the validation window: the {_VALIDATION} % of the ratings that come before the newest "
        f"{_TEST} %. Versions are promoted by it, so that the newest ratings, the test window, take no part "
        "in any choice; a training does not measure there."
    ),
    "test": (
        f"This is the test window: the newest {_TEST} % of the ratings, which take no part in any choice."
    ),
}
MODELS = {
    "hybrid": "Hybrid, two stages",
    "stars": "Expected stars",
    "als": "ALS",
    "item_knn": "Item-KNN",
    "user_knn": "User-KNN",
    "popularity": "Popularity",
    "ease": "EASE",
    "bpr": "BPR",
    "random": "Chance",
    "top_rated": "Top rated",
    "liked_next": "Liked next",
    "content": "Content",
    "content_lsa": "Content, LSA",
}


def live_figures(live: "LiveVersion") -> None:
    """Show the live version's own figures: of the training that made it, in the validation window."""
    for slice_, (people, _) in SLICES.items():
        found = live.metrics.get(slice_, {}).get("ndcg@10")
        if found is None:
            continue
        value, low, high = found
        interval = "" if low is None or high is None else f"{low:.3f} – {high:.3f}, "
        figure(f"NDCG@10, {people.lower()}", f"{value:.3f}", f"{interval}validation window")


def show_evaluation(rows: pl.DataFrame, live: "LiveVersion | None") -> None:
    """Compare the models as they were last measured on this release, all at once and in one window."""
    if rows.is_empty():
        section("Evaluation")
        notice("No model has been evaluated on this release yet.")
        return
    window = str(rows["window"][0])
    section("Evaluation", _about(window, rows["evaluated_at"][0].replace(tzinfo=UTC), live))
    for name, (title, sentence) in SLICES.items():
        part = rows.filter(pl.col("slice") == name)
        if not part.is_empty():
            _slice(f"{title} · {part['n_users'][0]:,} people in the {window} window", sentence, part)


def _about(window: str, measured_at: datetime, live: "LiveVersion | None") -> str:
    text = (
        "Each model is fitted on what was known before a window and scored on what people liked in it, with "
        f"95 % intervals. {WINDOWS.get(window, '')} Measured on {measured_at:%d %b %Y, %H:%M} UTC"
    )
    if live is None:
        return f"{text}."
    if live.trained_at == measured_at:
        return f"{text}, when v{live.version} was trained."
    return f"{text}. The live v{live.version} is of another training; its own figures are at the top."


def _slice(title: str, sentence: str, part: pl.DataFrame) -> None:
    values = {(row["model"], row["metric"]): row for row in part.iter_rows(named=True)}
    metrics = [
        metric for metric in METRICS if any((model, metric) in values for model in part["model"].unique())
    ]
    by_quality = sorted(
        part["model"].unique(),
        key=lambda model: -(values.get((model, "ndcg@10")) or {"value": 0.0})["value"],
    )
    rows = [
        (model_name(model), *(_estimate(values.get((model, metric))) for metric in metrics))
        for model in by_quality
    ]
    columns = ("Model", *(METRICS[metric][0] for metric in metrics))
    table(title, columns, rows, note=sentence, hints={METRICS[m][0]: METRICS[m][1] for m in metrics})


def _estimate(row: dict[str, Any] | None) -> str:
    if row is None:
        return "–"
    if row["low"] is None or row["high"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f}\n{row['low']:.3f} – {row['high']:.3f}"


def model_name(model: str) -> str:
    """Return a model's name as people write it; `popularity_7d` looks back seven days."""
    plain, _, days = model.partition("_")
    if plain == "popularity" and days.removesuffix("d").isdigit():
        return f"Popularity, {days.removesuffix('d')} days"
    return MODELS.get(model, model)
