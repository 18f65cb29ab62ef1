"""How good a new person's list is after some answers on the wall of the first visit.

    uv run python -m tests.benchmarks.first_answers [--tuning] [ml-100k.zip ml-1m.zip ...]

People of a release stand in for new ones. They are dealt into five parts at random; those of one part are
never in the fit, and are asked. A random half of what each rated is what they know: on the wall they answer
one film of that half after another, picked at random, and pass over a wall without any. The other half's
likes are to be found among all films, less the whole known half, whatever was asked. Settings were chosen
on the people of the first part (`--tuning` measures those); figures are of the others.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.evaluation.intervals import Estimate, difference, estimates
from movieapp.evaluation.metrics import ndcg
from movieapp.lifecycle.recipes import als
from movieapp.models.als import ALS
from movieapp.models.base import best
from movieapp.preparation.interactions import Histories, Interactions, read_ratings
from movieapp.preparation.split import filtered
from movieapp.serving.first_answers import ON_WALL, Answers, Questions
from movieapp.sources.movielens import ingest
from tests.e2e.launcher import REPOSITORY

TEST_DATA = Path(os.environ.get("MOVIEAPP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
RELEASES = ("ml-100k.zip", "ml-1m.zip")
PARTS, TUNING = 5, 0
# Of a large release, parts are left out once so many people were asked.
ENOUGH_PEOPLE = 2_000
SEED = 11
N_ANSWERS = (0, 1, 2, 3, 5, 10)
# Nobody looks at more films than this.
MOST_SHOWN = 120

# Takes what was answered and what is on the wall; returns the films to put there.
Wall = Callable[[Answers, Sequence[int], int], list[int]]
Answered = list[tuple[int, float]]


@dataclass(frozen=True)
class Part:
    """A fit, and people who are not in it: all that they rated, and which of that they know on the wall."""

    model: ALS
    fitting: Interactions
    people: Histories
    is_asked: NDArray[np.bool_]

    @property
    def likes(self) -> NDArray[np.float32]:
        """The likes of each film in the fit."""
        return np.asarray(self.fitting.likes.getnnz(axis=0), np.float32)


def main() -> None:
    """Measure the releases asked for, or those at hand."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("releases", nargs="*", default=RELEASES)
    arguments.add_argument("--tuning", action="store_true", help="people on whom the settings were chosen")
    asked = arguments.parse_args()
    for name in asked.releases:
        if (TEST_DATA / name).exists():
            show(name, measured(TEST_DATA / name, is_tuning=asked.tuning))
        else:
            print(f"no {TEST_DATA / name}", file=sys.stderr)


def first_answers() -> dict[str, Any]:
    """Return the figures of the releases at hand, a row for each number of answers."""
    rows = {}
    for name in (name for name in RELEASES if (TEST_DATA / name).exists()):
        figures = measured(TEST_DATA / name)
        for place, n in enumerate(N_ANSWERS):
            less = figures["difference"][place]
            rows[f"{name}, {n} answers"] = {
                "the wall": figures["adaptive"][place].value,
                "most popular": figures["popular"][place].value,
                "difference": less.value,
                "from": less.low,
                "to": less.high,
            }
    return rows


def measured(release: Path, *, is_tuning: bool = False) -> dict[str, Any]:
    """Return NDCG@10 by strategy and number of answers, the paired differences, and what they took."""
    ratings = _ratings(release)
    values: dict[str, list[NDArray[np.float64]]] = {"adaptive": [], "popular": []}
    shown: dict[str, list[int]] = {"adaptive": [], "popular": []}
    started, n_people = time.perf_counter(), 0
    for number in [TUNING] if is_tuning else [one for one in range(PARTS) if one != TUNING]:
        if n_people >= ENOUGH_PEOPLE:
            break
        part = dealt(ratings, number)
        for name, wall in (("adaptive", adaptive(part)), ("popular", popular(part))):
            visits = [visit(wall, *_known(part, row), row) for row in range(len(part.people))]
            values[name].append(found(part, [answered for answered, _ in visits]))
            shown[name] += [seen for _, seen in visits]
        n_people += len(values["popular"][-1])
    ours, theirs = (np.vstack(values[name]) for name in ("adaptive", "popular"))
    return {
        "n_people": len(ours),
        "adaptive": estimates(ours),
        "popular": estimates(theirs),
        "difference": difference(ours, theirs),
        "films looked at for three answers": {name: float(np.mean(n)) for name, n in shown.items()},
        "seconds": time.perf_counter() - started,
    }


def dealt(ratings: pl.DataFrame, number: int) -> Part:
    """Fit on all people but those of one part, and deal what those rated into halves."""
    users = np.sort(ratings["user_id"].unique().to_numpy())
    rng = np.random.default_rng(SEED)
    held = users[rng.permutation(len(users)) % PARTS == number].tolist()
    is_held = pl.col("user_id").is_in(held)
    fitting = Interactions.of(ratings.filter(~is_held))
    _, people = fitting.histories_of(ratings.filter(is_held))
    model = als(n_ratings=ratings.height, seed=7).fit(fitting)
    return Part(model, fitting, people, rng.random(len(people.columns)) < 0.5)


