"""List settings that people keep under a name: filters and aims."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from movieapp.database import Database, naive
from movieapp.errors import Conflict, Invalid, NotFound
from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Filters
from movieapp.serving.people import People
from movieapp.sources.exports.presets import LONGEST_NAME as LONGEST_NAME
from movieapp.sources.exports.presets import MINUTES as MINUTES
from movieapp.sources.exports.presets import MOST_PRESETS as MOST_PRESETS
from movieapp.sources.exports.presets import YEARS as YEARS
from movieapp.sources.exports.presets import is_name, setting_of
from movieapp.sources.exports.rows import BadField


@dataclass(frozen=True, slots=True)
class Setting:
    """What a list is to be: which films may be in it, and what beside accuracy."""

    filters: Filters
    aims: ListAims
    exclude_seen: bool = True


@dataclass(frozen=True, slots=True)
class Preset:
    """A setting and its name."""

    name: str
    setting: Setting
    changed_at: datetime


class Presets:
    """Everything reads or writes the database: call it in a thread. A change is durable when this returns."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    def of(self, user_id: int) -> list[Preset]:
        """Return somebody's presets, by name."""
        rows = self._database.read("serving/presets", user_id=user_id).rows()
        return [Preset(name, _setting(json.loads(text)), at.replace(tzinfo=UTC)) for name, text, at in rows]

    def put(self, user_id: int, name: str, setting: Setting, *, now: datetime) -> Preset:
        """Keep a setting, in place of another one of that name; `NotFound` for a stranger.

        `Invalid` for a setting that no list can be asked for.
        """
        self._people.user(user_id)
        name, there = proper_name(name), {preset.name for preset in self.of(user_id)}
        if name not in there and len(there) >= MOST_PRESETS:
            raise Conflict(f"There are {MOST_PRESETS} presets already. Delete one that you do not need.")
        values = json.loads(json.dumps(asdict(setting.filters) | asdict(setting.aims)))
        try:
            values = setting_of(values | {"exclude_seen": setting.exclude_seen})
        except BadField as problem:
            raise Invalid(f"This cannot be kept: {problem}.") from None
        self._database.write(
            "serving/put_preset", user_id=user_id, called=name, preset=json.dumps(values), now=naive(now)
        )
        return Preset(name, setting, now.astimezone(UTC))

    def rename(self, user_id: int, name: str, new_name: str) -> Preset:
        """Give a preset another name; a `Conflict` if another one has it."""
        new_name, preset = proper_name(new_name), self._named(user_id, name)
        if new_name != name:
            if any(other.name == new_name for other in self.of(user_id)):
                raise Conflict(f"There is a preset named {new_name} already. Choose another name.")
            self._database.write("serving/rename_preset", user_id=user_id, called=name, new_name=new_name)
        return Preset(new_name, preset.setting, preset.changed_at)

    def remove(self, user_id: int, name: str) -> None:
        """Forget a preset."""
        self._named(user_id, name)
        self._database.write("serving/remove_preset", user_id=user_id, called=name)

    def _named(self, user_id: int, name: str) -> Preset:
        for preset in self.of(user_id):
            if preset.name == name:
                return preset
        raise NotFound(f"User {user_id} has no preset named {name[:LONGEST_NAME]!r}.")


def proper_name(name: str) -> str:
    """Return the name on one line; `Invalid` for what cannot be one."""
    name = " ".join(name.split())
    if not is_name(name):
        raise Invalid(f"A preset's name has 1 to {LONGEST_NAME} characters that can be seen, and no slash.")
    return name


def _setting(values: Mapping[str, Any]) -> Setting:
    """Return what was stored; what a later version added is as in an empty setting."""

    def known(kind: type[Filters] | type[ListAims]) -> dict[str, Any]:
        names = {field.name for field in fields(kind)} & set(values)
        return {
            name: tuple(values[name]) if isinstance(values[name], list) else values[name] for name in names
        }

    return Setting(Filters(**known(Filters)), ListAims(**known(ListAims)), bool(values["exclude_seen"]))
