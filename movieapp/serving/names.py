"""Names and colors of people who use this app under one."""

import re
from collections.abc import Iterable

from movieapp.database import Cursor
from movieapp.errors import Conflict, Invalid
from movieapp.serving.memory import Profile

LONGEST_NAME = 40
# White text on each can be read.
COLORS = ("#1d4ed8", "#b91c1c", "#047857", "#7e22ce", "#b45309", "#0e7490", "#be185d", "#4d7c0f")
COLOR = re.compile(r"#[0-9a-f]{6}")

# Everything that a person leaves in the database.
DELETIONS = (
    "serving/delete_ratings",
    "serving/delete_opinions",
    "serving/delete_watches",
    "serving/delete_watchlist",
    "serving/delete_notes",
    "serving/delete_unlearned",
    "serving/delete_presets",
    "serving/delete_feedback",
    "serving/delete_requests",
    "serving/delete_outcomes",
    "serving/delete_profile",
    "serving/delete_user",
    "serving/note_deletion",
)


def free_name(name: str, others: Iterable[Profile]) -> str:
    """Return the name on one line; `Invalid` for none, a `Conflict` for one that somebody else has."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A name has 1 to {LONGEST_NAME} characters, all of which can be seen.")
    if any(name.lower() == other.name.lower() for other in others):
        raise Conflict(f"There is a profile named {name} already. Choose another name.")
    return name


def proper_color(color: str) -> str:
    """Return the color in lower case; `Invalid` for what is none."""
    if not COLOR.fullmatch(color.lower()):
        raise Invalid('A color is written as "#rrggbb", for example "#1d4ed8".')
    return color.lower()


def next_color(others: Iterable[Profile]) -> str:
    """Return the color that the fewest people have."""
    taken = [other.color for other in others]
    return min(COLORS, key=taken.count)


def write_deletion(cursor: Cursor, user_id: int) -> None:
    """Remove everything of a person's, and remember that they are gone: what is still to be logged is not."""
    for statement in DELETIONS:
        cursor.write(statement, user_id=user_id)
