"""An export as a person hands it over: a csv, JSON or zip file of any service, recognised and read."""

import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from movieapp.errors import Invalid, NotFound
from movieapp.sources.exports import imdb, letterboxd, movielens, own, trakt
from movieapp.sources.exports.rows import NOTHING, BadField, Export, Row, refused, shown
from movieapp.sources.exports.tables import MOST_BYTES, MOST_ROWS, Table, decoded, table

MOST_FILES = 2000
UNDERSTOOD = (
    "movieapp reads the exports of Letterboxd (ratings.csv, diary.csv, watched.csv, watchlist.csv or the "
    "whole zip), IMDb, Trakt and MovieLens (movielens-ratings.csv), and its own"
)
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError, KeyError, IndexError, OverflowError),
)

# What exports of services say of the person.
NOBODY = own.Head(None, None, ())

RowsOf = Callable[[Any, dict[str, Any]], Iterator[Row]]


class _Unknown(Exception):
    """A file of no service that is known; the text says what it looks like instead."""


def open_export(path: Path) -> Export:
    """Read an export from the disk."""
    try:
        if path.stat().st_size > 4 * MOST_BYTES:
            raise refused(path.name, None, "it is too large to be an export")
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}. Give the file that the service let you download.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}. Check its permissions.") from error
    return read_export(path.name, content)


def read_export(name: str, content: bytes) -> Export:
    """Return what an export tells. `Invalid`, with the row and the reason, for one that cannot be used."""
    if content.startswith(b"PK"):
        return _zipped(name, content)
    try:
        return _single(name, content)
    except _Unknown as unknown:
        raise Invalid(f"{name} {unknown}. {UNDERSTOOD}. {NOTHING}") from None


def _single(name: str, content: bytes) -> Export:
    text = decoded(name, content)
    if not text.strip():
        raise _Unknown("is empty")
    return _of_json(name, text) if text.lstrip()[0] in "[{" else _of_table(table(name, text))


def _of_table(read: Table) -> Export:
    if own.is_ours(read):
        return _collected(own.SERVICE, read.file, read.rows, own.rows, head=own.head_of_table(read))
    if letterboxd.is_ours(read):
        letterboxd.part(read)
        return _collected(letterboxd.SERVICE, read.file, read.rows, _of(letterboxd.rows, read))
    if movielens.is_ours(read):
        return _collected(movielens.SERVICE, read.file, read.rows, movielens.rows)
    if imdb.is_ours(read):
        return _collected(imdb.SERVICE, read.file, read.rows, _of(imdb.rows, read))
    if trakt.is_ours(read):
        return _collected(trakt.SERVICE, read.file, read.rows, trakt.rows)
    if read.has("userid", "movieid", "rating"):
        raise _Unknown(
            "is a part of a MovieLens release, not of somebody's own ratings: see launcher.py ingest"
        )
    raise _Unknown(f"is of no service that is known; its first row is {shown(', '.join(read.columns))}")


def _of(rows: Callable[[Table, Any, dict[str, Any]], Iterator[Row]], read: Table) -> RowsOf:
    return lambda fields, place: rows(read, fields, place)


def _of_json(name: str, text: str) -> Export:
    try:
        value = json.loads(text)
    except RecursionError:
        raise refused(name, None, "it is nested too deeply") from None
    except ValueError as error:
        raise refused(name, None, f"it is no whole JSON ({shown(str(error))})") from None
    if isinstance(value, dict) and value.get("format") == own.FORMAT:
        return _of_own(name, value)
    if not isinstance(value, list):
        raise _Unknown("is JSON of no service that is known")
    return _collected(trakt.SERVICE, name, enumerate(value, 1), trakt.entry_rows)


def _of_own(name: str, value: dict[str, Any]) -> Export:
    records = value.get("records")
    if value.get("version") != own.VERSION or not isinstance(records, list):
        raise refused(name, None, "it is of a newer movieapp, or damaged")
    head = own.head_of_json(name, value)
    return _collected(own.SERVICE, name, enumerate(records, 1), own.entry_rows, head=head)


