"""Lists for somebody and of films that are alike: worked out once, some of them before anybody asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from movieapp.models.rerank import ListAims
from movieapp.serving.home import RowsOfFilms, home_rows
from movieapp.serving.kept_lists import KeptLists
from movieapp.serving.lists import USUAL_LENGTH, Filters, Result, Window
from movieapp.serving.live import Live
from movieapp.serving.people import NOBODY, ForLists
from movieapp.serving.profiles import History, Profiles
from movieapp.serving.ranking import PersonalList, State, allowed_films, personal_list, similar_list

# So many lists of the usual length are worked out before anybody asks.
PEOPLE_AHEAD, FILMS_AHEAD = 6_500, 3_500
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list of somebody: the k best that pass, and what it is to be besides accurate."""

    user_id: int
    k: int
    exclude_seen: bool
    filters: Filters
    aims: ListAims

    def key(self, state: State, person: ForLists) -> tuple[object, ...]:
        """Return all that the list depends on."""
        return state.number, person.key, self


class WorkedOut:
    """Lists of each kind, from what was worked out before where that holds. Any thread may ask."""

    def __init__(self, profiles: Profiles) -> None:
        self._kept = KeptLists()
        self._profiles = profiles

    def personal(self, state: State, wanted: Wanted) -> tuple[PersonalList, History | None]:
        """Return somebody's list and the taste that it rests on."""
        user_id, live = wanted.user_id, state.live
        person = self._profiles.for_lists(user_id)
        taste = person.taste

        def compute() -> PersonalList:
            allowed = allowed_films(state.catalogue, wanted.filters, person, exclude_seen=wanted.exclude_seen)
            head = None
            if live is not None and taste is not None and wanted.exclude_seen:
                head = live.kept_head(user_id, taste)
            return personal_list(state, user_id, taste, allowed, wanted.k, aims=wanted.aims, kept=head)

        return self._kept.get(wanted.key(state, person), compute), taste

    def similar(
        self, state: State, live: Live, seeds: list[int], k: int, filters: Filters, person: ForLists
    ) -> tuple[Result, ...]:
        """Return the films nearest to the seeds, which are columns, less those not for the person."""

        def compute() -> PersonalList:
            allowed = allowed_films(state.catalogue, filters, person)
            return PersonalList(similar_list(state, live, seeds, allowed, k), is_personal=False)

        # What was seen and put aside is all that the person changes in it.
        return self._kept.get((state.number, *seeds, k, filters, person.key), compute).results

    def home(
        self, state: State, user_id: int, k: int, *, day: date, aims: ListAims
    ) -> tuple[RowsOfFilms, History | None]:
        """Return the rows of somebody's first page on this day, and the taste that they rest on."""
        person = self._profiles.for_lists(user_id)
        kept = self._profiles.kept(user_id).items()
        dated = [(one.listed_at, movie_id) for movie_id, one in kept if one.listed_at]
        watchlist = tuple(movie_id for _, movie_id in sorted(dated, reverse=True))

        def compute() -> RowsOfFilms:
            allowed = allowed_films(state.catalogue, NO_FILTERS, person)
            return home_rows(state, user_id, person, watchlist, allowed, k=k, day=day, aims=aims)

        key = (state.number, "home", user_id, person.key, watchlist, day, k)
        return self._kept.get(key, compute), person.taste

    def is_at_hand(self, state: State, wanted: Wanted) -> bool:
        """Return whether a list rests on what was worked out before, so that it takes no time."""
        user_id, person, live = wanted.user_id, self._profiles.for_lists(wanted.user_id), state.live
        if wanted.key(state, person) in self._kept:
            return True
        taste = person.taste
        if live is None or taste is None or live.has_scored(user_id, taste):
            return True
        head = live.kept_head(user_id, taste) if wanted.aims.leaves_first(wanted.k) else None
        if head is None:
            return False
        allowed = allowed_films(state.catalogue, wanted.filters, person, exclude_seen=wanted.exclude_seen)
        return wanted.exclude_seen and int(allowed[live.rows[head.columns]].sum()) >= wanted.k

    def work_ahead(self, state: State, aims: ListAims, *, holds: Callable[[], bool]) -> None:
        """Work out everybody's usual list, and what is like each film, as long as that `holds`."""
        if state.live is None:
            return
        people = (user_id for user_id, _ in self._profiles.users(PEOPLE_AHEAD))
        for user_id in takewhile(lambda _: holds(), people):
            self.personal(state, Wanted(user_id, USUAL_LENGTH, True, NO_FILTERS, aims))
        columns = state.live.columns[state.catalogue.by_likes[Window.ALL]]
        for column in takewhile(lambda _: holds(), columns[columns >= 0][:FILMS_AHEAD].tolist()):
            self.similar(state, state.live, [column], USUAL_LENGTH, NO_FILTERS, NOBODY)
