"""The films that a request names; those that are not here are noted for the next training."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from movieapp.errors import NotFound
from movieapp.serving import sentences
from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Film
from movieapp.serving.live import Live
from movieapp.serving.request_log import RequestLog
from movieapp.sources.titles import normalised


def taken_for(named: Iterable[tuple[str, Film]]) -> tuple[tuple[str, Film], ...]:
    """Return, of titles with the films that they were found to name, those that are not name and year.

    Other films may have been meant: "Heat" is the most rated of several. Of two films with the same name and
    year the most rated one is taken, and not told apart.
    """
    return tuple((title, film) for title, film in dict.fromkeys(named) if not _is_exact(title, film))


def _is_exact(title: str, film: Film) -> bool:
    return normalised(title) in (normalised(film.title), normalised(f"{film.name} ({film.release_year})"))


class NamedFilms:
    """Finds them, and notes the others."""

    def __init__(self, log: RequestLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock

    def columns(self, catalogue: Catalogue, live: Live, movie_ids: Sequence[int]) -> list[int]:
        """Return the model's column of each film, once; refuse (`NotFound`) one that it does not know."""
        columns = []
        for movie_id in dict.fromkeys(movie_ids):
            row = catalogue.row(movie_id)
            column = -1 if row is None else int(live.columns[row])
            if column < 0:
                film = None if row is None else catalogue.films[row]
                self._note(movie_id, film.title if film else None)
                raise NotFound(sentences.too_new(film) if film else sentences.no_such_movie(movie_id))
            columns.append(column)
        return columns

    def candidates(
        self, catalogue: Catalogue, movie_ids: Sequence[int], titles: Sequence[str]
    ) -> tuple[list[int], list[str], tuple[tuple[str, Film], ...]]:
        """Return the catalogue rows of these films, each once; what is no film here, as it was given; and
        the titles `taken_for` films.
        """
        found: list[Film] = []
        unknown: list[str] = []
        named: list[tuple[str, Film]] = []
        for movie_id in movie_ids:
            film = catalogue.film(movie_id)
            if film is None:
                unknown.append(str(movie_id))
                self._note(movie_id, None)
            else:
                found.append(film)
        for title in titles:
            film = catalogue.find_title(title)
            if film is None:
                unknown.append(title)
                self._note(None, title)
            else:
                found.append(film)
                named.append((title, film))
        rows = dict.fromkeys(catalogue.row(film.movie_id) for film in found)
        return [row for row in rows if row is not None], unknown, taken_for(named)

    def _note(self, movie_id: int | None, title: str | None) -> None:
        self._log.note_unknown_movie(movie_id, title, self._clock())
