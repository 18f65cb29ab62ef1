"""Measures, versions, decisions and runs as people read them: the cells and sentences of page and report."""

from collections.abc import Mapping

from movieapp.monitoring.drift import Shares
from movieapp.monitoring.limits import Check
from movieapp.monitoring.measures import Measures
from movieapp.monitoring.overview import Decision, Figure, JobRun, VersionFigures
from movieapp.monitoring.plots import percent

NONE = "–"
OFFLINE = {"ndcg@10": "NDCG@10", "recall@10": "Recall@10", "hit_rate@10": "Hit rate@10", "mrr": "MRR"}
REALIZED = {"hit_rate": "Liked one", "precision": "Liked", "ctr": "Rated or used"}
MEASURES = ("Requests", "People", "Errors", "Mean", "Median", "95th", "99th", "Fallback")
VERSIONS = ("Version", *OFFLINE.values(), *REALIZED.values(), "People", "Requests", "95th")
VERSIONS_SAID = (
    "NDCG, recall, hit rate and MRR are as measured when the version was decided on. After them stands what "
    "people really did within the replay's window: how many liked one film of their lists or more, and which "
    "share of the films they liked, and rated or used. A second line has the 95 % interval. A version "
    "that was trained on another release names it: its figures do not compare with the others."
)
JOBS = ("Job", "Began (UTC)", "Took", "Outcome", "Started by", "What it did")


def check_value(check: Check) -> str:
    """Return the measure of a check as people read it."""
    if check.value is None:
        return NONE
    if check.unit == "ms":
        return ms(check.value)
    return percent(check.value) if check.unit == "share" else f"{check.value:,.0f}"


def measures_row(one: Measures) -> tuple[str, ...]:
    """Return some requests as cells, in the order of `MEASURES`."""
    latencies = (ms(value) for value in (one.latency_mean_ms, one.p50_ms, one.p95_ms, one.p99_ms))
    fallbacks = NONE if one.fallback_rate is None else percent(one.fallback_rate)
    return (f"{one.n_requests:,}", f"{one.n_users:,}", f"{one.n_errors:,}", *latencies, fallbacks)


def version_row(one: VersionFigures) -> tuple[str, ...]:
    """Return a version's figures as cells."""
    return (
        "\n".join(filter(None, (f"v{one.version}", one.model, one.other_release))),
        *_figures(one.offline, OFFLINE),
        *(share_cell(one.realized.get(name)) for name in REALIZED),
        f"{one.n_people:,}" if one.realized else NONE,
        f"{one.traffic.n_requests:,}" if one.traffic else NONE,
        ms(one.traffic.p95_ms) if one.traffic else NONE,
    )


def _figures(found: Mapping[str, Figure], names: Mapping[str, str]) -> list[str]:
    return [figure_cell(found.get(name)) for name in names]


def figure_cell(figure: Figure | None) -> str:
    """Return a value with its interval below it."""
    if figure is None:
        return NONE
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f}\n{figure.low:.3f} – {figure.high:.3f}"


def share_cell(figure: Figure | None) -> str:
    """Return a realized share with its interval and the popular list's."""
    if figure is None:
        return NONE
    ends = f"{100 * (figure.low or 0):.1f} – {100 * (figure.high or 0):.1f}"
    beside = f", popular {100 * figure.control:.1f}" if figure.control is not None else ""
    return f"{percent(figure.value)}\n{ends}{beside}"


def decision_title(one: Decision) -> str:
    """Return a decision in half a sentence."""
    became = "promoted" if one.is_promoted else "kept waiting"
    by = {"gate": "", "hand": " by hand", "rollback": " by rolling back"}.get(one.made_by, "")
    return f"{one.decided_at:%d %b %Y, %H:%M} UTC: version {one.challenger} {became}{by}"


def decision_text(one: Decision) -> list[str]:
    """Return the reasoning, and the metrics before and after."""
    changes = [
        f"{name} {before:.3f} → {after:.3f}"
        for name, (before, after) in one.changes.items()
        if before is not None
    ]
    return [one.reasoning, *(["; ".join(changes) + "."] if changes else [])]


def drift_sentence(shares: Shares) -> str:
    """Say how far apart what is shown and what is liked are."""
    if shares.from_taste is not None:
        return f"{percent(shares.from_taste)} of what is shown would have to move to match what was liked."
    return "Nothing was liked in this time, so likes from before stand beside what was shown."


def job_row(run: JobRun) -> tuple[str, ...]:
    """Return a run as cells."""
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    running = f"{run.stage or 'starting'}, {100 * run.progress:.0f} %"
    return (
        run.job,
        f"{run.started_at:%d %b, %H:%M}",
        NONE if took is None else f"{took:.1f} s" if took < 60 else f"{took / 60:.1f} min",
        run.outcome or running,
        run.started_by,
        run.error or run.summary or "",
    )


def ms(value: float | None) -> str:
    """Return a duration for reading."""
    return NONE if value is None else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def days(value: float | None) -> str:
    """Return an age for reading."""
    if value is None:
        return NONE
    if value < 2:
        return f"{24 * value:.0f} hours"
    return f"{value:.0f} days" if value < 730 else f"{value / 365.25:.1f} years"
