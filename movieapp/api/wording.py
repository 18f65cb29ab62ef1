"""What is wrong with a request, in sentences: the field, what it has to be, and what was given."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

UNREADABLE = "The body cannot be read: send one JSON object in UTF-8."
NO_OBJECT = "The body has to be one JSON object, sent with the header Content-Type: application/json."
LONGEST_GIVEN = 40

# What pydantic's kinds of errors say that a value has to be.
KINDS = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    "int_parsing_size": "a shorter number",
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "finite_number": "a finite number",
    "string_type": "text",
    "list_type": "a list",
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "a day such as 2026-01-31",
    ),
}
# Of what pydantic and Python say of broken JSON, that which helps to mend it.
BROKEN_JSON = {
    "EOF": "it ends too early",
    "trailing comma": "there is a comma too many",
    "trailing characters": "something follows the object",
    "recursion limit": "it is nested too deeply",
    "number out of range": "a number in it is too long",
    "hex escape": "there is half a character in it (a lone surrogate)",
}


def sentence(errors: Sequence[Mapping[str, Any]], fields: Sequence[str] = ()) -> str:
    """Return what is wrong with a request, in a sentence per error and three at most.

    `errors` are pydantic's, with their inputs; `fields` are those that the request may have.
    """
    return " ".join(_one(error, fields) for error in errors[:3])


def _one(error: Mapping[str, Any], fields: Sequence[str]) -> str:
    where, *path = error["loc"]
    field, kind, detail = _field(path), error["type"], error.get("ctx", {})
    if kind == "json_invalid":
        return _broken_json(str(detail["error"]), path)
    if kind == "extra_forbidden":
        known = f"it takes {', '.join(fields)}" if fields else "see /docs"
        return f"{field} is not a field of this request; {known}."
    if not path and kind != "value_error":
        return NO_OBJECT
    if kind == "missing":
        return f"{field} is missing."
    if kind == "value_error":
        return f"{field} {detail['error']}.".lstrip()
    if kind.endswith(("too_short", "too_long")):
        return f"{field} {_length(error)}."
    return f"{field} has to be {_accepted(kind, detail)}, not {_given(error['input'], where)}."


def _accepted(kind: str, detail: Mapping[str, Any]) -> str:
    match kind:
        case "greater_than_equal":
            return f"at least {_number(detail['ge'])}"
        case "less_than_equal":
            return f"at most {_number(detail['le'])}"
        case "multiple_of":
            return f"a multiple of {_number(detail['multiple_of'])}"
        case "enum":
            return str(detail["expected"])
    return KINDS.get(kind, "as /docs describes it")


def _length(error: Mapping[str, Any]) -> str:
    """Return how long a text or a list may be, and how long it is."""
    unit = "character" if isinstance(error["input"], str) else "entry"
    detail = error["ctx"]
    given = detail.get("actual_length", len(error["input"]))
    if "max_length" in detail:
        units = "characters" if unit == "character" else "entries"
        return f"may have at most {detail['max_length']} {units}, not {given}"
    return f"has to have at least {detail['min_length']} {unit}, not {given}"


def _given(value: object, where: str) -> str:
    """Return a value as it was written, shortened; of lists and objects only that they are such."""
    match value:
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
        case str() if where != "body" and re.fullmatch(r"-?[0-9.]+", value):
            return _shortened(value)  # all of an address is text, and numbers stand there without quotes
        case str():
            return json.dumps(_shortened(value), ensure_ascii=False)
        case int() if value.bit_length() > 1000:
            return "a number that large"
    return _shortened(json.dumps(value))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_GIVEN else f"{text[:LONGEST_GIVEN]}…"


def _number(value: float) -> str:
    return str(int(value) if value == int(value) else value)


def _broken_json(text: str, path: Sequence[str | int]) -> str:
    """Say where JSON breaks off being JSON: pydantic tells it in its text, FastAPI in the path."""
    why = next((f": {plain}" for word, plain in BROKEN_JSON.items() if word in text), "")
    found = re.search(r"line (\d+) column (\d+)", text)
    place = (
        f"line {found[1]}, column {found[2]}" if found else f"character {path[0]}" if path else "some place"
    )
    return f"The body is not valid JSON at {place}{why}. Send one JSON object in UTF-8."


def _field(path: Sequence[str | int]) -> str:
    """Return the place as people write it, `movie_ids[3]`; names from outside may be of any length."""
    names = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path)
    return names.removeprefix(".")
