"""From answers to JSON: the one form of lists, for HTTP and for the command line's --json."""

import dataclasses
from typing import Any

import orjson

from movieapp.serving.explanation import Explanation
from movieapp.serving.lists import Answer, Film, FilmDetails, Result
from movieapp.serving.profiles import UserSummary

OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_SERIALIZE_NUMPY


def encode(body: object) -> bytes:
    """Return JSON in UTF-8. What is not finite becomes null; lone surrogates raise."""
    return orjson.dumps(body, option=OPTIONS)


def list_body(answer: Answer) -> dict[str, Any]:
    """Return a list as it goes over the wire."""
    return {
        "request_id": answer.request_id,
        "user_id": answer.user_id,
        "model_version": answer.model_version,
        "is_fallback": answer.is_fallback,
        "notice": answer.notice,
        "results": [_result(result) for result in answer.results],
        "latency_ms": answer.latency_ms,
    }


def ranked_body(answer: Answer) -> dict[str, Any]:
    """Return a ranked candidate set as it goes over the wire: a list, and the candidates not found."""
    return list_body(answer) | {"unknown_candidates": answer.unknown_candidates}


def explanation_body(explanation: Explanation) -> dict[str, Any]:
    """Return why a film stands where it does."""
    expected = explanation.expected
    return {
        "request_id": explanation.request_id,
        "user_id": explanation.user_id,
        "model_version": explanation.model_version,
        "film": film_body(explanation.film),
        "place": explanation.place,
        "n_films": explanation.n_films,
        "predicted_rating": None if expected is None else expected.stars,
        "give_or_take": None if expected is None else expected.spread,
        "reasons": [reason.code for reason in explanation.reasons],
        "carrying": [
            {
                "film": film_body(carrying.film),
                "stars": carrying.stars,
                "share": carrying.share,
                "place_without": carrying.place_without,
            }
            for carrying in explanation.carrying
        ],
    }


def film_body(film: Film) -> dict[str, Any]:
    """Return a film as searches show it."""
    return {
        "movie_id": film.movie_id,
        "title": film.title,
        "release_year": film.release_year,
        "genres": film.genres,
        "poster_url": film.poster_url,
    }


def details_body(details: FilmDetails) -> dict[str, Any]:
    """Return everything known of one film; the histogram goes by stars, "0.5" to "5.0"."""
    statistics = details.statistics
    return film_body(details.film) | {
        "overview": details.overview,
        "tmdb_vote_avg": details.tmdb_vote_avg,
        "tmdb_popularity": details.tmdb_popularity,
        "imdb_id": details.imdb_id,
        "tmdb_id": details.tmdb_id,
        "statistics": {
            "n_ratings": statistics.n_ratings,
            "mean_rating": statistics.mean,
            "histogram": {str((i + 1) / 2): n for i, n in enumerate(statistics.histogram)},
        },
    }


def user_body(user: UserSummary) -> dict[str, Any]:
    """Return what is known of a user."""
    return dataclasses.asdict(user)


def _result(result: Result) -> dict[str, Any]:
    film = result.film
    return {
        "movie_id": film.movie_id,
        "title": film.title,
        "release_year": film.release_year,
        "genres": film.genres,
        "score": result.score,
        "predicted_rating": result.predicted_rating,
        "give_or_take": None if result.expected is None else result.expected.spread,
        "poster_url": film.poster_url,
        "reasons": [reason.code for reason in result.reasons],
    }
