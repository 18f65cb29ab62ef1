"""Answers as JSON, whatever is in them."""

import json
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from movieapp.api import wire
from movieapp.api.shown import ListShown, RankedShown
from movieapp.serving.lists import Answer, Expected, Film, Reason, ReasonKind, Result

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
RESULTS = st.builds(
    Result,
    film=st.builds(
        Film,
        movie_id=st.integers(1, 2**31 - 1),
        title=TEXT,
        name=TEXT,
        release_year=st.none() | st.integers(1870, 2100),
        genres=st.lists(TEXT, max_size=3).map(tuple),
        poster_url=st.none() | TEXT,
    ),
    score=st.floats() | st.floats(width=32).map(np.float32) | st.none(),
    expected=st.none() | st.builds(Expected, stars=st.floats(), spread=st.floats()),
    reasons=st.lists(st.builds(Reason, kind=st.sampled_from(ReasonKind), value=TEXT), max_size=3).map(tuple),
)
ANSWERS = st.builds(
    Answer,
    request_id=st.uuids().map(str),
    user_id=st.none() | st.integers(1, 2**31 - 1),
    model_version=st.none() | TEXT,
    is_fallback=st.booleans(),
    notice=st.none() | TEXT,
    results=st.lists(RESULTS, max_size=4).map(tuple),
    latency_ms=st.floats(0, 1e6),
    unknown_candidates=st.lists(TEXT, max_size=3).map(tuple),
)


@given(ANSWERS)
def test_any_answer_is_json_of_the_documented_form(answer: Answer) -> None:
    plain = json.loads(wire.encode(wire.list_body(answer)), parse_constant=lambda name: 1 / 0)
    assert ListShown.model_validate(plain, extra="forbid")
    assert set(plain) == set(ListShown.model_fields)
    ranked = json.loads(wire.encode(wire.ranked_body(answer)), parse_constant=lambda name: 1 / 0)
    assert RankedShown.model_validate(ranked, extra="forbid")
    assert [result["title"] for result in plain["results"]] == [one.film.title for one in answer.results]


def test_instants_are_utc_and_say_so() -> None:
    aware, naive = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2)
    assert wire.encode([aware, naive]) == b'["2026-01-02T00:00:00Z","2026-01-02T00:00:00Z"]'
