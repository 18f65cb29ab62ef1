"""Commands that print lists of films."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from movieapp.cli.edge import settings_of_instance, show
from movieapp.errors import Invalid, NotFound

if TYPE_CHECKING:
    from movieapp.serving.catalogue import Catalogue
    from movieapp.serving.lists import Answer, Film, Filters
    from movieapp.serving.recommender import Recommender


def recommend(options: argparse.Namespace) -> None:
    """Print films for a user."""
    with _recommender(options) as recommender:
        answer = recommender.recommend(options.user, k=options.k, filters=_filters(options))
    _print_answer(answer, options)


def rank(options: argparse.Namespace) -> None:
    """Print the films named, ranked for a user."""
    with _recommender(options) as recommender:
        answer = recommender.rank(options.user, k=options.k, titles=options.movies)
        unknown = _unknown(recommender.catalogue, answer.unknown_candidates)
    if options.json or answer.results:
        _print_answer(answer, options, taken=answer.taken_for)
    if not answer.results:
        raise NotFound(f"{unknown} There is nothing to rank.")
    if unknown and not options.json:
        print(unknown)


def similar(options: argparse.Namespace) -> None:
    """Print films like one or several others."""
    with _recommender(options) as recommender:
        from movieapp.serving.named_films import taken_for

        films = [recommender.catalogue.find_title(title) for title in options.movies]
        missing = [title for title, film in zip(options.movies, films, strict=True) if film is None]
        if missing:
            raise NotFound(_unknown(recommender.catalogue, missing))
        seeds = [film.movie_id for film in films if film]
        answer = recommender.similar(seeds, k=options.k, filters=_filters(options))
        taken = taken_for((title, film) for title, film in zip(options.movies, films, strict=True) if film)
    _print_answer(answer, options, taken=taken)


def popular(options: argparse.Namespace) -> None:
    """Print the films with the most likes."""
    with _recommender(options) as recommender:
        from movieapp.serving.lists import Window

        answer = recommender.popular(k=options.k, window=Window(options.window), filters=_filters(options))
    _print_answer(
        answer, options, likes="likes" + ("" if options.window == "all" else f", last {options.window}")
    )


@contextmanager
def _recommender(options: argparse.Namespace) -> "Iterator[Recommender]":
    settings = settings_of_instance(options)
    from movieapp.instance import served

    with served(settings) as recommender:
        yield recommender


def _unknown(catalogue: "Catalogue", titles: Sequence[str]) -> str:
    """Say which titles are no film here, and which film may be meant; empty if there is none."""
    if not titles:
        return ""
    alike = {title: catalogue.titled_alike(title, limit=1) for title in titles}
    meant = [f"{title!r}" + "".join(f" (perhaps {film.title})" for film in alike[title]) for title in titles]
    return f"Not in this release: {', '.join(meant)}." + (
        "" if any(alike.values()) else " Try the title in another language, or with fewer words."
    )


def _filters(options: argparse.Namespace) -> "Filters":
    from movieapp.serving.lists import Filters

    if options.year_from and options.year_to and options.year_from > options.year_to:
        raise Invalid(f"--year-from {options.year_from} is after --year-to {options.year_to}.")
    genres, excluded = tuple(options.genre), tuple(options.exclude_genre)
    return Filters(genres, excluded, options.year_from, options.year_to)


def _print_answer(
    answer: "Answer",
    options: argparse.Namespace,
    *,
    likes: str | None = None,
    taken: "Sequence[tuple[str, Film]]" = (),
) -> None:
    if options.json:
        from movieapp.api.wire import encode, list_body, ranked_body, taken_body

        body = ranked_body(answer) if options.run is rank else list_body(answer)
        if options.run is similar:
            body |= taken_body(taken)
        print(encode(body).decode())
        return
    from movieapp.serving import sentences
    from movieapp.tables import answer_table

    if answer.notice:
        print(answer.notice)
    for title, film in taken:
        print(sentences.taken_for(title, film))
    if answer.results:
        show(answer_table(answer, likes=likes))
    else:
        print("No film is left. Leave a filter out, or widen what is asked for.")
