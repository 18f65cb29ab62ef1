"""The options of every command; what the commands do stands in `cli/`."""

import argparse
import difflib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import movieapp

TITLES = 'titles, as "Heat (1995)" or Heat'
Run = Callable[[argparse.Namespace], None]


class _Parser(argparse.ArgumentParser):
    """A parser that says what somebody who mistyped a command or a choice may have meant."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        names = list(map(str, action.choices))
        meant = difflib.get_close_matches(str(value).lower(), names, n=1)
        way_out = f"Did you mean {meant[0]}?" if meant else f"Choose one of: {', '.join(names)}."
        raise argparse.ArgumentError(action, f"there is no {value!r}. {way_out}")


def parser_of(commands: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Return the parser that sets `run` to one of the commands, by its name; without a name to "serve"."""
    parser = _Parser(
        prog="launcher.py",
        description="movieapp: film recommendations on your own machine. Without a command it serves.",
        epilog="Settings can also come from the environment as MOVIEAPP_*, for example MOVIEAPP_PORT=9000.",
    )
    _shared_options(parser, default=None)
    # `launcher.py --port 9000` serves as well: the first word may be left out.
    _serving_options(parser, default=None)
    parser.set_defaults(run=commands["serve"])
    version = f"movieapp {movieapp.__version__}"
    parser.add_argument("--version", action="version", version=version, help="print the version")
    names = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        added = names.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        # What was said before the command's name holds unless it is said again after it.
        _shared_options(added, default=argparse.SUPPRESS)
        added.set_defaults(run=commands[name])
        return added

    serve = command("serve", "prepare what is missing, then serve the pages and the API")
    _serving_options(serve, default=argparse.SUPPRESS)
    _training_options(command)
    _comparing_options(command)
    _job_options(command)
    _simulating_options(command)
    _people_options(command)
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
    ingest = command("ingest", "read a MovieLens release into the database")
    ingest.add_argument(
        "release", nargs="?", metavar="RELEASE", help="such as ml-1m; downloaded unless --from"
    )
    ingest.add_argument("--from", dest="origin", type=Path, metavar="PATH", help="a local zip or folder")
    ingest.add_argument("--replace", action="store_true", help="put it in the place of another release")
    enrich = command("enrich", "add plots, people and pictures of the films, from TMDB or from a file")
    enrich.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="FILE",
        help="movies_metadata.csv of The Movies Dataset, or the zip with it (default: fetch from TMDB, which "
        "needs MOVIEAPP_TMDB_KEY)",
    )
    train = command("train", "train and measure all models and register one")
    train.add_argument(
        "--model", metavar="NAME", help="the model that serves (default: the best on validation)"
    )
    train.add_argument("--promote", action="store_true", help="make it production whatever serves now")
    promote = command("promote", "let a registered version serve from the next start on")
    promote.add_argument("version", metavar="VERSION", help="its number")
    rollback = command("rollback", "let the version serve again that served before the one in production")
    for parser in (promote, rollback):
        parser.add_argument("--reason", metavar="TEXT", help="why; it is kept with the decision")
    evaluate = command("evaluate", "measure all models and print the table")
    evaluate.add_argument(
        "--window",
        choices=("validation", "test"),
        default="validation",
        help="test is for figures to report, never for tuning (default: validation)",
    )
    tune = command("tune", "search the parameters of ALS on the validation window")
    tune.add_argument("--trials", type=_positive, metavar="N", help="stop after N settings (default: all)")
    for parser in (evaluate, tune):
        parser.add_argument("--json", action="store_true", help="print JSON")


def _comparing_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    compare = command("compare", "fit all models on one release, measure them and store nothing")
    compare.add_argument(
        "--from", dest="origin", type=Path, metavar="PATH", help="a release (default: that of the instance)"
    )
    compare.add_argument("--window", choices=("validation", "test"), default="validation")
    compare.add_argument(
        "--protocol",
        choices=("time", "replay", "random"),
        default="time",
        help="how ratings are split; the last two are those of published comparisons (default: time)",
    )
    compare.add_argument("--seed", type=_number, metavar="N", help="of models and of random splits")
    compare.add_argument("--models", metavar="A,B", default="", help="only these (default: all)")
    compare.add_argument("--aims", action="store_true", help="measure lists with other aims as well")
    compare.add_argument(
        "--stars",
        choices=("u", "folds", "random"),
        help="measure predicted stars instead: on the splits that come with ML-100K, on five folds, or on a "
        "random tenth",
    )
    compare.add_argument("--json", type=Path, metavar="FILE", help="write every figure")
    compare.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots")


