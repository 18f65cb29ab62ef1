"""What people keep about films beside ratings. A change is on disk before it is answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.movies import MovieId
from movieapp.api.people_asked import NoteAsked, OpinionAsked, UnwatchAsked, WatchAsked
from movieapp.api.people_shown import KeptShown, ToldShown
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import Services, services
from movieapp.api.users import UserId, film_of
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.kept import Kept

router = APIRouter(prefix="/users/{user_id}", tags=["people"])

KEPT = shows(KeptShown) | INVALID
TOLD = shows(ToldShown) | NOT_FOUND | INVALID | NOT_READY


@router.get("/watchlist", summary="What somebody wants to watch", responses=KEPT)
def watchlist(request: Request, user_id: UserId) -> Response:
    """The latest first."""
    return _films(request, user_id, lambda kept: kept.listed_at)


@router.put("/watchlist/{movie_id}", summary="Put a film on the watchlist", responses=TOLD)
def want(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """It is hidden or disliked no more, then. Rating or watching the film takes it off again."""
    return tell(request, user_id, movie_id, Event(EventType.WATCHLIST))


@router.delete("/watchlist/{movie_id}", summary="Take a film off the watchlist", responses=TOLD)
def unwant(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """Without a place on it, 404."""
    return tell(request, user_id, movie_id, Event(EventType.WATCHLIST_REMOVED))


@router.get("/watches", summary="What somebody watched", responses=KEPT)
def watches(request: Request, user_id: UserId) -> Response:
    """By when each film was noted last."""
    return _films(request, user_id, lambda kept: max((one.added_at for one in kept.watches), default=None))


@router.put("/watches/{movie_id}", summary="Note a viewing", responses=TOLD)
def watched(request: Request, user_id: UserId, movie_id: MovieId, asked: WatchAsked) -> Response:
    """Each day counts once, however often it is sent. A watched film leaves the person's lists."""
    event = Event(EventType.WATCHED, watched_on=asked.watched_on, is_rewatch=asked.is_rewatch)
    return tell(request, user_id, movie_id, event)


@router.delete("/watches/{movie_id}", summary="Take a viewing back", responses=TOLD)
def unwatched(
    request: Request, user_id: UserId, movie_id: MovieId, asked: Annotated[UnwatchAsked, Query()]
) -> Response:
    """The one of that day, or all of the film; without any, 404."""
    event = Event(EventType.WATCHED_REMOVED, watched_on=asked.watched_on)
    return tell(request, user_id, movie_id, event)


@router.get("/notes", summary="What somebody wrote about films", responses=KEPT)
def notes(request: Request, user_id: UserId) -> Response:
    """The latest first."""
    return _films(request, user_id, lambda kept: kept.note.noted_at if kept.note else None)


@router.put("/notes/{movie_id}", summary="Write a note", responses=TOLD)
def note(request: Request, user_id: UserId, movie_id: MovieId, asked: NoteAsked) -> Response:
    """It takes the place of an earlier one."""
    return tell(request, user_id, movie_id, Event(EventType.NOTE, note=asked.note))


@router.delete("/notes/{movie_id}", summary="Remove a note", responses=TOLD)
def unnote(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """Without one, 404."""
    return tell(request, user_id, movie_id, Event(EventType.NOTE_REMOVED))


@router.get("/opinions", summary="What somebody likes, dislikes or hid", responses=KEPT)
def opinions(request: Request, user_id: UserId) -> Response:
    """The latest first."""
    return _films(request, user_id, lambda kept: kept.opinion.since if kept.opinion else None)


@router.put("/opinions/{movie_id}", summary="Like, dislike or hide a film", responses=TOLD)
def opine(request: Request, user_id: UserId, movie_id: MovieId, asked: OpinionAsked) -> Response:
    """Only the latest counts. A disliked or hidden film never comes up again, until that is taken back."""
    return tell(request, user_id, movie_id, Event(asked.opinion))


@router.delete("/opinions/{movie_id}", summary="Take an opinion back", responses=TOLD)
def unopine(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """Without one, 404."""
    return tell(request, user_id, movie_id, Event(EventType.OPINION_REMOVED))


@router.get("/unlearned", summary="What nothing is learned from", responses=KEPT)
def unlearned(request: Request, user_id: UserId) -> Response:
    """The latest first."""
    return _films(request, user_id, lambda kept: kept.unlearned_at)


@router.put("/unlearned/{movie_id}", summary="Learn nothing from a film", responses=TOLD)
def unlearn(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """Its rating stays, but no list and no training rests on it."""
    return tell(request, user_id, movie_id, Event(EventType.UNLEARNED))


@router.delete("/unlearned/{movie_id}", summary="Learn from a film again", responses=TOLD)
def learn(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """If it was learned from all the time, 404."""
    return tell(request, user_id, movie_id, Event(EventType.UNLEARNED_REMOVED))


def tell(request: Request, user_id: int, movie_id: int, event: Event) -> Response:
    """Keep it, and answer with what is kept of the film then."""
    app = services(request)
    event_id = app.profiles.tell(user_id, movie_id, event, now=app.clock())
    return told(request, user_id, movie_id, event_id)


def told(request: Request, user_id: int, movie_id: int, event_id: str) -> Response:
    """Answer with what is kept of a film."""
    app = services(request)
    kept = _film(app, user_id, movie_id, app.profiles.kept_of(user_id, movie_id))
    return reply(request, {"event_id": event_id, "user_id": user_id, **kept})


def _films(request: Request, user_id: int, since: Callable[[Kept], datetime | None]) -> Response:
    """Answer with the films that have such an instant, the latest first."""
    app = services(request)
    dated = [
        (at, movie_id, kept) for movie_id, kept in app.profiles.kept(user_id).items() if (at := since(kept))
    ]
    dated.sort(key=lambda one: one[:2], reverse=True)
    films = [_film(app, user_id, movie_id, kept) for _, movie_id, kept in dated]
    return reply(request, {"user_id": user_id, "films": films})


def _film(app: Services, user_id: int, movie_id: int, kept: Kept) -> dict[str, Any]:
    history, film = app.profiles.history(user_id), film_of(app, movie_id)
    return {
        "movie_id": movie_id,
        "title": film.title if film else None,
        "rating": None if history is None else history.stars_of(movie_id),
        "opinion": kept.opinion and str(kept.opinion.kind),
        "opinion_since": kept.opinion and kept.opinion.since,
        "watches": [{"watched_on": one.watched_on, "is_rewatch": one.is_rewatch} for one in kept.watches],
        "listed_at": kept.listed_at,
        "note": kept.note and kept.note.text,
        "noted_at": kept.note and kept.note.noted_at,
        "unlearned_at": kept.unlearned_at,
    }