def adaptive(part: Part) -> Wall:
    """Return the wall of the first visit."""
    n_people = len(part.fitting.user_ids)
    known = np.bincount(part.fitting.columns, minlength=part.people.n_movies) / n_people
    people = part.model.embed(part.fitting.histories)
    questions = Questions.of(part.model, people, known, part.likes / n_people)
    return lambda answers, shown, k: questions.next(answers, k, shown=shown)


def popular(part: Part) -> Wall:
    """Return the wall of what most people rated, in that order."""
    counts = np.bincount(part.fitting.columns, minlength=part.people.n_movies)
    order = np.argsort(-counts, kind="stable").tolist()

    def wall(answers: Answers, shown: Sequence[int], k: int) -> list[int]:
        gone = {*answers.columns, *shown}
        return [column for column in order if column not in gone][:k]

    return wall


def visit(wall: Wall, known: dict[int, float], like: float, row: int) -> tuple[Answered, int]:
    """Let somebody answer; return the answers in order, and how many films they saw up to the third."""
    rng = np.random.default_rng([SEED, row])
    liked: list[int] = []
    disliked: list[int] = []
    unknown: list[int] = []
    answered: Answered = []
    there = wall(Answers(), (), ON_WALL)
    n_shown = shown_at_third = len(there)
    while len(answered) < max(N_ANSWERS):
        if choice := [column for column in there if column in known]:
            column = choice[int(rng.integers(len(choice)))]
            there.remove(column)
            (liked if known[column] >= like else disliked).append(column)
            answered.append((column, known[column]))
        else:
            unknown += there
            there = []
        shown_at_third = n_shown if len(answered) <= 3 else shown_at_third
        n_new = min(ON_WALL - len(there), MOST_SHOWN - n_shown)
        there += wall(Answers(liked, disliked, unknown), there, n_new) if n_new else []
        n_shown += n_new
        if not there:
            break
    return answered, shown_at_third


def found(part: Part, answered: list[Answered]) -> NDArray[np.float64]:
    """Return NDCG@10 of each person with something to find, (people x numbers of answers)."""
    people, is_known = part.people, part.likes > 0
    in_known_half = np.zeros((len(people), people.n_movies), bool)
    in_known_half[people.rows[part.is_asked], people.columns[part.is_asked]] = True
    relevant = people.likes.toarray() > 0
    relevant &= ~in_known_half & is_known
    n_relevant = relevant.sum(axis=1)
    values = []
    for n in N_ANSWERS:
        scores = part.model.scores(_histories([one[:n] for one in answered], people.n_movies))
        # Somebody without a like gets popular films, as the app gives them.
        scores[~np.isfinite(scores).any(axis=1)] = part.likes
        scores[in_known_half | ~is_known] = -np.inf
        columns, _ = best(scores, 10)
        hits = np.take_along_axis(relevant, columns, axis=1) & (columns >= 0)
        values.append(ndcg(hits, np.maximum(n_relevant, 1), 10))
    return np.column_stack(values)[n_relevant > 0]


def show(name: str, figures: dict[str, Any]) -> None:
    """Print a table as README has it."""
    print(
        f"{name}: {figures['n_people']} people, {figures['seconds']:.0f} s; films looked at for three answers"
    )
    print(figures["films looked at for three answers"])
    print("| answers | the wall | most popular | difference, paired |\n|---|---|---|---|")
    rows = zip(N_ANSWERS, figures["adaptive"], figures["popular"], figures["difference"], strict=True)
    for n, ours, theirs, less in rows:
        print(f"| {n} | {_shown(ours)} | {_shown(theirs)} | {_shown(less, signed=True)} |")


def _shown(one: Estimate, *, signed: bool = False) -> str:
    form = "+.3f" if signed else ".3f"
    return f"{one.value:{form}} [{one.low:{form}}, {one.high:{form}}]"


def _ratings(release: Path) -> pl.DataFrame:
    database = Database()
    database.migrate()
    ingest(database, origin=release, replace=False, now=datetime.now(UTC))
    ratings = filtered(read_ratings(database))
    database.close()
    return ratings


def _known(part: Part, row: int) -> tuple[dict[int, float], float]:
    """Return the stars of what somebody knows on the wall, by column, and from how many on it is a like."""
    places = np.arange(part.people.indptr[row], part.people.indptr[row + 1])
    places = places[part.is_asked[places]]
    stars = part.people.stars[places].tolist()
    return dict(zip(part.people.columns[places].tolist(), stars, strict=True)), part.people.like


def _histories(answered: list[Answered], n_movies: int) -> Histories:
    rows = [sorted(one) for one in answered]
    flat = [pair for row in rows for pair in row]
    return Histories(
        np.cumsum([0, *map(len, rows)]),
        np.array([column for column, _ in flat], np.int32),
        np.array([stars for _, stars in flat], np.float32),
        np.zeros(len(flat), np.int64),
        n_movies,
    )


if __name__ == "__main__":
    main()
