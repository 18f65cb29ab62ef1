"""Questions of any kind about the published file: read-only, on nothing else, and within limits."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movieapp.errors import Conflict, Invalid, NotReady

SCRIPT = Path(__file__).with_name("question.py")
MOST_CHARACTERS = 20_000
AT_ONCE = 2
WAIT_S = 2.0
# DuckDB does not always notice at once that it is to stop; after this long it is ended.
GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found: values as DuckDB writes them, None for null; `is_cut` if there are more rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    is_cut: bool
    took_ms: float


class Published:
    """The file that analysts read, as it is when a question is asked.

    Questions are answered in processes of their own, few at once; `ask` waits, and belongs in a thread.
    """

    def __init__(
        self, path: Path, *, rows: int = 10_000, seconds: float = 10.0, memory_mb: int = 512
    ) -> None:
        self.path = path
        self.rows = rows
        self.seconds = seconds
        self.memory_mb = memory_mb
        self._places = threading.BoundedSemaphore(AT_ONCE)

    @property
    def is_there(self) -> bool:
        """Whether anything was published yet."""
        return self.path.is_file()

    def ask(self, sql: str) -> Answer:
        """Answer one select (or describe, summarize, show, explain).

        Refuses with `Invalid` what cannot be answered, with `NotReady` where nothing is published yet, and
        with a `Conflict` where too many ask at once.
        """
        if not self.is_there:
            raise NotReady(
                f"Nothing is published yet: {self.path} appears with the first run of launcher.py publish."
            )
        if len(sql) > MOST_CHARACTERS:
            raise Invalid(
                f"A question has at most {MOST_CHARACTERS:,} characters; this one has {len(sql):,}."
            )
        try:
            sql.encode()
        except UnicodeEncodeError as error:
            raise Invalid("The question holds half a character. Write it anew without it.") from error
        if not self._places.acquire(timeout=WAIT_S):
            raise Conflict("Other questions are still being answered. Try again when they are done.")
        try:
            found = self._found(sql)
        finally:
            self._places.release()
        if "problem" in found:
            raise self._refusal(found["problem"], found["said"])
        rows = tuple(map(tuple, found["rows"]))
        return Answer(tuple(found["columns"]), tuple(found["types"]), rows, found["is_cut"], found["took_ms"])

    def _found(self, sql: str) -> dict[str, Any]:
        asked = {
            "path": str(self.path.resolve()),
            "sql": sql,
            "rows": self.rows,
            "seconds": self.seconds,
            "memory_mb": self.memory_mb,
        }
        try:
            done = subprocess.run(
                # -P: the modules beside the script are none of its own.
                [sys.executable, "-P", str(SCRIPT)],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.seconds + GRACE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"problem": "time", "said": ""}
        except OSError as error:
            return {"problem": "process", "said": error.strerror or ""}
        try:
            found: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            # It was ended from outside, or by the system when it took too much.
            return {"problem": "memory", "said": ""}
        return found

    def _refusal(self, problem: str, said: str) -> Invalid | Conflict:
        match problem:
            case "nothing":
                return Invalid("There is no question: write a select, or choose one of the questions.")
            case "several":
                return Invalid("One question at a time: leave one statement and remove the others.")
            case "no question":
                return Invalid(
                    "Only questions are answered here: "
                    "select, with, from, describe, summarize, show or explain. "
                    "To change or keep something, open a copy of the file with your own tool."
                )
            case "parameters":
                return Invalid("A question has no parameters: write the values where $ or ? stands.")
            case "time":
                return Invalid(
                    f"It took longer than {self.seconds:g} seconds and was stopped. "
                    "Ask for fewer rows or days, or open the file with your own tool."
                )
            case "memory":
                return Invalid(
                    f"It needed more than {self.memory_mb} MB of memory and was stopped. "
                    "Ask for fewer rows or days, or open the file with your own tool."
                )
            case "outside":
                return Invalid(
                    "Only what is published can be asked: "
                    "files, the network and extensions are switched off here."
                )
            case "process":
                return Conflict(f"The question could not be started ({said}). Try again.")
            case _:
                return Invalid(readable(said))


def readable(said: str) -> str:
    """Return what DuckDB said as a sentence: without the drawing of the place, with the line's number."""
    text = re.sub(r"\s+", " ", said.split("\nLINE ")[0]).strip()[:500]
    line = re.search(r"^LINE (\d+):", said, re.MULTILINE)
    place = f"Line {line[1]}: " if line else ""
    return f"{place}{text}" if text.endswith((".", "!", "?")) else f"{place}{text}."
