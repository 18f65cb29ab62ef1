"""Questions in SQL to the published copy of the data, which nothing asked here can change."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from html import escape

from nicegui import run, ui

from movieapp.database import Answer, Published
from movieapp.errors import MovieAppError
from movieapp.monitoring.analysis import csv_of, is_number, published_at, published_of, questions
from movieapp.ui.analysis_editor import Editor
from movieapp.ui.files import style_sheet
from movieapp.ui.notices import empty, notice, problem, safely, skeleton_lines, text_button
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import viewer

# More are in the CSV: a page with thousands of rows is slow, and nobody reads them.
SHOWN_ROWS = 200
SHOWN_CHARACTERS = 300
PATIENCE_S = 0.3
LOOK_EVERY_S = 1.0

Publish = Callable[[], object]
Clock = Callable[[], datetime]


def register(services: Services) -> None:
    """Add the page."""
    published = published_of(services.database)

    @ui.page("/analysis")
    def analysis_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Analysis", who, active="/analysis"):
            style_sheet("analysis.css")
            heading(
                "Analysis", "Ask the data in SQL. You ask a published copy, which no question can change."
            )
            if published is None:
                notice("This instance is kept in memory, so there is no file to ask.")
                return
            _content(published, _publish_of(services), services.clock)


def _publish_of(services: Services) -> Publish | None:
    jobs = services.jobs
    return None if jobs is None else lambda: jobs.start("publish")


def _content(published: Published, publish: Publish | None, clock: Clock) -> None:
    with ui.element("div").classes("part") as box:

        def show() -> None:
            box.clear()
            with box:
                _Publication(published, publish, clock, on_first=show)
                if published.is_there:
                    _Console(published)

        show()


class _Publication:
    """How old the copy is, and a button that publishes anew where something can."""

    def __init__(
        self, published: Published, publish: Publish | None, clock: Clock, *, on_first: Callable[[], None]
    ) -> None:
        self._published, self._publish, self._on_first = published, publish, on_first
        self._clock = clock
        self._was_there = published.is_there
        self._stamp: int | None = None
        # Until it is known when.
        self._tell: Callable[[], str] = lambda: ""
        if not self._was_there:
            hint = (
                "Publish now to ask it." if publish else "Run launcher.py publish, or wait for the next time."
            )
            empty(
                "Nothing is published yet", f"The app copies its data for analysts every few minutes. {hint}"
            )
        with ui.element("div").classes("published" if self._was_there else "published published-first"):
            self._said = ui.label(self._tell()).classes("muted").props("role=status").mark("age")
            if publish is not None:
                text_button("Publish now", self._start, icon_name="retry").mark("publish")
        if self._was_there:
            ui.label(f"Your own tools read it too: {published.path}").classes("muted small file-path")
        self._timer = ui.timer(LOOK_EVERY_S, self._look)

    async def _start(self) -> None:
        assert self._publish is not None
        await run.io_bound(self._publish)
        self._tell = lambda: "Publishing …"

    async def _look(self) -> None:
        """Notice that the file was replaced, and tell how old it is."""
        stamp = _stamp(self._published)
        if stamp is not None and stamp != self._stamp:
            self._stamp = stamp
            if not self._was_there:
                self._timer.cancel()
                self._on_first()
                return
            self._tell = await self._age()
        if not self._said.is_deleted:
            self._said.set_text(self._tell())

    async def _age(self) -> Callable[[], str]:
        try:
            instant = await run.io_bound(published_at, self._published)
        except MovieAppError as error:
            sentence = str(error)
            return lambda: sentence
        return lambda: _told(instant, self._clock())


def _stamp(published: Published) -> int | None:
    try:
        return published.path.stat().st_mtime_ns
    except OSError:
        return None


def _told(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return "Published, but no release has been read yet: most of it is empty."
    minutes = max(0, round((now - instant).total_seconds())) // 60
    ago = "just now" if not minutes else f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
    return f"Published {ago}, on {instant:%d %B %Y at %H:%M:%S} UTC."


class _Console:
    """The editor, what can be done with it, and the answer below."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._answer: Answer | None = None
        self._is_busy = False
        known = questions()
        choice = ui.select(
            {number: question.title for number, question in enumerate(known)},
            label="Choose a question to begin with",
        )
        choice.props("outlined dense options-dense").classes("field question-choice").mark("questions")
        editor = self._editor = Editor(known[0].sql, on_run=safely(self._run))
        choice.on_value_change(lambda event: editor.write(known[event.value].sql))
        with ui.element("div").classes("question-tools"):
            self._button = text_button("Run", self._run, kind="strong").mark("run")
            self._csv = text_button("Download CSV", self._download, icon_name="out").mark("csv")
            ui.label("Ctrl+Enter runs it; Esc, then Tab leaves the editor.").classes("muted small")
        self._csv.set_visibility(False)
        self._box = ui.element("div").classes("part answer").props("aria-live=polite")
        with self._box:
            limits = f"At most {published.rows:,} rows and {published.seconds:.0f} seconds."
            empty("Nothing asked yet", f"Choose a question or write one, then run it. {limits}")

    async def _run(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self._button.props("disabled")
        self._csv.set_visibility(False)
        try:
            await self._ask(self._editor.text)
        finally:
            self._is_busy = False
            self._button.props(remove="disabled")

    async def _ask(self, sql: str) -> None:
        task = asyncio.create_task(run.io_bound(self._published.ask, sql))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
        if not done:
            self._box.clear()
            with self._box.props("aria-busy=true"):
                skeleton_lines(5)
        try:
            answer, error = await task, None
        except MovieAppError as refusal:
            answer, error = None, refusal
        if self._box.is_deleted:
            return
        self._box.props(remove="aria-busy")
        self._box.clear()
        self._answer = answer
        with self._box:
            if error is not None:
                problem(error)
            elif answer is not None:
                _show(answer)
                self._csv.set_visibility(bool(answer.columns))

    def _download(self) -> None:
        if self._answer is not None:
            ui.download.content(csv_of(self._answer).encode(), "answer.csv", "text/csv")


def _show(answer: Answer) -> None:
    n_rows = len(answer.rows)
    more = " or more" if answer.is_cut else ""
    count = "No rows" if not n_rows else f"{n_rows:,} row{'s' if n_rows > 1 or more else ''}{more}"
    part = f"; the first {SHOWN_ROWS} are shown, the CSV has them all" if n_rows > SHOWN_ROWS else ""
    cut = " The answer was cut at the limit." if answer.is_cut else ""
    ui.label(f"{count} in {answer.took_ms:,.0f} ms{part}.{cut}").classes("muted").mark("count")
    if not n_rows:
        empty(
            "No rows",
            "The question is answered, and nothing fits it. The columns are: " + ", ".join(answer.columns),
        )
        return
    # Every value is escaped; as elements, each cell would be an object of the page that the server keeps.
    with ui.element("div").classes("table-box panel answer-table"):
        ui.label("Swipe sideways for all columns.").classes("table-hint").props("aria-hidden=true")
        ui.html(_table(answer), sanitize=False).classes("table-scroll").props(
            'tabindex=0 role=region aria-label="The answer"'
        )


def _table(answer: Answer) -> str:
    kinds = ["number" if is_number(kind) else "words" for kind in answer.types]
    head = "".join(
        f'<th scope="col" class="{kind}" title="{escape(type_)}">{escape(name)}</th>'
        for name, type_, kind in zip(answer.columns, answer.types, kinds, strict=True)
    )
    rows = (
        "".join(f'<td class="{kind}">{_cell(value)}</td>' for value, kind in zip(row, kinds, strict=True))
        for row in answer.rows[:SHOWN_ROWS]
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: str | None) -> str:
    if value is None:
        return '<span class="null">null</span>'
    return escape(value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]} …")
