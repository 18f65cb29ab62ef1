"""Answers and figures as tables for a terminal."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from movieapp.evaluation.intervals import Estimate, difference
from movieapp.evaluation.protocol import SLICES, metric_names
from movieapp.lifecycle.comparison import BASELINES
from movieapp.serving.lists import Answer

if TYPE_CHECKING:
    from movieapp.evaluation.stars import MeasuredStars
    from movieapp.lifecycle.comparison import Comparison, Entry
    from movieapp.lifecycle.training import Run
    from movieapp.lifecycle.tuning import Trial

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


def answer_table(answer: Answer, *, likes: str | None = None) -> Table:
    """Return a list of films, best first, with what speaks for each.

    Where the scores are numbers of likes, `likes` is what to call them.
    """
    digits = 3 if likes is None else 0
    rows = [
        (
            str(place),
            result.film.title,
            str(result.film.movie_id),
            "" if result.score is None else f"{result.score:,.{digits}f}",
            "; ".join(reason.sentence for reason in result.reasons),
        )
        for place, result in enumerate(answer.results, start=1)
    ]
    title = None if answer.model_version is None else f"model version {answer.model_version}"
    return _filled(title, ("", "film", "id", likes or "score", "why"), rows, right=(0, 2, 3))


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
    title = "paired difference in NDCG@10 on the same returning users, 95 % intervals"
    rows = [(run.name, *(_cell(paired(runs, run.name, baseline)) for baseline in BASELINES)) for run in runs]
    return _filled(title, ("model", *(f"minus {baseline}" for baseline in BASELINES)), rows)


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
    quality = _filled(
        f"{about}: {count} people; means and 95 % intervals",
        ("model", *COMPARED.values(), "NDCG@10, new"),
        [
            (entry.name, *_returning(entry, *COMPARED), _cell(_figures(entry, "new").get("ndcg@10")))
            for entry in comparison.models
        ],
    )
    tables = [quality, _gains_table(comparison)]
    if comparison.aims:
        title = f"lists of {comparison.aimed_at} by aim, returning people"
        rows = [(entry.name, *_returning(entry, *AIMED_AT)) for entry in comparison.aims]
        tables.append(_filled(title, ("aim", *AIMED_AT.values()), rows))
    return tables


def _gains_table(comparison: "Comparison") -> Table:
    rows = [
        (
            entry.name,
            *(_cell(comparison.difference(entry.name, baseline)) for baseline in BASELINES),
            f"{entry.fit_s:.2f}",
            f"{entry.measured.recommend_all_s:.2f}",
        )
        for entry in comparison.models
    ]
    minus = tuple(f"minus {baseline}" for baseline in BASELINES)
    is_compared = any(any(row[1 : len(minus) + 1]) for row in rows)
    return _filled(
        f"{'paired difference in NDCG@10, returning people, 95 % intervals; ' if is_compared else ''}seconds",
        ("model", *minus, "fit s", "recommend-all s"),
        rows,
        right=(len(minus) + 1, len(minus) + 2),
    )


def _filled(
    title: str | None, headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> Table:
    """Return a table without the columns in which nothing stands; those at `right` are set to the right."""
    shown = [place for place in range(len(headings)) if any(row[place] for row in rows)]
    table = Table(title=title)
    for place in shown:
        table.add_column(headings[place], justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    return table


def _returning(entry: "Entry", *names: str) -> list[str]:
    return [_cell(_figures(entry, "returning").get(name)) for name in names]


def _figures(entry: "Entry", slice_: str) -> dict[str, Estimate]:
    return entry.measured.figures.get(slice_, {})


def stars_table(measured: "MeasuredStars") -> Table:
    """Return how near predicted stars come to given ones, beside the baseline."""
    within = " and ".join(f"{100 * share:.1f} %" for share in measured.calibration)
    title = (
        f"predicted stars, {measured.protocol}: {measured.n_ratings:,} ratings; {within} within one and two "
        "standard deviations"
    )
    rows = [
        (metric.upper(), *(_cell(estimates[metric]) for estimates in measured.figures.values()), _cell(gain))
        for metric, gain in measured.difference.items()
    ]
    return _filled(title, ("", *measured.figures, "difference"), rows)


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


def _cell(estimate: Estimate | None) -> str:
    """Return an estimate with its interval, where there are any."""
    if estimate is None:
        return ""
    if estimate.low is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
