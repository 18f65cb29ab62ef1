"""Answers and figures as tables for a terminal."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

from movieapp.evaluation.protocol import SLICES
from movieapp.serving.lists import Answer

if TYPE_CHECKING:
    from movieapp.lifecycle.training import Run
    from movieapp.lifecycle.tuning import Trial

# The columns that fit a terminal; --json and the table `evaluations` have every metric.
HEADLINES = ("ndcg@10", "recall@20", "hit_rate@10", "mrr", "precision@10", "novelty@10", "diversity@10")


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


def evaluation_table(runs: "list[Run]") -> Table:
    """Return all models side by side, a block per slice, each mean with its 95 % interval."""
    table = Table(title=f"{runs[0].measured.window} window, means over people and 95 % intervals")
    for heading in ("slice", "model", *HEADLINES, "coverage@100", "fit s"):
        table.add_column(heading)
    for slice_ in SLICES:
        for run in runs:
            figures = run.measured.figures.get(slice_)
            if figures is None:
                continue
            people = f"{slice_} ({run.measured.n_users[slice_]})"
            cells = [_cell(figures[name]) for name in HEADLINES]
            coverage = f"{figures['coverage@100'].value:.3f}" if "coverage@100" in figures else ""
            table.add_row(people, run.name, *cells, coverage, f"{run.fit_s:.1f}")
        table.add_section()
    return table


def evaluation_json(runs: "list[Run]") -> dict[str, Any]:
    """Return every metric of every model and slice with its interval."""
    return {
        "window": runs[0].measured.window,
        "n_users": runs[0].measured.n_users,
        "models": {
            run.name: {
                "fit_s": run.fit_s,
                "parameters": run.model.parameters,
                **{
                    slice_: {
                        name: {"value": figure.value, "low": figure.low, "high": figure.high}
                        for name, figure in figures.items()
                    }
                    for slice_, figures in run.measured.figures.items()
                },
            }
            for run in runs
        },
    }


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
