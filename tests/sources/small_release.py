"""Releases that fit in the head, in each of the formats: three people, four films."""

import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from movieapp.database import Database

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

CSV = {
    "movies.csv": [
        "movieId,title,genres",
        "1,Toy Story (1995),Animation|Children",
        '2,"Matrix, The (1999)",Action',
        '3,"""Great"" Cats (1998) ",(no genres listed)',
        "4,Misérables,Drama",
    ],
    "ratings.csv": [
        "userId,movieId,rating,timestamp",
        "1,1,4.0,1000000001",
        "1,2,4.5,1000000002",
        "2,1,0.5,1000000003",
        "2,3,5.0,1000000004",
        "3,2,3.0,1000000005",
    ],
    "tags.csv": [
        "userId,movieId,tag,timestamp",
        "1,2,mind-bending,1000000006",
        '2,1,"toys, ""alive""",1000000007',
    ],
    "links.csv": ["movieId,imdbId,tmdbId", "1,0114709,862", "2,0133093,", "3,,"],
}
U_DATA = {
    "u.item": [
        "1|Toy Story (1995)|01-Jan-1995||http://x|" + "|".join("0001110000000000000"),
        "2|Matrix, The (1999)|01-Jan-1999||http://x|" + "|".join("0100000000000000000"),
        "3|unknown||||" + "|".join("1000000000000000000"),
        "4|Misérables, Les (1995)|01-Jan-1995||http://x|" + "|".join("0000000010000000000"),
    ],
    "u.data": ["1\t1\t4\t1000000001", "1\t2\t5\t1000000002", "2\t1\t1\t1000000003", "3\t4\t3\t1000000005"],
    "u.user": ["1|24|M|technician|85711", "2|53|F|other|94043", "3|23|M|writer|V0R2M"],
}
DAT_WITH_USERS = {
    "movies.dat": [
        "1::Toy Story (1995)::Animation|Children's",
        '2::"Matrix", The: Again (1999)::Action',
        "4::Misérables, Les (1995)::Drama",
    ],
    "ratings.dat": ["1::1::4::1000000001", "1::2::5::1000000002", "2::4::1::1000000003"],
    "users.dat": ["1::F::1::10::48067", "2::M::56::16::70072"],
}
DAT_WITH_TAGS = {
    "movies.dat": ["1::Toy Story (1995)::Animation", "2::Amélie (2001)::(no genres listed)"],
    "ratings.dat": ["1::1::4.5::1000000001", "2::2::0.5::1000000002"],
    "tags.dat": ['1::2::"whimsy"::1000000003', "2::1::a::b::1000000004"],
}


def write(folder: Path, files: dict[str, list[str]], *, encoding: str = "utf-8", **changed: Any) -> Path:
    """Write the files into `folder`; `ratings=[...]` replaces the lines of that file, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        stem = name.split(".")[1] if name.startswith("u.") else name.split(".")[0]
        content = changed.get(stem, lines)
        if isinstance(content, list):
            content = "".join(f"{line}\n" for line in content).encode(encoding)
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def more(name: str, *lines: str) -> list[str]:
    """Return the csv file of that name with these lines after its own."""
    return [*CSV[f"{name}.csv"], *lines]


def pack(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def pack_folder(path: Path, folder: Path, *, inside: str) -> Path:
    return pack(path, ((f"{inside}/{file.name}", file.read_bytes()) for file in sorted(folder.iterdir())))


def rows(database: Database, question: str) -> list[tuple[Any, ...]]:
    """Return the answer to a question in SQL, which need not be a file below sql/ for a test's sake."""
    with database.transaction() as cursor:
        return cursor._cursor.sql(question).fetchall()


def rejected(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, "select file, line, reason from rejected_rows order by file, line")


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that an ingest may touch, to see that nothing changed."""
    tables = ("dataset", "movies", "users", "ratings", "tags", "links", "rejected_rows", "feedback")
    return {table: rows(database, f"from {table} order by all") for table in tables}
