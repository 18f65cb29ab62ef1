"""From answers to JSON: the one form of lists, for HTTP and for the command line's --json."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import orjson

from movieapp.lifecycle.prices import Prices
from movieapp.serving.company import Scale, Suits
from movieapp.serving.explanation import Explanation
from movieapp.serving.home import Home
from movieapp.serving.lists import Answer, Film, FilmDetails, Result
from movieapp.serving.profiles import UserSummary
from movieapp.serving.together import Together

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


def home_body(home: Home) -> dict[str, Any]:
    """Return somebody's first page: as a list, but with the results by row."""
    body = list_body(home.answer)
    del body["results"]
    return body | {
        "rows": [
            {
                "kind": row.kind,
                "title": row.title,
                "why": row.why,
                "movie_id": None if row.seed is None else row.seed.movie_id,
                "genre": row.genre,
                "window": row.window,
                "results": [_result(result) for result in row.results],
            }
            for row in home.rows
        ]
    }


def aims_body(prices: Prices) -> dict[str, Any]:
    """Return what aims cost, by their names in a comparison."""
    return {
        "release": prices.release,
        "window": prices.window,
        "model": prices.model,
        "n_users": prices.n_users,
        "is_own": prices.is_own,
        "aims": [{"aim": price.aim, **price.changes} for price in prices.prices],
    }


def ranked_body(answer: Answer) -> dict[str, Any]:
    """Return a ranked candidate set as it goes over the wire: a list, the candidates not found, and which
    films titles were taken for.
    """
    unknown = {"unknown_candidates": answer.unknown_candidates}
    return list_body(answer) | unknown | taken_body(answer.taken_for)


def taken_body(taken: Sequence[tuple[str, Film]]) -> dict[str, Any]:
    """Return which films titles were taken for."""
    return {
        "taken_for": [
            {"asked": title, "movie_id": film.movie_id, "title": film.title} for title, film in taken
        ]
    }


def together_body(found: Together) -> dict[str, Any]:
    """Return a list for several people as it goes over the wire."""
    answer = found.answer
    return {
        "request_id": answer.request_id,
        "user_ids": found.minded,
        "strangers": found.strangers,
        "scale": str(found.scale),
        "model_version": answer.model_version,
        "is_fallback": answer.is_fallback,
        "notice": answer.notice,
        "results": [
            _result(result) | {"people": [_suits(one, found.scale) for one in suits]}
            for result, suits in zip(answer.results, found.suits, strict=True)
        ],
        "latency_ms": answer.latency_ms,
    }


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
        "runtime": details.runtime_min,
        "released_on": details.released_on,
        "directors": details.directors,
        "cast": details.actors,
        "keywords": details.keywords,
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


def _suits(one: Suits, scale: Scale) -> dict[str, Any]:
    is_expected = one.given is None and scale is Scale.STARS
    return {
        "user_id": one.user_id,
        "predicted_rating": one.value if is_expected else None,
        "give_or_take": one.spread,
        "rating": one.given,
        "percentile": one.value if scale is Scale.PERCENTILE else None,
    }


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
        "verdict": None if result.expected is None else result.expected.verdict,
        "poster_url": film.poster_url,
        "reasons": [reason.code for reason in result.reasons],
    }
