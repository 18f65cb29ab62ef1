"""IMDb's csv files: ratings, and the watchlist or another list; of today and of ten years ago."""

from collections.abc import Iterator
from typing import Any

from movieapp.sources.exports.rows import Kind, Row, imdb_id, instant, named, stars_of_10, year
from movieapp.sources.exports.tables import Table

SERVICE = "IMDb"
# "Movie", "feature", "TV Movie", "Short", "video" are films; the rest is found by its id or not at all.
NO_FILMS = ("series", "episode", "game", "music", "podcast", "special")


def is_ours(table: Table) -> bool:
    """Whether IMDb wrote it."""
    return table.has("const") and any(table.has(each) for each in ("your rating", "you rated", "position"))


def rows(table: Table, fields: dict[str, str], place: dict[str, Any]) -> Iterator[Row]:
    """Yield what one row tells. A list has positions; it also says how its films were rated."""
    number = imdb_id(fields["const"])
    kind = fields.get("title type", "").lower()
    film = {
        **place,
        "imdb_id": number,
        "title": named(fields.get("title"), number),
        "year": year(fields.get("year", "")),
        "is_film": not any(word in kind for word in NO_FILMS),
    }
    created = instant(fields.get("created", ""))
    is_old = table.has("you rated")
    stars = stars_of_10(fields.get("your rating", fields.get("you rated", "")))
    if table.has("position") and not is_old:
        yield Row(Kind.WATCHLIST, **film, at=created)
    if stars is not None:
        yield Row(Kind.RATING, **film, stars=stars, at=instant(fields.get("date rated", "")) or created)
