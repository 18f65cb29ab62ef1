"""What is said of films that the model does not know: why, and what would have to come first."""

from collections.abc import Sequence

from movieapp.preparation.split import MIN_RATINGS_OF_MOVIE
from movieapp.serving.lists import Film
from movieapp.ui.cards import listed
from movieapp.ui.services import Services

WHAT_IT_TAKES = (
    f"A training takes in films that have at least {MIN_RATINGS_OF_MOVIE} ratings by then, and one of them "
    "4 stars or more."
)


def not_known(services: Services, films: Sequence[Film]) -> str:
    """Return the sentences for films of which at least one is not known to the model."""
    rare = [film for film in films if _is_rare(services, film)] or films
    names = listed([film.name for film in rare])
    which = names if len(rare) == 1 or rare is not films else f"every one of {names}"
    them = "it" if len(rare) == 1 else "them"
    return f"The model does not know {which} yet, so it cannot tell what is like {them}. {WHAT_IT_TAKES}"


def _is_rare(services: Services, film: Film) -> bool:
    catalogue = services.recommender.catalogue
    row = catalogue.row(film.movie_id)
    return row is not None and bool(catalogue.n_ratings[row] < MIN_RATINGS_OF_MOVIE)