def _job_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    retrain = command("retrain", "train on what came in, and let the new version serve if it is better")
    retrain.add_argument("--force", action="store_true", help="although nothing came in")
    retrain.add_argument(
        "--require-significance", action="store_true", help="only if it is better beyond chance"
    )
    replay = command("replay", "hold what was recommended against what was liked afterwards")
    replay.add_argument(
        "--window-days",
        type=_days,
        metavar="N",
        help="days after a list within which a like counts for it (default: 7)",
    )
    command("report", "write the daily report")
    command("publish", "put a copy of the database where analysts read it")
    command("housekeeping", "delete old requests, records of runs and files of versions")
    explore = command("explore", "write a report on the release, to look at")
    explore.add_argument("--open", action="store_true", help="open it in the browser")


def _simulating_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    simulate = command("simulate", "live a past period again in an instance of its own, day by day")
    simulate.add_argument("--release", metavar="NAME", help="such as ml-100k; downloaded unless --from")
    simulate.add_argument("--from", dest="origin", type=Path, metavar="PATH", help="a local zip or folder")
    simulate.add_argument(
        "--days", type=_days_to_live, default=14, metavar="N", help="how many days (default: 14)"
    )
    simulate.add_argument(
        "--start",
        type=_date,
        metavar="DATE",
        help="the first of them (default: the one after the oldest 70 %% of the ratings)",
    )
    simulate.add_argument(
        "--fully", action="store_true", help="train the two-stage model and expected stars every night"
    )
    simulate.add_argument("--seed", type=_number, metavar="N", help="of every training")
    simulate.add_argument("--json", action="store_true", help="print JSON")


def _people_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    taken_in = command(
        "import", "take an export of Letterboxd, IMDb, Trakt, MovieLens or this app into a profile"
    )
    taken_in.add_argument("file", type=Path, metavar="FILE", help="csv, JSON or zip, as it was downloaded")
    taken_in.add_argument(
        "--overwrite", action="store_true", help="replace ratings, notes and opinions that differ"
    )
    taken_in.add_argument("--choose", action="store_true", help="ask about each doubtful film")
    taken_in.add_argument("--yes", action="store_true", help="do not ask whether to go on")
    taken_in.add_argument(
        "--unmatched", type=Path, metavar="FILE", help="write what is not in the release as csv"
    )
    given_out = command("export", "write everything that a person keeps into a file")
    given_out.add_argument("--to", type=Path, required=True, metavar="FILE", help="it ends in .json or .csv")
    given_out.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    for parser in (taken_in, given_out):
        parser.add_argument(
            "--profile", required=True, metavar="NAME", help="a name, or the number of somebody without one"
        )


def _listing_options(command: Callable[..., argparse.ArgumentParser]) -> None:
    recommend = command("recommend", "films for a user, with reasons")
    recommend.add_argument("--user", type=_user, required=True, metavar="ID")
    rank = command("rank", "the films you name, ranked for a user")
    rank.add_argument("--user", type=_user, required=True, metavar="ID")
    rank.add_argument("--movies", nargs="+", required=True, metavar="TITLE", help=TITLES)
    similar = command("similar", "films like one or several others")
    similar.add_argument("--movies", nargs="+", required=True, metavar="TITLE", help=TITLES)
    popular = command("popular", "the films with the most likes")
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


def _days(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= 90:
        raise argparse.ArgumentTypeError("give a number of days from 1 to 90")
    return number


def _days_to_live(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= 366:
        raise argparse.ArgumentTypeError("give a number of days from 1 to 366")
    return number


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 1998-02-10") from error


def _user(text: str) -> int:
    number = _number(text)
    if not 1 <= number < 2**31:
        raise argparse.ArgumentTypeError("a user id is a number from 1 to 2147483647")
    return number
