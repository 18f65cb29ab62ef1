"""Answers: a list, how it came about, and its entry in the request log."""

import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from movieapp.models.rerank import ListAims
from movieapp.serving import sentences
from movieapp.serving.lists import Answer, Filters, Result
from movieapp.serving.people import People
from movieapp.serving.profiles import History
from movieapp.serving.ranking import PersonalList, State
from movieapp.serving.request_log import LoggedRequest, RequestLog


class Answers:
    """Builds answers and hands each to the request log. `started` is an instant of `time.perf_counter`."""

    def __init__(self, log: RequestLog, people: People, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._people = people
        self._clock = clock

    def personal(
        self,
        state: State,
        endpoint: str,
        started: float,
        listed: PersonalList,
        asked: dict[str, object],
        user_id: int,
        history: History | None,
        *,
        unknown: tuple[str, ...] = (),
    ) -> Answer:
        """Answer a person, with a notice where the list is not personal."""
        profile = self._people.profile(user_id)
        return self.plain(
            state,
            endpoint,
            started,
            listed.results,
            asked,
            user_id=user_id,
            notice=None if listed.is_personal else sentences.why_popular(state, user_id, profile, history),
            is_fallback=not listed.is_personal,
            unknown=unknown,
        )

    def plain(
        self,
        state: State,
        endpoint: str,
        started: float,
        results: tuple[Result, ...],
        asked: dict[str, object],
        *,
        user_id: int | None = None,
        notice: str | None = None,
        is_fallback: bool = False,
        unknown: tuple[str, ...] = (),
        status: int = 200,
    ) -> Answer:
        """Answer with these results."""
        answer = Answer(
            request_id=str(uuid.uuid4()),
            user_id=user_id,
            model_version=state.live.about.version if state.live else None,
            is_fallback=is_fallback,
            notice=notice,
            results=results,
            latency_ms=(time.perf_counter() - started) * 1000,
            unknown_candidates=unknown,
        )
        self._log.put(
            LoggedRequest(
                request_id=answer.request_id,
                requested_at=self._clock(),
                user_id=user_id,
                endpoint=endpoint,
                model_version=answer.model_version,
                recommendations=tuple(result.film.movie_id for result in results),
                scores=tuple(result.score for result in results),
                latency_ms=answer.latency_ms,
                is_fallback=is_fallback,
                status=status,
                asked=asked,
            )
        )
        return answer


def asked_filters(filters: Filters) -> dict[str, object]:
    """Return the filters that were set, for the log."""
    wanted = {
        "genres": list(filters.genres),
        "exclude_genres": list(filters.exclude_genres),
        "year_from": filters.year_from,
        "year_to": filters.year_to,
        "runtime_min": filters.runtime_min,
        "runtime_max": filters.runtime_max,
    }
    return {name: value for name, value in wanted.items() if value not in (None, [])}


def asked_aims(aims: ListAims) -> dict[str, object]:
    """Return the aims beside accuracy, for the log."""
    return {} if aims.is_accuracy_alone else {"aims": asdict(aims)}
