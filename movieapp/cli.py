"""The commands: parse, call one use case, print. Refusals are one sentence on stderr and exit code 2."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movieapp.errors import MovieAppError, NotReady

# Everything else is imported by the command that needs it, so that --help answers at once.
if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.progress import Progress
    from movieapp.serving.lists import Answer, Filters
    from movieapp.serving.recommender import Recommender
    from movieapp.settings import Settings

REFUSED = 2
INTERRUPTED = 130
TITLES = 'titles, as "Heat (1995)" or Heat'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("movieapp").setLevel(logging.INFO if options.verbose else logging.WARNING)
    try:
        options.run(options)
    except MovieAppError as refusal:
        print(f"movieapp: {refusal}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("movieapp: stopped.", file=sys.stderr)
        return 0 if options.run is _serve else INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`... | head`); closing stdout again at exit would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="launcher.py",
        description="movieapp: film recommendations on your own machine. Without a command it serves.",
        epilog="Settings can also come from the environment as MOVIEAPP_*, for example MOVIEAPP_PORT=9000.",
    )
    _shared_options(parser, default=None)
    # `launcher.py --port 9000` serves as well: the first word may be left out.
    _serving_options(parser, default=None)
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        # What was said before the command's name holds unless it is said again after it.
        _shared_options(added, default=argparse.SUPPRESS)
        added.set_defaults(run=run)
        return added

    serve = command("serve", _serve, "prepare what is missing, then serve the pages and the API")
    _serving_options(serve, default=argparse.SUPPRESS)
    _training_options(command)
    _listing_options(command)
    return parser


def _shared_options(parser: argparse.ArgumentParser, *, default: object) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=default, help="folder of the instance (default: data)"
    )
    parser.add_argument(
        "--verbose", action="store_true", default=default, help="say what happens, stage by stage"
    )


def _serving_options(parser: argparse.ArgumentParser, *, default: object) -> None:
    parser.add_argument("--host", default=default, help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=default, help="port to listen on (default: 8080)")
    parser.add_argument("--no-browser", action="store_true", default=default, help="do not open the browser")


def _training_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    ingest = command("ingest", _ingest, "read a MovieLens release into the database")
    ingest.add_argument(
        "release", nargs="?", metavar="RELEASE", help="such as ml-1m; downloaded unless --from"
    )
    ingest.add_argument("--from", dest="origin", type=Path, metavar="PATH", help="a local zip or folder")
    ingest.add_argument("--replace", action="store_true", help="put it in the place of another release")
    train = command("train", _train, "train and measure all models and register one")
    train.add_argument("--model", default="als", metavar="NAME", help="the model that serves (default: als)")
    train.add_argument("--promote", action="store_true", help="make it production whatever serves now")
    promote = command("promote", _promote, "let a registered version serve from the next start on")
    promote.add_argument("version", metavar="VERSION", help="its number")
    evaluate = command("evaluate", _evaluate, "measure all models and print the table")
    evaluate.add_argument(
        "--window",
        choices=("validation", "test"),
        default="validation",
        help="test is for figures to report, never for tuning (default: validation)",
    )
    tune = command("tune", _tune, "search the parameters of ALS on the validation window")
    tune.add_argument("--trials", type=_positive, metavar="N", help="stop after N settings (default: all)")
    for parser in (evaluate, tune):
        parser.add_argument("--json", action="store_true", help="print JSON")


def _listing_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    recommend = command("recommend", _recommend, "films for a user, with reasons")
    recommend.add_argument("--user", type=_user, required=True, metavar="ID")
    rank = command("rank", _rank, "the films you name, ranked for a user")
    rank.add_argument("--user", type=_user, required=True, metavar="ID")
    rank.add_argument("--movies", nargs="+", required=True, metavar="TITLE", help=TITLES)
    similar = command("similar", _similar, "films like one or several others")
    similar.add_argument("--movies", nargs="+", required=True, metavar="TITLE", help=TITLES)
    popular = command("popular", _popular, "the films with the most likes")
    popular.add_argument("--window", choices=("day", "week", "month", "year", "all"), default="all")
    for parser in (recommend, rank, similar, popular):
        how_many = "all that are named" if parser is rank else "10"
        parser.add_argument(
            "-k",
            type=_count,
            default=None if parser is rank else 10,
            metavar="N",
            help=f"how many films (default: {how_many})",
        )
        parser.add_argument("--json", action="store_true", help="print what the API would answer")
    for parser in (recommend, similar, popular):
        parser.add_argument("--genre", action="append", default=[], help="only films of it; may repeat")
        parser.add_argument("--exclude-genre", action="append", default=[], help="no film of it; may repeat")
        parser.add_argument("--year-from", type=int, metavar="YEAR")
        parser.add_argument("--year-to", type=int, metavar="YEAR")


def _count(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= 500:
        raise argparse.ArgumentTypeError("give a number from 1 to 500")
    return number


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error


def _positive(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return number


def _user(text: str) -> int:
    number = _number(text)
    if not 1 <= number < 2**31:
        raise argparse.ArgumentTypeError("a user id is a number from 1 to 2147483647")
    return number


def _serve(options: argparse.Namespace) -> None:
    settings = _settings(options, host=options.host, port=options.port)
    from movieapp.app import serve

    def ready(address: str) -> None:
        print(f"movieapp is at {address} (data in {settings.data}). Ctrl+C stops it.", flush=True)
        if not options.no_browser:
            import threading
            import webbrowser

            # A text browser would hold up the server that it waits for.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(settings, on_ready=ready)


def _ingest(options: argparse.Namespace) -> None:
    from movieapp.sources.download import download
    from movieapp.sources.movielens import ingest
    from movieapp.sources.releases import bundled, release

    with _instance(options) as (settings, database), _progress() as progress:
        origin = options.origin or bundled()
        if options.origin is None and options.release not in (None, bundled().stem):
            wanted = release(options.release)
            origin = download(wanted, folder=settings.data / "downloads", progress=progress)
        done = ingest(
            database,
            origin=origin,
            replace=options.replace,
            now=datetime.now(UTC),
            progress=progress,
            folder_for_unpacking=settings.data,
        )
    if done.is_unchanged:
        print(f"{done.release} is already here: nothing changed.")
        return
    print(
        f"{done.release}: {done.n_ratings:,} ratings by {done.n_users:,} users of {done.n_movies:,} movies, "
        f"{done.n_tags:,} tags. Rejected rows: {done.n_rejected:,}"
        + (" (see the table rejected_rows)." if done.n_rejected else ".")
    )
    if done.n_own_dropped:
        print(
            f"{done.n_own_dropped:,} of people's own ratings and events are about films or people that this "
            "release does not have; they are kept in the table rejected_rows."
        )


def _train(options: argparse.Namespace) -> None:
    from movieapp.lifecycle.training import train
    from movieapp.registry import Registry
    from movieapp.tables import evaluation_tables

    with _instance(options) as (settings, database), _progress() as progress:
        trained = train(
            database,
            lambda: Registry(settings.data),
            recipe=options.model,
            seed=settings.seed,
            now=datetime.now(UTC),
            promote=options.promote,
            progress=progress,
        )
    _show(*evaluation_tables(trained.runs))
    print(trained.decision.reasoning)


def _promote(options: argparse.Namespace) -> None:
    from movieapp.lifecycle.promotion import by_hand
    from movieapp.registry import Registry

    with _instance(options) as (settings, database):
        decision = by_hand(database, Registry(settings.data), options.version, now=datetime.now(UTC))
    print(decision.reasoning)


def _evaluate(options: argparse.Namespace) -> None:
    from movieapp.lifecycle.training import evaluate
    from movieapp.registry import Registry
    from movieapp.tables import evaluation_json, evaluation_tables

    with _instance(options) as (settings, database), _progress() as progress:
        runs = evaluate(
            database,
            lambda: Registry(settings.data),
            window_name=options.window,
            seed=settings.seed,
            now=datetime.now(UTC),
            progress=progress,
        )
    if options.json:
        print(json.dumps(evaluation_json(runs), indent=1))
    else:
        _show(*evaluation_tables(runs))


def _tune(options: argparse.Namespace) -> None:
    from movieapp.lifecycle.tuning import choose, tune
    from movieapp.tables import trials_table

    with _instance(options) as (settings, database), _progress() as progress:
        trials = tune(database, seed=settings.seed, limit=options.trials, progress=progress)
    chosen = choose(trials)
    if options.json:
        trials_as_json = [trial.as_dict() for trial in trials]
        print(json.dumps({"chosen": chosen.as_dict(), "trials": trials_as_json}, indent=1))
        return
    _show(trials_table(trials))
    print(
        f"Chosen: factors {chosen.factors}, alpha {chosen.alpha:g}, regularization {chosen.regularization:g} "
        "(of the settings within 2 % of the best NDCG@10, the one with the highest Recall@20)."
    )


def _recommend(options: argparse.Namespace) -> None:
    with _recommender(options) as recommender:
        answer = recommender.recommend(options.user, k=options.k, filters=_filters(options))
    _print_answer(answer, options)


def _rank(options: argparse.Namespace) -> None:
    with _recommender(options) as recommender:
        answer = recommender.rank(options.user, k=options.k, titles=options.movies)
    _print_answer(answer, options)


def _similar(options: argparse.Namespace) -> None:
    from movieapp.errors import NotFound

    with _recommender(options) as recommender:
        films = [(title, recommender.catalogue.find_title(title)) for title in options.movies]
        for title, film in films:
            if film is None:
                raise NotFound(
                    f"No film is called {title!r} in this release. Try fewer words, or another title."
                )
        answer = recommender.similar(
            [film.movie_id for _, film in films if film], k=options.k, filters=_filters(options)
        )
    _print_answer(answer, options)


def _popular(options: argparse.Namespace) -> None:
    from movieapp.serving.lists import Window

    with _recommender(options) as recommender:
        answer = recommender.popular(k=options.k, window=Window(options.window), filters=_filters(options))
    _print_answer(answer, options)


def _settings(options: argparse.Namespace, **given: object) -> "Settings":
    from movieapp.settings import read

    return read(data=options.data, **given)


def _filters(options: argparse.Namespace) -> "Filters":
    from movieapp.serving.lists import Filters

    return Filters(
        genres=tuple(options.genre),
        exclude_genres=tuple(options.exclude_genre),
        year_from=options.year_from,
        year_to=options.year_to,
    )


@contextmanager
def _instance(options: argparse.Namespace) -> "Iterator[tuple[Settings, Database]]":
    """Open the instance's database for the time of one command."""
    from movieapp.database import open_database

    settings = _settings(options)
    database = open_database(settings.data)
    try:
        yield settings, database
    finally:
        database.close()


