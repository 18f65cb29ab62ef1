"""The leaderboard as a page: models side by side in plots and tables, and what other aims cost and bring."""

from collections.abc import Sequence
from datetime import datetime

from movieapp.cli.drawing import Point, intervals, scatter
from movieapp.evaluation.intervals import Estimate
from movieapp.lifecycle.comparison import BASELINES, Comparison, Entry
from movieapp.monitoring.document import Document, Plot, Section, Table
from movieapp.tables import AIMED_AT, COMPARED

PROTOCOLS = {
    "time": "Ratings are cut at the same instants for everybody; what people liked later is to be found.",
    "replay": "Ratings are cut in time as in published replays of ML-1M.",
    "random": "Ratings are cut at random, as in many published comparisons: the future tells of the past.",
}


def page(comparison: Comparison, *, now: datetime) -> Document:
    """Return everything that was measured, as a document."""
    people = comparison.models[0].measured.n_users
    count = " and ".join(f"{n:,} {slice_}" for slice_, n in people.items())
    sections = [
        Section(
            "Models",
            PROTOCOLS[comparison.protocol],
            plots=(_ndcg(comparison), _coverage(comparison)),
            tables=(_models(comparison), _differences(comparison)),
        )
    ]
    if comparison.aims:
        said = f"The lists of {comparison.aimed_at} with an aim beside accuracy, for returning people."
        plots = (
            _spread(
                comparison.aims, "What aims cost and bring", "Further right, more of the catalogue is shown."
            ),
        )
        sections.append(Section("List aims", said, plots=plots, tables=(_aims(comparison),)))
    return Document(
        f"Models on {comparison.release}",
        f"{comparison.window.capitalize()} window from {comparison.cutoff:%d %B %Y} on, {count} people.",
        now,
        tuple(sections),
    )


def _ndcg(comparison: Comparison) -> Plot:
    ranked = sorted(comparison.models, key=_ndcg_of, reverse=True)
    best = ranked[0]
    said = f"{best.name} has the highest NDCG@10, {_ndcg_of(best):.3f}; bars are 95 % intervals over people."
    rows = [(entry.name, entry.measured.figures["returning"]["ndcg@10"]) for entry in ranked]
    return Plot("NDCG@10 of returning people", said, intervals(rows, about=said))


def _coverage(comparison: Comparison) -> Plot:
    widest = max(comparison.models, key=_coverage_of)
    share = f"{100 * _coverage_of(widest):.0f} % of the films that it may."
    return _spread(
        comparison.models,
        "Coverage against accuracy",
        f"{widest.name} shows the most of the catalogue: {share}",
    )


def _spread(entries: Sequence[Entry], title: str, said: str) -> Plot:
    points = [Point(entry.name, _coverage_of(entry), _ndcg_of(entry)) for entry in entries]
    drawn = scatter(points, about=said, x="share of the films in somebody's first 100", y="NDCG@10")
    return Plot(title, said, drawn)


def _models(comparison: Comparison) -> Table:
    columns = ("Model", *COMPARED.values(), "NDCG@10, new", "Fit", "All lists")
    rows = [
        (
            entry.name,
            *_cells(entry, tuple(COMPARED)),
            _cell(entry.measured.figures.get("new", {}).get("ndcg@10")),
            f"{entry.fit_s:.1f} s",
            f"{entry.measured.recommend_all_s:.1f} s",
        )
        for entry in comparison.models
    ]
    return Table("Every model", columns, rows, "A second line has the 95 % interval.")


def _differences(comparison: Comparison) -> Table:
    baselines = [name for name in BASELINES if name in {entry.name for entry in comparison.models}]
    rows = [
        (entry.name, *(_cell(comparison.difference(entry.name, name), sign="+") for name in baselines))
        for entry in comparison.models
    ]
    said = "NDCG@10 of the model less that of the other, for the same returning people."
    return Table("Differences", ("Model", *(f"minus {name}" for name in baselines)), rows, said)


def _aims(comparison: Comparison) -> Table:
    names = tuple(name for name in AIMED_AT if name in comparison.aims[0].measured.figures["returning"])
    rows = [(entry.name, *_cells(entry, names)) for entry in comparison.aims]
    return Table("Lists by aim", ("Aim", *(AIMED_AT[name] for name in names)), rows)


def _cells(entry: Entry, names: Sequence[str]) -> list[str]:
    figures = entry.measured.figures["returning"]
    return [_cell(figures.get(name)) for name in names]


def _cell(figure: Estimate | None, *, sign: str = "") -> str:
    if figure is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:{sign}.3f}"
    dash = "to" if sign else "–"
    return f"{figure.value:{sign}.3f}\n{figure.low:{sign}.3f} {dash} {figure.high:{sign}.3f}"


def _ndcg_of(entry: Entry) -> float:
    return entry.measured.figures["returning"]["ndcg@10"].value


def _coverage_of(entry: Entry) -> float:
    return entry.measured.figures["returning"]["coverage@100"].value
