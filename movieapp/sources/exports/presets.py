"""Settings of lists that a person keeps under a name, in this app's own export: there and back."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from movieapp.database import Cursor, Database
from movieapp.errors import Conflict
from movieapp.sources.exports.rows import BadField, KeptPreset, instant, shown

LONGEST_NAME = 40
MOST_PRESETS = 50
MOST_GENRES, LONGEST_GENRE = 30, 50
# What a list can be asked for, from the least to the most.
YEARS, MINUTES = (1000, 9999), (1, 1000)
# What a setting may say, by the names that requests have for it, with the least and the most.
GENRES = ("genres", "exclude_genres")
WHOLE = dict.fromkeys(("year_from", "year_to"), YEARS) | dict.fromkeys(
    ("runtime_min", "runtime_max"), MINUTES
)
AIMS = {"diversity": (0, 1), **dict.fromkeys(("popularity", "adventure", "age"), (-1, 1))}
FLAGS = {"discover": False, "exclude_seen": True}


def is_name(text: str) -> bool:
    """Whether a preset can be called so; it stands in an address, between slashes."""
    is_one_line = text == " ".join(text.split()) and text.isprintable()
    return is_one_line and 1 <= len(text) <= LONGEST_NAME and "/" not in text


def presets_of(database: Database, user_id: int) -> list[dict[str, Any]]:
    """Return somebody's presets as an export has them."""
    kept = database.read("serving/presets", user_id=user_id).rows()
    return [{"name": name, "at": at.isoformat(), "setting": json.loads(text)} for name, text, at in kept]


def read_preset(entry: object) -> KeptPreset:
    """Return a preset of the JSON form; `BadField` for one that makes no sense."""
    if not isinstance(entry, dict):
        raise BadField(f"{shown(entry)} is no preset")
    name, at = entry.get("name"), entry.get("at") or ""
    if not isinstance(name, str) or not is_name(name):
        raise BadField(f"{shown(name)} cannot be the name of a preset")
    if not isinstance(at, str):
        raise BadField(f"the date {shown(at)} is not written as 2024-12-31")
    return KeptPreset(name, json.dumps(setting_of(entry.get("setting"))), instant(at))


def check_number(presets: Sequence[KeptPreset]) -> None:
    """Refuse with `BadField` more presets than anybody may have."""
    if len({one.name for one in presets}) > MOST_PRESETS:
        raise BadField(f"it has more than {MOST_PRESETS} presets")


def read_line(fields: dict[str, str]) -> KeptPreset:
    """Return the preset of a csv row."""
    try:
        setting = json.loads(fields["text"])
    except (ValueError, RecursionError):
        raise BadField(f"the preset {shown(fields['title'])} is no JSON") from None
    return read_preset({"name": fields["title"], "at": fields["at"], "setting": setting})


def put_presets(
    cursor: Cursor, presets: Sequence[KeptPreset], *, user_id: int, is_overwriting: bool, now: datetime
) -> int:
    """Keep presets of an export and return how many are new or other than before.

    One of a name that is taken stays unless `is_overwriting`; `Conflict` if there would be too many.
    """
    there = {
        name: json.loads(text) for name, text, _ in cursor.read("serving/presets", user_id=user_id).rows()
    }
    wanted = {
        one.name: one
        for one in presets
        if one.name not in there or (is_overwriting and there[one.name] != json.loads(one.setting))
    }
    if len(there.keys() | wanted) > MOST_PRESETS:
        raise Conflict(
            f"With those of the file there would be more than {MOST_PRESETS} presets. Delete some first."
        )
    for one in wanted.values():
        at = now if one.at is None else min(one.at, now)
        cursor.write("serving/put_preset", user_id=user_id, called=one.name, preset=one.setting, now=at)
    return len(wanted)


def setting_of(values: object) -> dict[str, Any]:
    """Return all that a setting says; what a later version of this app added is left out.

    `BadField` for what no list can be asked for.
    """
    if not isinstance(values, dict):
        raise BadField(f"{shown(values)} is no setting of a list")
    return dict(_said(values))


def _said(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in GENRES:
        yield name, _genres(values.get(name, []), name)
    for name, (low, high) in WHOLE.items():
        yield name, _number(values.get(name), name, low, high, is_whole=True)
    for name, (low, high) in AIMS.items():
        yield name, _number(values.get(name, 0.0), name, low, high)
    for name, usual in FLAGS.items():
        value = values.get(name, usual)
        if not isinstance(value, bool):
            raise BadField(f"{name} is {shown(value)}, which is neither true nor false")
        yield name, value


def _genres(value: object, name: str) -> list[str]:
    is_list = isinstance(value, list) and len(value) <= MOST_GENRES
    if not is_list or not all(_is_genre(one) for one in value):  # type: ignore[attr-defined]
        raise BadField(f"{name} is {shown(value)}, which is no list of genres")
    return list(value)  # type: ignore[call-overload]


def _is_genre(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_GENRE and value.isprintable()


def _number(value: object, name: str, low: int, high: int, *, is_whole: bool = False) -> float | None:
    if value is None and is_whole:
        return None
    kinds = int if is_whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        raise BadField(f"{name} is {shown(value)}, which is not between {low} and {high}")
    return value if is_whole else float(value)
