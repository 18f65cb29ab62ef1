"""The parts of an instance: what is let go at the end, whatever comes between."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from movieapp.app import App
from movieapp.database import Unwritable, open_database
from movieapp.serving.request_log import RequestLog
from tests.rows import rows

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Hurried:
    """Background work whose end somebody with Ctrl+C does not wait for."""

    def close(self) -> None:
        raise KeyboardInterrupt


def test_whoever_interrupts_the_end_leaves_the_log_written_and_the_database_closed(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    log = RequestLog(database)
    # Nothing writes it yet.
    log.note_unknown_movie(424242, None, NOW)
    app = App(FastAPI(), database, log, Hurried(), preparation=None)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        app.close()
    with pytest.raises(Unwritable, match="closed"):
        rows(database, "select 1")
    again = open_database(tmp_path)
    assert rows(again, "select movie_id from unknown_movies").rows() == [(424242,)]
    again.close()
