"""Answers and figures as tables for a terminal."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

from movieapp.evaluation.intervals import Estimate, difference
from movieapp.evaluation.protocol import SLICES, metric_names
from movieapp.serving.lists import Answer

if TYPE_CHECKING:
    from movieapp.evaluation.stars import MeasuredStars
    from movieapp.lifecycle.comparison import Comparison, Entry
    from movieapp.lifecycle.training import Run
    from movieapp.lifecycle.tuning import Trial

# What every model is compared with, person by person.
BASELINES = ("popularity_7d", "item_knn")

# What the leaderboard shows of returning people, and what it shows of lists with an aim.
COMPARED = {
    "ndcg@10": "NDCG@10",
    "recall@20": "Recall@20",
    "hit_rate@10": "Hit rate@10",
    "mrr": "MRR",
    "coverage@100": "Coverage@100",
    "served_coverage@100": "as served",
}
AIMED_AT = {
    "ndcg@10": "NDCG@10",
    "recall@20": "Recall@20",
    "coverage@100": "Coverage@100",
    "novelty@10": "Novelty@10",
    "diversity@10": "Diversity@10",
    "popularity_share@10": "Popular share@10",
    "new_to_you@10": "New to you@10",
}


def answer_table(answer: Answer) -> Table:
    """Return a list of films, best first, with what speaks for each."""
    table = Table(title=None if answer.model_version is None else f"model version {answer.model_version}")
    table.add_column("", justify="right")
    table.add_column("film", overflow="fold")
    table.add_column("id", justify="right")
    table.add_column("score", justify="right")
    table.add_column("why", overflow="fold")
    for place, result in enumerate(answer.results, start=1):
        score = "" if result.score is None else f"{result.score:.3f}"
        why = "; ".join(reason.sentence for reason in result.reasons)
        table.add_row(str(place), result.film.title, str(result.film.movie_id), score, why)
    return table


def evaluation_tables(runs: "list[Run]") -> list[Table]:
    """Return a table per slice: metrics down, models across, each mean with its 95 % interval."""
    measured = runs[0].measured
    return [
        *(_slice_table(runs, slice_) for slice_ in SLICES if slice_ in measured.figures),
        *([_difference_table(runs)] if "returning" in measured.figures else []),
    ]


def _slice_table(runs: "list[Run]", slice_: str) -> Table:
    measured = runs[0].measured
    people = f"{measured.n_users[slice_]} {slice_} users"
    dropped = f"; {measured.n_unknown_positives} likes of new movies dropped" if slice_ == "returning" else ""
    table = Table(title=f"{measured.window} window, {people}{dropped}; means and 95 % intervals")
    table.add_column("")
    for run in runs:
        table.add_column(run.name)
    for name in measured.figures[slice_]:
        table.add_row(name, *(_cell(run.measured.figures[slice_][name]) for run in runs))
    table.add_row("fit s", *(f"{run.fit_s:.2f}" for run in runs))
    return table


def _difference_table(runs: "list[Run]") -> Table:
    table = Table(title="paired difference in NDCG@10 on the same returning users, 95 % intervals")
    table.add_column("model")
    for baseline in BASELINES:
        table.add_column(f"minus {baseline}")
    for run in runs:
        cells = [paired(runs, run.name, baseline) for baseline in BASELINES]
        table.add_row(run.name, *("" if cell is None else _cell(cell) for cell in cells))
    return table


def paired(runs: "list[Run]", ours: str, baseline: str) -> Estimate | None:
    """Return how much higher one model's NDCG@10 is than another's for the same returning users."""
    by_name = {run.name: run.measured.per_user.get("returning") for run in runs}
    values, others = by_name.get(ours), by_name.get(baseline)
    if ours == baseline or values is None or others is None:
        return None
    return difference(values, others)[metric_names().index("ndcg@10")]


def evaluation_json(runs: "list[Run]") -> dict[str, Any]:
    """Return every metric of every model and slice with its interval, and the paired differences."""
    return {
        "window": runs[0].measured.window,
        "n_users": runs[0].measured.n_users,
        "n_unknown_positives": runs[0].measured.n_unknown_positives,
        "models": {
            run.name: {
                "fit_s": run.fit_s,
                "parameters": run.model.parameters,
                **{
                    slice_: {name: _estimate_json(figure) for name, figure in figures.items()}
                    for slice_, figures in run.measured.figures.items()
                },
                "ndcg@10 minus": {
                    baseline: _estimate_json(gain)
                    for baseline in BASELINES
                    if (gain := paired(runs, run.name, baseline)) is not None
                },
            }
            for run in runs
        },
    }


def _estimate_json(estimate: Estimate) -> dict[str, float | None]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def comparison_tables(comparison: "Comparison") -> list[Table]:
    """Return the leaderboard: models down, metrics across; then differences and seconds, then list aims."""
    people = comparison.models[0].measured.n_users
    about = f"{comparison.release}, {comparison.protocol} protocol, {comparison.window} window"
    count = " and ".join(f"{n:,} {slice_}" for slice_, n in people.items())
    quality = _headed(f"{about}: {count} people; means and 95 % intervals", "model", *COMPARED.values())
    quality.add_column("NDCG@10, new")
    gains = _headed("paired difference in NDCG@10, returning people, 95 % intervals; seconds", "model")
    for baseline in BASELINES:
        gains.add_column(f"minus {baseline}")
    gains.add_column("fit s", justify="right")
    gains.add_column("recommend-all s", justify="right")
    for entry in comparison.models:
        new = entry.measured.figures.get("new", {}).get("ndcg@10")
        quality.add_row(entry.name, *_returning(entry, *COMPARED), "" if new is None else _cell(new))
        differences = [comparison.difference(entry.name, baseline) for baseline in BASELINES]
        seconds = (f"{entry.fit_s:.2f}", f"{entry.measured.recommend_all_s:.2f}")
        gains.add_row(entry.name, *("" if one is None else _cell(one) for one in differences), *seconds)
    if not comparison.aims:
        return [quality, gains]
    aims = _headed(f"lists of {comparison.aimed_at} by aim, returning people", "aim", *AIMED_AT.values())
    for entry in comparison.aims:
        aims.add_row(entry.name, *_returning(entry, *AIMED_AT))
    return [quality, gains, aims]


def _headed(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading)
    return table


def _returning(entry: "Entry", *names: str) -> list[str]:
    figures = entry.measured.figures["returning"]
    return ["" if name not in figures else _cell(figures[name]) for name in names]


def stars_table(measured: "MeasuredStars") -> Table:
    """Return how near predicted stars come to given ones, beside the baseline."""
    within = " and ".join(f"{100 * share:.1f} %" for share in measured.calibration)
    table = _headed(
        f"predicted stars, {measured.protocol}: {measured.n_ratings:,} ratings; {within} within one and two "
        "standard deviations",
        "",
        *measured.figures,
        "difference",
    )
    for metric, gain in measured.difference.items():
        figures = [_cell(estimates[metric]) for estimates in measured.figures.values()]
        table.add_row(metric.upper(), *figures, _cell(gain))
    return table


def stars_json(measured: "MeasuredStars") -> dict[str, Any]:
    """Return every figure of predicted stars with its interval."""
    return {
        "protocol": measured.protocol,
        "n_ratings": measured.n_ratings,
        "models": {name: _estimates_json(figures) for name, figures in measured.figures.items()},
        "difference": _estimates_json(measured.difference),
        "by_fold": measured.by_fold,
        "calibration": measured.calibration,
    }


def _estimates_json(figures: dict[str, Estimate]) -> dict[str, Any]:
    return {name: _estimate_json(figure) for name, figure in figures.items()}


def trials_table(trials: "list[Trial]") -> Table:
    """Return the settings tried, best first."""
    table = Table(title="ALS on the validation window, returning users, best first")
    for heading in ("factors", "alpha", "regularization", "ndcg@10", "recall@20", "coverage@100", "fit s"):
        table.add_column(heading, justify="right")
    for trial in trials:
        table.add_row(
            str(trial.factors),
            f"{trial.alpha:g}",
            f"{trial.regularization:g}",
            _cell(trial.figures["ndcg@10"]),
            _cell(trial.figures["recall@20"]),
            f"{trial.figures['coverage@100'].value:.3f}",
            f"{trial.fit_s:.1f}",
        )
    return table


def _cell(estimate: Any) -> str:
    if estimate.low is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