@contextmanager
def _recommender(options: argparse.Namespace) -> "Iterator[Recommender]":
    """Build the recommender of an instance that has been prepared."""
    from movieapp.lifecycle.promotion import champion_of
    from movieapp.models.bundle import Bundle
    from movieapp.serving.catalogue import read_catalogue
    from movieapp.serving.profiles import Profiles
    from movieapp.serving.recommender import Recommender
    from movieapp.serving.request_log import RequestLog

    with _instance(options) as (settings, database):
        if database.read("catalog/dataset").is_empty():
            raise NotReady(
                f"There are no films in {settings.data} yet. "
                "Start the app once (launcher.py), or run: launcher.py ingest, then launcher.py train."
            )
        profiles = Profiles(database)
        profiles.load()
        log = RequestLog(database)
        recommender = Recommender(database, profiles, log, clock=lambda: datetime.now(UTC))
        recommender.show(read_catalogue(database))
        version = champion_of(database, settings.data)
        if version is not None:
            recommender.swap(Bundle.load(version.serving_folder()), version=version.number)
        try:
            yield recommender
        finally:
            log.close()


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Show long work: a bar on a terminal, a plain line per stage elsewhere; both on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        stages: list[str] = []

        def line(stage: str, share: float) -> None:
            if stage not in stages[-1:]:
                stages.append(stage)
                print(stage, file=sys.stderr, flush=True)

        yield line
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("starting", total=1.0)
        yield lambda stage, share: bars.update(bar, description=stage, completed=share)


def _print_answer(answer: "Answer", options: argparse.Namespace) -> None:
    if options.json:
        from movieapp.api.wire import encode, list_body, ranked_body

        body = ranked_body(answer) if options.run is _rank else list_body(answer)
        print(encode(body).decode())
        return
    from movieapp.tables import answer_table

    if answer.notice:
        print(answer.notice)
    _show(answer_table(answer))
    if answer.unknown_candidates:
        print(f"Not in this release: {', '.join(answer.unknown_candidates)}.")


def _show(*tables: Any) -> None:
    from rich.console import Console

    # Without a terminal there is no width to fit: a pipe gets whole lines.
    console = Console()
    Console(width=None if console.is_terminal else 160).print(*tables)
