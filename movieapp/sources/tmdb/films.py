"""What TMDB says of the films of a release: fetched film by film, kept at once, resumed where it stopped."""

import logging
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx
from pydantic import SecretStr

from movieapp.database import Database, naive
from movieapp.errors import Invalid, MovieAppError
from movieapp.progress import Progress, silent
from movieapp.sources.metadata import FilmFacts, films_to_fetch, save
from movieapp.sources.title_match import TitleMatcher
from movieapp.sources.titles import names
from movieapp.sources.tmdb.access import Access
from movieapp.sources.tmdb.answers import film_facts, found_ids, parsed, search_results
from movieapp.sources.tmdb.line import NOT_FOUND, Answer, Line, Refused, Unreachable
from movieapp.sources.tmdb.pictures import PosterCache
from movieapp.sources.tmdb.posters import Posters

log = logging.getLogger(__name__)

MOST_BYTES = 4_000_000
# After so many senseless answers in a row, it is not the films.
MOST_REFUSED = 5
STAGE = "films: facts"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run brought: films found, not known to TMDB, failed for now; posters here now, and failed.

    `n_left` films and posters were not come to.
    """

    n_found: int
    n_unknown: int
    n_failed: int
    n_posters: int
    n_posters_failed: int
    n_left: int = 0

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        came = f"{self.n_found:,} films and {self.n_posters:,} posters came from TMDB"
        missed = {
            "are not known there": self.n_unknown,
            "could not be read and are asked for again tomorrow": self.n_failed,
            "posters could not be had": self.n_posters_failed,
            "films or posters are left for the next run": self.n_left,
        }
        return "; ".join([came, *(f"{count:,} {what}" for what, count in missed.items() if count)]) + "."

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to ask for."""
        return self == Fetched(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One film as the release has it; `imdb_id` is without "tt"."""

    movie_id: int
    title: str
    release_year: int | None
    imdb_id: int | None
    tmdb_id: int | None


class Tmdb:
    """Questions to TMDB about single films."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def film(self, wanted: Wanted) -> tuple[FilmFacts, str] | None:
        """Return what TMDB says and what the film was matched by, or None if TMDB does not know it."""
        if wanted.tmdb_id is not None and (facts := self._details(wanted.tmdb_id)):
            return facts, "tmdb id"
        if wanted.imdb_id is not None:
            answer = self._ask(f"/find/tt{wanted.imdb_id:07d}", external_source="imdb_id")
            for tmdb_id in found_ids(answer or {})[:1]:
                if facts := self._details(tmdb_id):
                    return facts, "imdb id"
        for called in names(wanted.title)[:2]:
            year = {} if wanted.release_year is None else {"year": str(wanted.release_year)}
            answer = self._ask("/search/movie", query=called, **year)
            found = TitleMatcher(search_results(answer or {})).match((wanted.title,), wanted.release_year)
            if found.key is not None and (facts := self._details(found.key)):
                return facts, "title"
        return None

    def _details(self, tmdb_id: int) -> FilmFacts | None:
        answer = self._ask(f"/movie/{tmdb_id}", append_to_response="credits,keywords")
        return None if answer is None else film_facts(answer, tmdb_id=tmdb_id)

    def _ask(self, path: str, **params: str) -> dict[str, object] | None:
        params["language"] = "en-US"
        answer = self._line.get(path, params=params, most_bytes=MOST_BYTES, check=_check_json)
        return None if answer.status == NOT_FOUND else parsed(answer.content)


def fetch(
    database: Database,
    access: Access,
    *,
    folder: Path,
    now: datetime,
    progress: Progress = silent,
    most_s: float = math.inf,
) -> Fetched:
    """Fetch what is missing or no longer fresh, the most rated films first, and their posters into `folder`.

    Every film is kept as it comes: stopped (by `progress` raising, or after `most_s` seconds) or failed
    (`Unreachable`), the next run goes on from there. `Invalid` for a key that cannot be one.
    """
    instant = naive(now)
    with _lines(access) as (api, pictures):
        posters = Posters(PosterCache(folder), pictures, database, instant)
        run = _Run(database, Tmdb(api), api, posters, instant, progress, until=api.clock() + most_s)
        n_left = run.films()
        n_posters = n_posters_failed = 0
        if not n_left:
            try:
                n_posters, n_posters_failed, n_left = posters.fetch_missing(progress, until=run.until)
            except Unreachable as problem:
                raise run.over(problem) from None
    n_posters += run.n_posters
    done = Fetched(run.n_found, run.n_unknown, run.n_failed, n_posters, n_posters_failed, n_left)
    log.info(
        "fetched films=%d unknown=%d failed=%d posters=%d left=%d",
        done.n_found, done.n_unknown, done.n_failed, done.n_posters, done.n_left,
    )  # fmt: skip
    return done


@dataclass(slots=True)
class _Run:
    """One run under way, and what it brought so far; `refused` are the films that failed last, in a row."""

    database: Database
    tmdb: Tmdb
    line: Line
    posters: Posters
    now: datetime
    progress: Progress
    until: float
    n_found: int = 0
    n_unknown: int = 0
    n_failed: int = 0
    n_posters: int = 0
    has_pictures: bool = True
    refused: list[tuple[int, Refused]] = field(default_factory=list)

    def films(self) -> int:
        """Ask about one film after the other; return how many are left."""
        rows = films_to_fetch(self.database, now=self.now).rows(named=True)
        n_asked = 0
        for row in rows:
            if n_asked and self.line.clock() >= self.until:
                break
            share = n_asked / len(rows)
            self.line.idle = self.posters.line.idle = partial(self.progress, STAGE, share)
            try:
                self._film(Wanted(**row))
            except Refused as problem:
                self._refused(row["movie_id"], problem)
            except Unreachable as problem:
                raise self.over(problem) from None
            n_asked += 1
        self._note_refused()
        self.progress(STAGE, 1.0)
        return len(rows) - n_asked

    def _film(self, wanted: Wanted) -> None:
        answer = self.tmdb.film(wanted)
        with self.database.transaction() as cursor:
            if answer is not None:
                save(cursor, [(wanted.movie_id, *answer)], now=self.now)
            cursor.write("catalog/note_lookup", movie_id=wanted.movie_id, reason=None, now=self.now)
        self._note_refused()
        if answer is None:
            self.n_unknown += 1
            return
        self.n_found += 1
        if answer[0].poster_path and self.has_pictures:
            self._poster(answer[0].poster_path)

    def _refused(self, movie_id: int, problem: Refused) -> None:
        log.info("film %d was not fetched: %s", movie_id, problem)
        self.n_failed += 1
        self.refused.append((movie_id, problem))
        if len(self.refused) >= MOST_REFUSED:
            raise self.over(problem) from None

    def _note_refused(self) -> None:
        """Let films that failed wait, once others are known to succeed: they would come first every time."""
        for movie_id, problem in self.refused:
            self.database.write("catalog/note_lookup", movie_id=movie_id, reason=str(problem), now=self.now)
        self.refused.clear()

    def _poster(self, poster_path: str) -> None:
        try:
            self.n_posters += self.posters.fetch(poster_path)
        except Unreachable as problem:
            # The facts come from another server, and are worth having without pictures.
            self.has_pictures = False
            log.info("posters wait: %s", problem)

    def over(self, problem: MovieAppError) -> Unreachable:
        """Return the problem that ends the run, with what it brought."""
        came = (
            "1 film was fetched and is"
            if self.n_found == 1
            else f"{self.n_found:,} films were fetched and are"
        )
        kept = f"{came} kept; the next run goes on from there."
        return Unreachable(f"{problem} {kept}")


@contextmanager
def _lines(access: Access) -> Iterator[tuple[Line, Line]]:
    """Give a line to the API, which carries the key, and one to the pictures, which does not."""
    headers = {"Authorization": f"Bearer {_checked(access.key)}", "Accept": "application/json"}
    patience_s = access.patience_s
    with (
        httpx.Client(base_url=access.address, timeout=patience_s, headers=headers) as api,
        httpx.Client(base_url=access.images, timeout=patience_s) as pictures,
    ):
        yield (
            Line(api, "TMDB", access.per_second, patience_s, _nobody, access.pause),
            Line(pictures, "TMDB's picture server", access.per_second, patience_s, _nobody, access.pause),
        )


def _checked(key: SecretStr) -> str:
    """Return the key if it can be one; no message says what it is."""
    value = key.get_secret_value().strip()
    way_out = "Copy the API Read Access Token, the long one, from https://www.themoviedb.org/settings/api."
    if re.fullmatch(r"[0-9a-f]{32}", value):
        raise Invalid(f"MOVIEAPP_TMDB_KEY holds the short API key, which is not for this. {way_out}")
    if not re.fullmatch(r"[\x21-\x7e]{8,2000}", value):
        raise Invalid(f"MOVIEAPP_TMDB_KEY holds something that cannot be a key. {way_out}")
    return value


def _check_json(answer: Answer) -> None:
    if answer.status != NOT_FOUND:
        parsed(answer.content)


def _nobody() -> None:
    """Nobody watches yet."""