def _collected(
    service: str,
    file: str,
    entries: Iterable[tuple[int, Any]],
    rows_of: RowsOf,
    *,
    head: own.Head = NOBODY,
) -> Export:
    """Return the rows of all entries; the first that makes no sense refuses the file."""
    rows: list[Row] = []
    n_skipped = 0
    for number, entry in entries:
        try:
            told = list(rows_of(entry, {"file": file, "number": number}))
        except BadField as problem:
            raise refused(file, number, problem) from None
        rows += told
        if len(rows) > MOST_ROWS:
            raise refused(file, None, f"it tells more than {MOST_ROWS:,} things")
        n_skipped += not told
    return Export(service, tuple(rows), n_skipped, head.name, head.color, head.presets)


def _zipped(name: str, content: bytes) -> Export:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            files = dict(_members(name, archive))
    except BROKEN_ZIP as error:
        raise refused(name, None, f"it is no whole zip file ({shown(str(error))})") from None
    parts = {member: part for member, read in files.items() if (part := _member(member, read)) is not None}
    if sum(len(part.rows) for part in parts.values()) > MOST_ROWS:
        raise refused(name, None, f"its files have more than {MOST_ROWS:,} rows")
    if not parts:
        raise Invalid(f"{name} has no file in it that could be used. {UNDERSTOOD}. {NOTHING}")
    services = sorted({part.service for part in parts.values()})
    if len(services) > 1:
        raise refused(name, None, f"it holds exports of {' and '.join(services)}: give them one by one")
    return _together(services[0], parts)


def _members(name: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the files in the zip that may be an export, without the folder that everything is in."""
    infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    if len(infos) > MOST_FILES:
        raise refused(name, None, "it has too many files to be an export")
    paths = [PurePosixPath(info.filename) for info in infos]
    roots = {path.parts[:1] for path in paths}
    n_common = 1 if len(roots) == 1 and all(len(path.parts) > 1 for path in paths) else 0
    # Letterboxd's deleted entries, likes and lists are in folders; of Trakt's export, all can be.
    chosen = {
        "/".join(path.parts[n_common:]): info
        for info, path in zip(infos, paths, strict=True)
        if len(path.parts) == n_common + 1 or trakt.FILES.fullmatch(path.name)
        if path.suffix.lower() in (".csv", ".json")
    }
    if sum(info.file_size for info in chosen.values()) > 4 * MOST_BYTES:
        raise refused(name, None, "it would unpack to more than an export can have")
    for member, info in chosen.items():
        with archive.open(info) as packed:
            yield member, packed.read(MOST_BYTES + 1)


def _member(member: str, content: bytes) -> Export | None:
    """Return what a file of a zip tells, None for one that is about something else."""
    file = PurePosixPath(member).name
    if file.endswith(".json") and content.lstrip()[:1] == b"[" and not trakt.FILES.fullmatch(file):
        return None
    try:
        export = _single(member, content)
    except _Unknown:
        return None
    # Reviews, comments and the like have the same columns, and repeat what the diary says.
    is_other = export.service == letterboxd.SERVICE and file not in letterboxd.FILES
    return None if is_other else export


def _together(service: str, parts: dict[str, Export]) -> Export:
    """Return one export of the parts, each thing said once."""
    names = {PurePosixPath(member).name for member in parts}
    rows: list[Row] = []
    for member, part in parts.items():
        file = PurePosixPath(member).name
        if service == letterboxd.SERVICE and file == "diary.csv" and "ratings.csv" in names:
            # The ratings of today are in the other file; the diary has those of that evening.
            rows += [row for row in part.rows if row.stars is None]
        elif (
            service == trakt.SERVICE and "watched-movies" in file and any(map(trakt.HISTORY.fullmatch, names))
        ):
            continue  # the history has every viewing, this only the last
        else:
            rows += part.rows
    n_skipped = sum(part.n_skipped for part in parts.values())
    first = next(iter(parts.values()))
    return Export(service, tuple(rows), n_skipped, first.name, first.color, first.presets)
