"""The limits that the measures are held against, each with its verdict and a sentence."""

from dataclasses import dataclass
from enum import StrEnum

from movieapp.monitoring.measures import Coverage, Summary

# From this share of a limit on, it is close.
CLOSE = 0.8
MOST_P95_MS = {"recommend": 100.0, "similar": 50.0}
MOST_FALLBACKS = 0.10
MOST_FAILURES = 0
LEAST_COVERAGE = 0.50


class Verdict(StrEnum):
    """Green within a limit, amber close to it, red beyond it; unknown where nothing can be said yet."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One measure against its limit. `value` is None where there is nothing to measure; `unit` is ms, share
    or count.
    """

    name: str
    title: str
    unit: str
    value: float | None
    limit: float
    verdict: Verdict
    sentence: str


def checks(summary: Summary) -> tuple[Check, ...]:
    """Hold a period against the limits."""
    latencies = [
        _latency(endpoint, measures.p95_ms if (measures := summary.by_endpoint.get(endpoint)) else None)
        for endpoint in MOST_P95_MS
    ]
    total = summary.total
    return (
        *latencies,
        _fallbacks(total.fallback_rate),
        _failures(total.n_failures, total.n_requests),
        _coverage(summary.coverage),
    )


def most(value: float, limit: float) -> Verdict:
    """Judge a measure that has to stay at or under its limit, and is close to it from 80 % of it on."""
    if value > limit:
        return Verdict.RED
    return Verdict.AMBER if limit and value >= CLOSE * limit else Verdict.GREEN


def least(value: float, limit: float) -> Verdict:
    """Judge a measure that has to reach its limit, and is close to it while the limit is over 80 % of it."""
    if value < limit:
        return Verdict.RED
    return Verdict.AMBER if limit >= CLOSE * value else Verdict.GREEN


def _latency(endpoint: str, p95_ms: float | None) -> Check:
    limit = MOST_P95_MS[endpoint]
    title = f"95th percentile of /{endpoint}"
    if p95_ms is None:
        sentence = f"Nothing was answered by /{endpoint} in this time; the limit is {limit:.0f} ms."
        return Check(f"p95_{endpoint}_ms", title, "ms", None, limit, Verdict.UNKNOWN, sentence)
    verdict = most(p95_ms, limit)
    sentence = f"19 of 20 answers took at most {_ms(p95_ms)}{_but(verdict)} the limit of {limit:.0f} ms."
    return Check(f"p95_{endpoint}_ms", title, "ms", p95_ms, limit, verdict, sentence)


def _fallbacks(rate: float | None) -> Check:
    name, title, limit = "fallback_rate", "Fallback rate", MOST_FALLBACKS
    if rate is None:
        sentence = f"Nobody was given a list of their own in this time; the limit is {_percent(limit)}."
        return Check(name, title, "share", None, limit, Verdict.UNKNOWN, sentence)
    verdict = most(rate, limit)
    sentence = (
        f"{_percent(rate)} of the lists for people were popular films instead of personal ones"
        f"{_but(verdict)} the limit of {_percent(limit)}."
    )
    return Check(name, title, "share", rate, limit, verdict, sentence)


def _failures(n_failures: int, n_requests: int) -> Check:
    name, title, limit = "failures", "Failed requests (5xx)", MOST_FAILURES
    if not n_requests:
        sentence = "Nothing was asked in this time; no request may fail."
        return Check(name, title, "count", None, limit, Verdict.UNKNOWN, sentence)
    verdict = most(n_failures, limit)
    of = f"of {n_requests:,} request{'s' if n_requests != 1 else ''}"
    sentence = (
        f"{n_failures:,} {of} failed with a status of 500 or more; none may. The app's log says why."
        if n_failures
        else f"None {of} failed, as it should be."
    )
    return Check(name, title, "count", n_failures, limit, verdict, sentence)


def _coverage(coverage: Coverage) -> Check:
    name, title, limit = "coverage", "Catalogue shown", LEAST_COVERAGE
    needed = round(limit * coverage.n_movies)
    share = coverage.share
    if share is None or not coverage.n_places:
        sentence = f"No film was shown in this time; {_percent(limit)} of them should be."
        return Check(name, title, "share", share, limit, Verdict.UNKNOWN, sentence)
    if coverage.n_places < needed:
        sentence = (
            f"{coverage.n_shown:,} of {coverage.n_movies:,} films were shown. The lists had "
            f"{coverage.n_places:,} places, too few to tell: {_percent(limit)} of the films, the limit, are "
            f"{needed:,}."
        )
        return Check(name, title, "share", share, limit, Verdict.UNKNOWN, sentence)
    verdict = least(share, limit)
    sentence = (
        f"{coverage.n_shown:,} of {coverage.n_movies:,} films were in some list"
        f"{_but(verdict, floor=True)} the limit of {_percent(limit)}."
    )
    return Check(name, title, "share", share, limit, verdict, sentence)


def _but(verdict: Verdict, *, floor: bool = False) -> str:
    return {
        Verdict.GREEN: ", well over" if floor else ", well under",
        Verdict.AMBER: ", close to",
        Verdict.RED: ", under" if floor else ", over",
    }[verdict]


def _ms(value: float) -> str:
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".0 %", " %")
