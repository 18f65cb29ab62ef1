"""Answers one question about the published file, as a script in a process of its own.

A question can take more memory than DuckDB counts, or too long without noticing that it is to stop: in a
process of its own it takes nothing else down. It reads {path, sql, rows, seconds, memory_mb} as JSON, and
prints JSON: {columns, types, rows, is_cut, took_ms}, or {problem, said} where it has no answer.
"""

import json
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import duckdb

LOCKED_DOWN = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "threads": "1",
    "lock_configuration": "true",
}
QUESTIONS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
# Rows are handed on as long as they are no larger together.
MOST_CHARACTERS = 10_000_000


class Refused(Exception):
    """There is no answer: why, in a word for the asking process."""


def main() -> None:
    """Read a question, print its answer."""
    asked = json.load(sys.stdin)
    # DuckDB holds itself to its own limit; the rest is room for what it does not count.
    confine(2 * asked["memory_mb"] + 1024)
    try:
        answer = ask(**asked)
    except Refused as refusal:
        answer = {"problem": str(refusal), "said": ""}
    except duckdb.InterruptException:
        answer = {"problem": "time", "said": ""}
    except (duckdb.OutOfMemoryException, MemoryError):
        answer = {"problem": "memory", "said": ""}
    except duckdb.PermissionException as error:
        answer = {"problem": "outside", "said": str(error)}
    # Whatever a text makes of DuckDB or of Python, the one who asked gets a sentence.
    except Exception as error:
        answer = {"problem": "wrong", "said": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


def confine(memory_mb: int) -> None:
    """Give way to others that compute; where the system can see to it, take no more memory and no disk."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        os.nice(10)
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ask(path: str, sql: str, rows: int, seconds: float, memory_mb: int) -> dict[str, Any]:
    """Return the first `rows` rows of the answer, every value as DuckDB writes it."""
    config = LOCKED_DOWN | {"memory_limit": f"{memory_mb}MB"}
    with duckdb.connect(path, read_only=True, config=config) as connection:
        timer = threading.Timer(seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        began = time.perf_counter()
        relation, is_plan = _relation(connection, sql)
        names, types = relation.columns, [str(kind) for kind in relation.types]
        limited = relation.limit(rows + 1)
        found = (limited if is_plan else limited.project("columns(*)::varchar")).fetchall()
        took_ms = 1000 * (time.perf_counter() - began)
        timer.cancel()
    kept, is_cut = _cut(found, rows)
    return {"columns": names, "types": types, "rows": kept, "is_cut": is_cut, "took_ms": took_ms}


def _relation(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[duckdb.DuckDBPyRelation, bool]:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("several" if statements else "nothing")
    if statements[0].type not in QUESTIONS:
        raise Refused("no question")
    if statements[0].named_parameters:
        raise Refused("parameters")
    relation = connection.sql(sql)
    if relation is None:
        raise Refused("nothing")
    return relation, statements[0].type == duckdb.StatementType.EXPLAIN


def _cut(found: list[tuple[str | None, ...]], most: int) -> tuple[list[tuple[str | None, ...]], bool]:
    """Return the rows that are not too many and not too large together, and whether there were more."""
    n_characters = 0
    for number, row in enumerate(found):
        n_characters += sum(len(value or "") for value in row)
        if number == most or n_characters > MOST_CHARACTERS:
            return found[:number], True
    return found, False


if __name__ == "__main__":
    main()
