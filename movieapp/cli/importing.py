"""Commands that take an export of another service in, and give everything that a person keeps out."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from movieapp.cli.edge import settings_of_instance
from movieapp.errors import Invalid, NotFound

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.serving.profiles import Profiles
    from movieapp.sources.exports.applying import Applied
    from movieapp.sources.exports.preview import Doubtful, Preview
    from movieapp.sources.exports.rows import Row

SHOWN = 10


def import_(options: argparse.Namespace) -> None:
    """Take the export of another service into a profile, after a look at what it would bring."""
    settings = settings_of_instance(options)
    from movieapp.instance import clock_of, opened
    from movieapp.sources.exports.files import open_export
    from movieapp.sources.exports.preview import Films, preview

    with opened(settings.data) as database:
        profiles, now = _profiles(database), clock_of(database)
        found = preview(Films.read(database), open_export(options.file))
        _print_preview(found, is_choosing=options.choose)
        if options.unmatched:
            _write(options.unmatched, found.unmatched_csv())
        choices = _choices(found) if options.choose else {}
        if not options.yes and not _agreed(options.profile):
            print("Nothing was imported.")
            return
        user_id = _user(profiles, options.profile)
        if user_id is None:
            made = profiles.make(options.profile, color=found.export.color, now=now())
            user_id = made.user_id
            print(f"Made the profile {made.name}, user {user_id}.")
        done = profiles.take_in(user_id, found, choices=choices, is_overwriting=options.overwrite, now=now())
    _print_done(done, options)


def export(options: argparse.Namespace) -> None:
    """Write everything that a person keeps into a file."""
    form = options.to.suffix.lower()
    if form not in (".json", ".csv"):
        raise Invalid(f"{options.to.name} ends neither in .json nor in .csv, so its form is not clear.")
    if options.to.is_file() and not options.overwrite:
        raise Invalid(f"{options.to} is there already. Choose another name, or give --overwrite.")
    settings = settings_of_instance(options)
    from movieapp.instance import opened
    from movieapp.sources.exports.own import profile_csv, profile_json

    with opened(settings.data) as database:
        user_id = _user(_profiles(database), options.profile)
        if user_id is None:
            raise NotFound(
                f"There is no profile named {options.profile}. People without a name go by their number."
            )
        written = profile_json if form == ".json" else profile_csv
        _write(options.to, written(database, user_id))
    print(f"Wrote {options.to}.")


def _profiles(database: "Database") -> "Profiles":
    from movieapp.serving.profiles import Profiles

    profiles = Profiles(database)
    profiles.load()
    return profiles


def _user(profiles: "Profiles", called: str) -> int | None:
    """Return the id of the person of that name or, if nobody has it, of that number; None for nobody."""
    named = profiles.named_as(called)
    if named is not None:
        return named.user_id
    is_number = called.isascii() and called.isdigit() and len(called) <= 10
    return int(called) if is_number and profiles.is_known(int(called)) else None


def _print_preview(found: "Preview", *, is_choosing: bool) -> None:
    n_films = len(found.matched) + len(found.doubtful) + len(found.unmatched)
    print(
        f"{found.export.service}: {len(found.export.rows):,} rows about {n_films:,} films. Matched: "
        f"{len(found.matched):,}, doubtful: {len(found.doubtful):,}, unmatched: {len(found.unmatched):,}."
    )
    if n_presets := len(found.export.presets):
        print(f"Presets of list settings: {n_presets:,}.")
    if found.doubtful and not is_choosing:
        print("Doubtful, left out unless you choose (--choose):")
        for film in found.doubtful[:SHOWN]:
            print(f"  {_called(film.rows)}: perhaps {' or '.join(one.title for one in film.candidates)}")
        _print_more(len(found.doubtful))
    if found.unmatched:
        print("Unmatched, not in this release (--unmatched FILE writes all):")
        for gone in found.unmatched[:SHOWN]:
            print(f"  {_called(gone.rows)}")
        _print_more(len(found.unmatched))


def _print_more(n: int) -> None:
    if n > SHOWN:
        print(f"  ... and {n - SHOWN:,} more")


def _print_done(done: "Applied", options: argparse.Namespace) -> None:
    told = {
        "ratings": done.n_ratings + done.n_overwritten,
        "viewings": done.n_watches,
        "places on the watchlist": done.n_watchlist,
        "opinions": done.n_opinions,
        "notes": done.n_notes,
        "films that nothing is learned from": done.n_unlearned,
        "presets": done.n_presets,
    }
    parts = [f"{what}: {n:,}" for what, n in told.items() if n]
    print(f"Imported {', '.join(parts)}." if parts else "Everything was there already: nothing changed.")
    if done.n_kept and not options.overwrite:
        print(f"Ratings that differ from the file's and stayed: {done.n_kept:,}. --overwrite replaces them.")


def _choices(found: "Preview") -> dict[int, int | None]:
    """Ask, for each doubtful film, which is meant."""
    return {position: _chosen(film) for position, film in enumerate(found.doubtful)}


def _chosen(film: "Doubtful") -> int | None:
    print(f"{_called(film.rows)} may be:")
    for number, candidate in enumerate(film.candidates, start=1):
        print(f"  {number}  {candidate.title}")
    while True:
        said = _asked(f"Which one? (1 to {len(film.candidates)}, Enter for none) ").strip()
        if not said:
            return None
        if said.isascii() and said.isdigit() and 1 <= int(said[:3]) <= len(film.candidates):
            return film.candidates[int(said[:3]) - 1].movie_id


def _agreed(name: str) -> bool:
    return _asked(f"Take this into the profile {name}? (y or n) ").strip().lower() in ("y", "yes")


def _asked(question: str) -> str:
    """Ask on the terminal; refuse where there is nobody to answer."""
    print(question, end="", flush=True)
    said = sys.stdin.readline()
    if not said:
        print()
        raise Invalid(
            "There is nobody to answer here. Give --yes, and leave --choose out. Nothing was imported."
        )
    return said


def _called(rows: "tuple[Row, ...]") -> str:
    row = rows[0]
    title = row.title or f"tt{row.imdb_id or 0:07d}"
    return title if row.year is None or f"({row.year})" in title else f"{title} ({row.year})"


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Invalid(
            f"{file} cannot be written: {error.strerror or error}. Choose another place."
        ) from error
