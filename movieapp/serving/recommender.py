"""The recommender: lists of films from memory, each with its reasons, each logged."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from movieapp.database import Database
from movieapp.errors import NotFound, NotReady
from movieapp.models.bundle import Bundle
from movieapp.models.rerank import ListAims
from movieapp.serving import sentences
from movieapp.serving.answers import Answers, asked_aims, asked_filters
from movieapp.serving.catalogue import Catalogue
from movieapp.serving.details import read_details
from movieapp.serving.explanation import Explanation, explanation, standing
from movieapp.serving.home import Home
from movieapp.serving.lists import USUAL_LENGTH, Answer, Expected, FilmDetails, Filters, Window
from movieapp.serving.live import Live, LiveVersion
from movieapp.serving.named_films import NamedFilms
from movieapp.serving.people import NOBODY, ForLists
from movieapp.serving.profiles import Profiles
from movieapp.serving.ranking import ACCURATE, PersonalList, State, allowed_films, personal_list, popular_list
from movieapp.serving.request_log import RequestLog
from movieapp.serving.worked_out import NO_FILTERS, Wanted, WorkedOut


class Recommender:
    """Answers from one frozen state that is swapped whole. Every method but `details` stays in memory.

    Popular films need a catalogue only; everything else also a live version. `clock` gives the current
    instant, so that a simulated time can be served as well; `aims` hold for lists that ask for none.
    """

    def __init__(
        self,
        database: Database,
        profiles: Profiles,
        log: RequestLog,
        *,
        clock: Callable[[], datetime],
        aims: ListAims = ACCURATE,
    ) -> None:
        self._aims = aims
        self._database = database
        self._profiles = profiles
        self._log = log
        self._clock = clock
        self.answers = Answers(log, profiles, clock)
        self._state: State | None = None
        self._lists = WorkedOut(profiles)
        self._named = NamedFilms(log, clock)

    def show(self, catalogue: Catalogue) -> None:
        """Serve popular films from this catalogue, and nothing personal until the next `swap`."""
        self._replace(catalogue, None)

    def renew(self, catalogue: Catalogue) -> None:
        """Serve from this catalogue, in which more may be known of the same films; the version stays."""
        live = self._state.live if self._state else None
        if live is not None:
            live = Live.of(live.bundle, version=live.about.version, catalogue=catalogue)
        self._replace(catalogue, live)

    def swap(self, bundle: Bundle, *, version: str) -> None:
        """Serve this version from now on. Requests under way finish with the one before."""
        catalogue = self.catalogue
        self._replace(catalogue, Live.of(bundle, version=version, catalogue=catalogue))

    @property
    def state(self) -> State:
        """What is served from at this moment; `NotReady` before there are films."""
        if self._state is None:
            raise NotReady("There are no films yet: the ratings are still being read. Try again in a moment.")
        return self._state

    @property
    def catalogue(self) -> Catalogue:
        """The films of the release; `NotReady` before they are in."""
        return self.state.catalogue

    @property
    def live(self) -> LiveVersion | None:
        """The version that serves, if one does."""
        state = self._state
        return state.live.about if state is not None and state.live is not None else None

    @property
    def aims(self) -> ListAims:
        """What lists are to be besides accurate when nothing else is asked for."""
        return self._aims

    def recommend(
        self,
        user_id: int,
        *,
        k: int = USUAL_LENGTH,
        exclude_seen: bool = True,
        filters: Filters = NO_FILTERS,
        aims: ListAims | None = None,
        started: float | None = None,
    ) -> Answer:
        """Return the k best films for somebody, best first; popular ones, flagged, for a stranger.

        Scoring a changed history takes tens of milliseconds: call it in a thread unless it `is_at_hand`.
        Here and below, `started` is when it was asked for, by `time.perf_counter`: now, if not said.
        """
        wanted = Wanted(user_id, k, exclude_seen, filters, aims or self._aims)
        started = started or time.perf_counter()
        state = self.state
        listed, taste = self._lists.personal(state, wanted)
        asked = {"k": k, "exclude_seen": exclude_seen} | asked_filters(filters) | asked_aims(wanted.aims)
        return self.answers.personal(state, "recommend", started, listed, asked, user_id, taste)

    def is_at_hand(
        self,
        user_id: int,
        *,
        k: int = USUAL_LENGTH,
        exclude_seen: bool = True,
        filters: Filters = NO_FILTERS,
        aims: ListAims | None = None,
    ) -> bool:
        """Return whether `recommend` would answer from what was worked out before."""
        wanted = Wanted(user_id, k, exclude_seen, filters, aims or self._aims)
        return self._lists.is_at_hand(self.state, wanted)

    def score_ahead(self, user_id: int, *, rated: tuple[int, float, datetime] | None = None) -> None:
        """Work out somebody's scores, in a thread: their lists take milliseconds then.

        `rated` is a rating that is being kept meanwhile, or may be given: movie, stars and instant.
        """
        now = self._profiles.for_lists(user_id).taste
        taste = self._profiles.taste_with(user_id, *rated) if rated else now
        live = None if self._state is None else self._state.live
        if live is not None and taste is not None:
            live.score(user_id, taste)
        # What may never be given does not drive out what is.
        if live is not None and now is not None and rated:
            live.remember(user_id, now)

    def has_scored(self, user_id: int) -> bool:
        """Return whether somebody's scores are at hand, or there are none to work out."""
        state, taste = self._state, self._profiles.for_lists(user_id).taste
        return state is None or state.live is None or taste is None or state.live.has_scored(user_id, taste)

    def home(self, user_id: int, *, k: int = 12, started: float | None = None) -> Home:
        """Return somebody's first page: rows of at most k films, each row for a reason, no film twice.

        The same all day, as long as nothing is told about films; popular rows, flagged, for a stranger.
        """
        started = started or time.perf_counter()
        state = self.state
        found, taste = self._lists.home(state, user_id, k, day=self._clock().date(), aims=self._aims)
        asked = {"k": k, "rows": [{"kind": row.kind, "n": len(row.results)} for row in found.rows]}
        listed = PersonalList(found.results, found.is_personal)
        answer = self.answers.personal(state, "home", started, listed, asked, user_id, taste)
        return Home(answer, found.rows)

    def similar(
        self,
        movie_ids: Sequence[int],
        *,
        k: int = USUAL_LENGTH,
        filters: Filters = NO_FILTERS,
        user_id: int | None = None,
    ) -> Answer:
        """Return the films nearest to the seeds; several seeds average to one query.

        For a user, without what they have seen or put aside.
        """
        started = time.perf_counter()
        state = self.state
        live = self._live(state)
        asked = {"movie_ids": list(movie_ids), "k": k} | asked_filters(filters)
        seeds = self._columns(state, live, movie_ids, started, asked)
        results = self._lists.similar(state, live, seeds, k, filters, self._for_lists(user_id))
        return self.answers.plain(state, "similar", started, results, asked, user_id=user_id)

    def popular(
        self,
        *,
        k: int = USUAL_LENGTH,
        window: Window = Window.ALL,
        filters: Filters = NO_FILTERS,
        user_id: int | None = None,
    ) -> Answer:
        """Return the films with the most likes in the window; the score is their number.

        For a user, without what they have seen or put aside.
        """
        started = time.perf_counter()
        state = self.state
        allowed = allowed_films(state.catalogue, filters, self._for_lists(user_id))
        results = popular_list(state, window, allowed, k)
        asked = {"k": k, "window": str(window)} | asked_filters(filters)
        return self.answers.plain(state, "popular", started, results, asked, user_id=user_id)

    def rank(
        self,
        user_id: int,
        *,
        k: int | None = None,
        movie_ids: Sequence[int] | None = None,
        titles: Sequence[str] | None = None,
        started: float | None = None,
    ) -> Answer:
        """Return the very candidates given, ranked for somebody; without candidates, the best of all films.

        Candidates that are no film of the release are listed apart, as they were given, and so are titles
        that were taken for a film though they are not its name with its year.
        """
        if movie_ids is None and titles is None:
            return self.recommend(user_id, k=k or USUAL_LENGTH, started=started)
        started = started or time.perf_counter()
        state = self.state
        rows, unknown, taken = self._named.candidates(state.catalogue, movie_ids or (), titles or ())
        taste = self._profiles.for_lists(user_id).taste
        allowed = np.zeros(len(state.catalogue.films), bool)
        allowed[rows] = True
        listed = personal_list(state, user_id, taste, allowed, k or len(rows))
        asked: dict[str, object] = {"k": k, "n_candidates": len(rows) + len(unknown)}
        answer = self.answers.personal(
            state, "rank", started, listed, asked, user_id, taste, unknown=tuple(unknown)
        )
        answer = replace(answer, taken_for=taken)
        return answer if rows else replace(answer, notice=sentences.NO_CANDIDATE)

    def expected(self, user_id: int, movie_ids: Sequence[int]) -> list[Expected | None]:
        """Return the stars that somebody is expected to give these films; None where nothing is known."""
        state = self.state
        taste = self._profiles.for_lists(user_id).taste
        rows = [state.catalogue.row(movie_id) for movie_id in movie_ids]
        if state.live is None or not taste or not rows:
            return [None] * len(rows)
        found = state.live.expected(user_id, taste, np.array([0 if row is None else row for row in rows]))
        return [None if row is None else one for row, one in zip(rows, found, strict=True)]

    def explain(self, user_id: int, movie_id: int, *, started: float | None = None) -> Explanation:
        """Return where a film stands for somebody, why, and where it would be without some of their ratings.

        It costs some lists: call it in a thread.
        """
        started = started or time.perf_counter()
        state = self.state
        live = self._live(state)
        asked: dict[str, object] = {"movie_id": movie_id}
        (column,) = self._columns(state, live, [movie_id], started, asked, endpoint="explain")
        person = self._profiles.for_lists(user_id)
        taste = person.taste
        scored = None if taste is None else live.score(user_id, taste)
        if taste is None or scored is None:
            why = sentences.why_popular(state, user_id, self._profiles.profile(user_id), taste)
            raise NotFound(
                f"{why} There is no personal place to explain: rate some films with four stars or more first."
            )
        unseen = allowed_films(state.catalogue, NO_FILTERS, person)[live.rows] & live.known
        found = standing(live, scored, column, unseen)
        allowed = np.zeros(len(state.catalogue.films), bool)
        allowed[live.rows[column]] = True
        listed = personal_list(state, user_id, taste, allowed, 1, scored=scored)
        answer = self.answers.personal(state, "explain", started, listed, asked, user_id, taste)
        return explanation(live, state.catalogue.films, answer, found)

    def details(self, movie_id: int) -> FilmDetails:
        """Return everything known of one film. Reads the database: call it in a thread."""
        film = self.catalogue.film(movie_id)
        if film is None:
            self._log.note_unknown_movie(movie_id, None, self._clock())
            raise NotFound(sentences.no_such_movie(movie_id))
        return read_details(self._database, film)

    def work_ahead(self, *, is_wanted: Callable[[], bool]) -> None:
        """Work out what is asked for most, as long as it `is_wanted`: everybody's list and what is like each
        film. It takes seconds, and changes nothing but how long the first answer of each takes.
        """
        state = self.state
        self._lists.work_ahead(state, self._aims, holds=lambda: self._state is state and is_wanted())

    def _replace(self, catalogue: Catalogue, live: Live | None) -> None:
        number = self._state.number + 1 if self._state else 1
        self._state = State.of(number, catalogue, live)

    def _live(self, state: State) -> Live:
        if state.live is None:
            raise NotReady(
                "There is no trained model yet, so nothing is known of what is alike. "
                "Popular films are at /popular; /health tells how far the training is."
            )
        return state.live

    def _for_lists(self, user_id: int | None) -> ForLists:
        return NOBODY if user_id is None else self._profiles.for_lists(user_id)

    def _columns(
        self,
        state: State,
        live: Live,
        movie_ids: Sequence[int],
        started: float,
        asked: dict[str, object],
        *,
        endpoint: str = "similar",
    ) -> list[int]:
        """Return the columns of the seeds; a request with an unknown one is logged, and refused."""
        try:
            return self._named.columns(state.catalogue, live, movie_ids)
        except NotFound as problem:
            refused = self.answers.plain(state, endpoint, started, (), asked, status=404)
            raise NotFound(str(problem), request_id=refused.request_id) from None
