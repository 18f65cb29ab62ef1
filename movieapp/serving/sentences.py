"""What is said when a list is not what was hoped for, each with the way out."""

from movieapp.preparation.interactions import LIKE
from movieapp.preparation.split import MIN_RATINGS_OF_MOVIE, MIN_RATINGS_OF_USER
from movieapp.serving.lists import Film
from movieapp.serving.memory import Profile
from movieapp.serving.profiles import History
from movieapp.serving.ranking import State

NO_CANDIDATE = (
    "None of the candidates is a film of this release, so there is nothing to rank. "
    "Look for ids and titles with GET /movies/search?q=..."
)


def why_popular(state: State, user_id: int, profile: Profile | None, history: History | None) -> str:
    """Say why somebody, who has a name with a profile, gets popular films."""
    if history is None:
        name = f"User {user_id}" if profile is None else profile.name
        return f"{name} has no ratings yet, so these are popular films. Rate a few to make it personal."
    if state.live is None:
        return "No model is ready yet, so these are popular films that you have not rated."
    return "You have not given four stars to a film that the model knows, so these are popular films."


def no_such_movie(movie_id: int) -> str:
    """Say that there is no such film."""
    return (
        f"Movie {movie_id} is not in this release. It is noted; "
        "look for the right id with GET /movies/search?q=..."
    )


def too_new(film: Film) -> str:
    """Say what a film lacks for the model to know it."""
    return (
        f"{film.title} had too few ratings or likes for the model to learn what is like it: a film needs "
        f"{MIN_RATINGS_OF_MOVIE} ratings, one of them {LIKE:g} stars or more by somebody with "
        f"{MIN_RATINGS_OF_USER} ratings, before a training. It is noted; until then try another film."
    )


def taken_for(title: str, film: Film) -> str:
    """Say which film a title stands for that is not just that film's."""
    year = "" if film.release_year is None else f" ({film.release_year})"
    return f"“{title}” was taken for {film.name}{year}."
