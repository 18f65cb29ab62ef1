"""Files of ratings as each service would write them, of films of a release, spelled in the service's ways."""

import csv
import io
import json
import random
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

# "Matrix, The" and "Ladri di biciclette" behind "Bicycle Thieves (...)": written apart from the app's own.
_ARTICLE = re.compile(r"^(.+), (The|A|An|Le|La|Les|L'|Il|I|El|Los|Las|Das|Der|Die|Un|Une|De|Det)$")
_DATED = re.compile(r"^(.*?) ?\((\d{4})\)$")
_OTHER = re.compile(r" ?\((?:a\.k\.a\. )?([^()]*)\)")
# Of so many rows one is a year off, and of so many one has none, unless another film would be meant then.
EVERY_YEAR_OFF, EVERY_UNDATED = 7, 40
ROMAN = {"II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7"}
Film = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A row of a file: the film that is meant, and what the service calls it."""

    movie_id: int
    name: str
    year: int | None
    imdb_id: int | None
    tmdb_id: int | None
    title: str
    stars: float


def written(films: pl.DataFrame, *, n: int, seed: int) -> list[Written]:
    """Return n rows of ratings: films of one name and films of other languages first, then any."""
    rng = random.Random(seed)
    # MovieLens has some films twice, under one title: nobody can tell which is meant.
    once = films.filter(pl.col("title").is_unique()).sort("movie_id").rows(named=True)
    dated = [film for film in once if _DATED.match(film["title"])]
    rng.shuffle(dated)
    years = {(_main(film["title"]).lower(), film["release_year"]) for film in dated}
    shared = Counter(_main(film["title"]).lower() for film in dated)
    remade = [film for film in dated if shared[_main(film["title"]).lower()] > 1]
    foreign = [film for film in dated if _others(film["title"])]
    chosen = {film["movie_id"]: film for film in (*remade[: n // 4], *foreign[: n // 3], *dated)}
    rows = []
    for place, film in enumerate(list(chosen.values())[:n]):
        called, year = _main(film["title"]), int(film["release_year"])
        other = year + rng.choice((-1, 1))
        is_off = place % EVERY_YEAR_OFF == 0 and (called.lower(), other) not in years
        is_undated = place % EVERY_UNDATED == 0 and shared[called.lower()] == 1
        rows.append(_row(rng, film, None if is_undated else other if is_off else year))
    return rows


def _row(rng: random.Random, film: Film, year: int | None) -> Written:
    title = str(film["title"])
    return Written(
        film["movie_id"],
        _quirky(rng, rng.choice([_main(title)] * 3 + _others(title))),
        year,
        film["imdb_id"],
        film["tmdb_id"],
        title,
        rng.randint(1, 10) / 2,
    )


def _main(title: str) -> str:
    """Return a title as people write it."""
    dated = _DATED.match(title)
    return _in_front(_OTHER.sub("", dated[1] if dated else title) or title)


def _others(title: str) -> list[str]:
    """Return the other names in a title that a film could go by elsewhere."""
    dated = _DATED.match(title)
    found = _OTHER.findall(dated[1] if dated else title)
    return [_in_front(one) for one in found if len(one) > 3 and "," not in _in_front(one)]


def _in_front(name: str) -> str:
    moved = _ARTICLE.match(name)
    if moved is None:
        return name
    return f"{moved[2]}{'' if moved[2].endswith(chr(39)) else ' '}{moved[1]}"


def _without_accents(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _in_digits(name: str) -> str:
    return re.sub(r"\b(Part|Episode) ([IV]+)\b", lambda m: f"{m[1]} {ROMAN.get(m[2], m[2])}", name)


QUIRKS: Sequence[Callable[[str], str]] = (
    str,
    str,
    lambda name: name.replace("'", "’").replace("...", "…"),
    lambda name: name.replace(" & ", " and ") if "&" in name else name.replace(" and ", " & "),
    lambda name: name.replace(": Part", " Part").replace(": ", " - "),
    lambda name: name.replace(" - ", ": "),
    lambda name: name.replace(": Part", ", Part").replace("-", "\u2011"),
    _without_accents,
    lambda name: unicodedata.normalize("NFD", name),
    _in_digits,
    lambda name: re.sub(r"\b(Mr|Mrs|Dr|St|Vol)\.", r"\1", name),
    lambda name: name.replace("!", "").replace("?", "").replace(",", ""),
)


def _quirky(rng: random.Random, name: str) -> str:
    return rng.choice(QUIRKS)(rng.choice(QUIRKS)(name))


def _csv(header: str, rows: Sequence[Sequence[object]], line_end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(header.split(","))
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue()


def letterboxd_csv(rows: Sequence[Written]) -> bytes:
    """Return ratings.csv: names and years, no ids."""
    lines = [("2024-01-05", row.name, row.year, "https://boxd.it/a", row.stars) for row in rows]
    return _csv("Date,Name,Year,Letterboxd URI,Rating", lines, "\n").encode()


def letterboxd_zip(rows: Sequence[Written]) -> bytes:
    """Return the whole export, in which a film stands in several files."""
    seen = [("2024-01-05", row.name, row.year, "https://boxd.it/a") for row in rows]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", letterboxd_csv(rows))
        archive.writestr("watched.csv", _csv("Date,Name,Year,Letterboxd URI", seen, "\n"))
        archive.writestr("profile.csv", "Date Joined,Username\n2020-01-01,ana\n")
    return stream.getvalue()


def imdb_csv(rows: Sequence[Written]) -> bytes:
    """Return ratings.csv with a BOM, ends of lines of Windows, and points out of ten."""
    lines = [
        (_tt(row), int(2 * row.stars), "2024-01-05", row.name, row.name, "Movie", 7.1, 90, row.year)
        for row in rows
    ]
    header = "Const,Your Rating,Date Rated,Title,Original Title,Title Type,IMDb Rating,Runtime (mins),Year"
    return _csv(header, lines, "\r\n").encode("utf-8-sig")


def imdb_old_csv(rows: Sequence[Written]) -> bytes:
    """Return the file of ten years ago, in the letters of Windows, as far as they go."""
    lines = [
        (number, _tt(row), "Tue Jan  5 00:00:00 2016", row.name, "Feature Film", int(2 * row.stars), row.year)
        for number, row in enumerate(rows, 1)
    ]
    text = _csv("position,const,created,Title,Title type,You rated,Year", lines, "\r\n")
    return text.encode("cp1252", "replace")


def trakt_json(rows: Sequence[Written]) -> bytes:
    """Return ratings-movies.json; some entries lack an id."""
    entries = [
        {
            "rated_at": "2024-01-05T20:00:00.000Z",
            "rating": int(2 * row.stars),
            "type": "movie",
            "movie": {
                "title": row.name,
                "year": row.year,
                "ids": {
                    "trakt": 1,
                    "slug": "a",
                    "imdb": _tt(row) if place % 5 else None,
                    "tmdb": row.tmdb_id,
                },
            },
        }
        for place, row in enumerate(rows)
    ]
    return json.dumps(entries).encode()


def movielens_csv(rows: Sequence[Written]) -> bytes:
    """Return movielens-ratings.csv: of another release the titles may be spelled otherwise."""
    lines = [
        (row.movie_id, f"{row.imdb_id or 0:07d}", row.tmdb_id, row.stars, 3.5, row.title) for row in rows
    ]
    return _csv("movie_id,imdb_id,tmdb_id,rating,average_rating,title", lines, "\n").encode()


def _tt(row: Written) -> str | None:
    return None if row.imdb_id is None else f"tt{row.imdb_id:07d}"
