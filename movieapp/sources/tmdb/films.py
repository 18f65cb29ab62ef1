"""What TMDB says of the films of a release: fetched film by film, kept at once, resumed where it stopped."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
from pydantic import SecretStr

from movieapp.database import Database
from movieapp.errors import Invalid, MovieAppError
from movieapp.progress import Progress, silent
from movieapp.sources.metadata import FilmFacts, save
from movieapp.sources.title_match import TitleMatcher
from movieapp.sources.titles import names
from movieapp.sources.tmdb.answers import film_facts, found_ids, parsed, search_results
from movieapp.sources.tmdb.line import NOT_FOUND, Answer, Line, Refused, Unreachable
from movieapp.sources.tmdb.posters import PosterCache, Posters

log = logging.getLogger(__name__)

API = "https://api.themoviedb.org/3"
IMAGES = "https://image.tmdb.org/t/p"
# TMDB lets pass about 40 a second; there is no hurry.
PER_SECOND = 10.0
PATIENCE_S = 10.0
MOST_BYTES = 4_000_000
# TMDB's terms let nobody keep its data for more than six months.
FRESH_FOR = timedelta(days=150)
# After so many senseless answers in a row, it is not the films.
MOST_REFUSED = 5
STAGE = "films: facts"

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run brought: films found, not known to TMDB, failed for now; posters here now, and failed."""

    n_found: int
    n_unknown: int
    n_failed: int
    n_posters: int
    n_posters_failed: int


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
    *,
    key: SecretStr,
    folder: Path,
    clock: Callable[[], datetime],
    progress: Progress = silent,
    address: str = API,
    images: str = IMAGES,
    per_second: float = PER_SECOND,
    patience_s: float = PATIENCE_S,
    pause: Pause = time.sleep,
) -> Fetched:
    """Fetch what is missing or no longer fresh, the most rated films first, and their posters into `folder`.

    Every film is kept as it comes: stopped (by `progress` raising) or failed (`Unreachable`), the next run
    goes on from there. `Invalid` for a key that cannot be one.
    """
    with _lines(key, address, images, per_second, patience_s, pause) as (api, pictures):
        posters = Posters(PosterCache(folder), pictures, database, clock)
        run = _Run(database, Tmdb(api), api, posters, clock, progress)
        run.films()
        try:
            n_posters, n_posters_failed = posters.fetch_missing(progress)
        except Unreachable as problem:
            raise run.over(problem) from None
    done = Fetched(run.n_found, run.n_unknown, run.n_failed, run.n_posters + n_posters, n_posters_failed)
    log.info(
        "fetched films=%d unknown=%d failed=%d posters=%d",
        done.n_found, done.n_unknown, done.n_failed, done.n_posters,
    )  # fmt: skip
    return done


@dataclass(slots=True)
class _Run:
    """One run under way, and what it brought so far."""

    database: Database
    tmdb: Tmdb
    line: Line
    posters: Posters
    clock: Callable[[], datetime]
    progress: Progress
    n_found: int = 0
    n_unknown: int = 0
    n_failed: int = 0
    n_posters: int = 0
    has_pictures: bool = True

    def films(self) -> None:
        rows = self.database.read("catalog/films_to_fetch", since=self._now() - FRESH_FOR).rows(named=True)
        n_refused = 0
        for position, row in enumerate(rows):
            share = position / len(rows)
            self.line.idle = self.posters.line.idle = partial(self.progress, STAGE, share)
            try:
                self._film(Wanted(**row))
                n_refused = 0
            except Refused as problem:
                self.n_failed += 1
                n_refused += 1
                log.info("film %d was not fetched: %s", row["movie_id"], problem)
                if n_refused >= MOST_REFUSED:
                    raise self.over(problem) from None
            except Unreachable as problem:
                raise self.over(problem) from None
        self.progress(STAGE, 1.0)

    def _film(self, wanted: Wanted) -> None:
        answer = self.tmdb.film(wanted)
        with self.database.transaction() as cursor:
            if answer is not None:
                save(cursor, [(wanted.movie_id, *answer)], now=self.clock())
            cursor.write("catalog/note_lookup", movie_id=wanted.movie_id, now=self._now())
        if answer is None:
            self.n_unknown += 1
            return
        self.n_found += 1
        if answer[0].poster_path and self.has_pictures:
            self._poster(answer[0].poster_path)

    def _poster(self, poster_path: str) -> None:
        try:
            self.n_posters += self.posters.fetch(poster_path)
        except Unreachable as problem:
            # The facts come from another server, and are worth having without pictures.
            self.has_pictures = False
            log.info("posters wait: %s", problem)

    def over(self, problem: MovieAppError) -> Unreachable:
        """Return the problem that ends the run, with what it brought."""
        kept = f"{self.n_found:,} films were fetched and are kept; the next run goes on from there."
        return Unreachable(f"{problem} {kept}")

    def _now(self) -> datetime:
        return self.clock().astimezone(UTC).replace(tzinfo=None)


@contextmanager
def _lines(
    key: SecretStr, address: str, images: str, per_second: float, patience_s: float, pause: Pause
) -> Iterator[tuple[Line, Line]]:
    """Give a line to the API, which carries the key, and one to the pictures, which does not."""
    headers = {"Authorization": f"Bearer {_checked(key)}", "Accept": "application/json"}
    with (
        httpx.Client(base_url=address, timeout=patience_s, headers=headers) as api,
        httpx.Client(base_url=images, timeout=patience_s) as pictures,
    ):
        yield (
            Line(api, "TMDB", per_second, patience_s, _nobody, pause),
            Line(pictures, "TMDB's picture server", per_second, patience_s, _nobody, pause),
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
