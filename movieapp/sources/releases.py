"""The catalogue of MovieLens releases: what each is called, which files it has, how they are written."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from movieapp.errors import Invalid, NotFound

ADDRESS = "https://files.grouplens.org/datasets/movielens"

# One field of a csv line: quoted with doubled quotes inside, or plain.
_CSV_TEXT = r'("(?:[^"]|"")*"|[^",][^,]*|)'


@dataclass(frozen=True, slots=True)
class Format:
    """How one family of releases is written. Patterns are for one whole line, with the fields as groups."""

    name: str
    delimiter: str
    ratings: str
    movies: str
    movie_pattern: str  # movie id, title, genres
    users: str | None = None
    user_delimiter: str = ""
    gender_field: int = 0  # counted from 1
    age_field: int = 0
    tags: str | None = None
    tag_pattern: str = ""  # user id, movie id, tag, seconds
    links: str | None = None
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_latin1: bool = False

    @property
    def is_csv(self) -> bool:
        """Whether a field may be quoted; elsewhere a quotation mark is part of the text."""
        return self.delimiter == ","

    @property
    def files(self) -> tuple[str, ...]:
        every = (self.movies, self.ratings, self.users, self.tags, self.links)
        return tuple(name for name in every if name)


U_DATA = Format(
    name="u.data",
    delimiter="\t",
    ratings="u.data",
    movies="u.item",
    movie_pattern=r"^([^|]*)\|([^|]*)\|[^|]*\|[^|]*\|[^|]*\|([01](?:\|[01]){18})$",
    users="u.user",
    user_delimiter="|",
    gender_field=3,
    age_field=2,
    is_latin1=True,
)
DAT_WITH_USERS = Format(
    name=".dat with users",
    delimiter="::",
    ratings="ratings.dat",
    movies="movies.dat",
    movie_pattern=r"^(.*?)::(.*)::(.*?)$",
    users="users.dat",
    user_delimiter="::",
    gender_field=2,
    age_field=3,
    is_latin1=True,
)
DAT_WITH_TAGS = replace(
    DAT_WITH_USERS,
    name=".dat with tags",
    users=None,
    tags="tags.dat",
    tag_pattern=r"^(.*?)::(.*?)::(.*)::(.*?)$",
    is_latin1=False,
)
CSV = Format(
    name="csv",
    delimiter=",",
    ratings="ratings.csv",
    movies="movies.csv",
    movie_pattern=rf"^([^,]*),{_CSV_TEXT},{_CSV_TEXT}$",
    tags="tags.csv",
    tag_pattern=rf"^([^,]*),([^,]*),{_CSV_TEXT},([^,]*)$",
    links="links.csv",
    headers={
        "ratings.csv": ("userId", "movieId", "rating", "timestamp"),
        "movies.csv": ("movieId", "title", "genres"),
        "tags.csv": ("userId", "movieId", "tag", "timestamp"),
        "links.csv": ("movieId", "imdbId", "tmdbId"),
    },
)
FORMATS = (U_DATA, DAT_WITH_USERS, DAT_WITH_TAGS, CSV)


@dataclass(frozen=True, slots=True)
class Release:
    """One MovieLens data set, published by GroupLens or put together by hand in one of its formats."""

    name: str
    format: Format
    is_whole: bool = True

    @property
    def needed(self) -> tuple[str, ...]:
        """The files that must be there: all of a published release, else at least films and ratings."""
        return self.format.files if self.is_whole else (self.format.movies, self.format.ratings)


RELEASES = {
    release.name: release
    for release in (
        Release("ml-latest-small", CSV),
        Release("ml-100k", U_DATA),
        Release("ml-1m", DAT_WITH_USERS),
        Release("ml-10m", DAT_WITH_TAGS),
        Release("ml-20m", CSV),
        Release("ml-25m", CSV),
        Release("ml-32m", CSV),
        Release("ml-latest", CSV),
    )
}


def release(name: str) -> Release:
    """Return the published release of that name."""
    try:
        return RELEASES[name.strip().lower()]
    except KeyError:
        raise NotFound(
            f"There is no MovieLens release {name}: choose one of {', '.join(RELEASES)}."
        ) from None


def bundled() -> Path:
    """Return the path of the release that comes with movieapp."""
    return Path(__file__).resolve().parents[2] / "data" / "ml-latest-small.zip"


def recognise(files: Collection[str], *, names: Iterable[str], readme: str = "") -> Release:
    """Return the release that has these files, given the names it goes by, best first, and its README's text.

    The csv releases have the same files, so there it takes the README or a name to tell which one it is.
    """
    names = [name.strip() for name in names if name.strip()]
    present = set(files)
    found = max(FORMATS, key=lambda each: _likeness(each, present))
    if not present & {found.ratings, found.movies}:
        raise Invalid(
            "holds no MovieLens release: there should be ratings.csv and movies.csv, or ratings.dat and "
            "movies.dat, or u.data and u.item. Give the zip as GroupLens publishes it, or the folder of its "
            "files."
        )
    said = re.findall(r"dataset \((ml-[a-z0-9-]+)\)", readme)
    for text in (*said, *names):
        known = _named(text)
        # A name decides between releases whose files look alike; it never overrules the files.
        if known and known.format.ratings == found.ratings:
            return known
    if found is CSV:
        return Release(names[0][:60] if names else found.name, found, is_whole=False)
    return next(replace(each, is_whole=False) for each in RELEASES.values() if each.format is found)


def _likeness(each: Format, present: set[str]) -> tuple[int, int]:
    return len(present & {each.ratings, each.movies}), len(present & set(each.files))


def _named(text: str) -> Release | None:
    found = re.match(r"ml-(?:latest-small|latest|100k|1m|10m|20m|25m|32m)", text.lower())
    return RELEASES[found[0]] if found else None
