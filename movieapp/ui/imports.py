"""Import and export: a file of another service looked at first, then taken in; and everything given out."""

from html import escape
from typing import Any

from nicegui import app, run, ui

from movieapp.serving.imports import Waiting
from movieapp.serving.names import COLOR, LONGEST_NAME
from movieapp.sources.exports.preview import Doubtful, Matched, Unmatched
from movieapp.sources.exports.rows import Row
from movieapp.sources.exports.tables import MOST_BYTES
from movieapp.ui.figures import figure
from movieapp.ui.files import root_path
from movieapp.ui.icons import icon
from movieapp.ui.import_news import done, first_choices, news
from movieapp.ui.notices import empty, notice, safely, text_button, when_ready
from movieapp.ui.services import Services
from movieapp.ui.taste_words import counted
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import Viewer, link, viewer

SERVICES = (
    ("Letterboxd", "Settings, Data, Export your data: the zip, or one csv file of it."),
    ("IMDb", "Your ratings or your watchlist, then Export: the csv file."),
    ("Trakt", "Settings, Data, Export: the zip, or its JSON or csv files."),
    ("MovieLens", "Your account, Import and export: movielens-ratings.csv."),
)
NEW = 0
NONE = "none"
# So many lines of what is matched, or is not, are shown; the file itself has all of them.
MOST_LINES = 200
MOST_DOUBTFUL = 20


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/import")
    async def import_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Import and export", who, active="/import"):
            await when_ready(services, lambda: _content(services, who))


def _content(services: Services, who: Viewer) -> None:
    heading("Import and export", "Bring the films of other services here, and take everything along again.")
    ImportForm(services, who)
    section("Where the files come from")
    with ui.element("dl").classes("origins"):
        for name, sentence in SERVICES:
            with ui.element("div").classes("panel"):
                with ui.element("dt"):
                    ui.label(name)
                with ui.element("dd"):
                    ui.label(sentence).classes("muted")
    section("Export", "Everything that is kept of somebody, to be read here or in another movieapp.")
    _export(services, who)


def _export(services: Services, who: Viewer) -> None:
    user_id = who.user_id
    if user_id is None:
        with ui.element("p").classes("muted sentence"):
            ui.link("Say who is watching", "/")
            ui.label("to export what is kept of them.")
        return
    profiles = services.profiles
    if not (who.profile or who.is_known or profiles.kept(user_id)):
        ui.label(f"Nothing is kept of {who.called} yet, so there is nothing to export.").classes("muted")
        return
    with ui.element("div").classes("form-buttons"):
        for kind, text in (("json", "JSON"), ("csv", "CSV")):
            _download(f"/users/{user_id}/export?format={kind}", f"Export {who.called} as {text}")


def _download(path: str, text: str) -> None:
    """Show a link to a file of the API, which stands beside the pages."""
    with ui.element("a").classes("button button-quiet download").props("download") as anchor:
        icon("file")
        ui.label(text)
    anchor.props["href"] = root_path().removesuffix("/ui") + path


class ImportForm:
    """The way of a file: dropped or chosen, looked at, taken in."""

    def __init__(self, services: Services, who: Viewer) -> None:
        self._services, self._who = services, who
        self._choices: dict[int, int | None] = {}
        self._into = NEW
        self._box = ui.element("div").classes("import").props("aria-live=polite").mark("import")
        self._drop()

    def _drop(self) -> None:
        self._box.clear()
        with self._box:
            with ui.element("label").classes("drop").mark("drop") as drop:
                ui.element("input").classes("unseen").props('type=file accept=".csv,.json,.zip"')
                icon("file").classes("drop-icon")
                ui.label("Drop a file here, or choose one").classes("drop-title")
                ui.label("Nothing is changed before you have seen what it would bring.").classes("muted")
                ui.label("Reading the file …").classes("drop-busy").props("role=status")
            drop.props(f"data-most={MOST_BYTES}")
            # The script sends the file to the API, and then this: what came of it.
            drop.on("looked", safely(self._looked), js_handler="(e) => emit(e.detail)")
            self._refusal = ui.element("div")

    async def _looked(self, event: Any) -> None:
        """Show what the API found in a file."""
        told = event.args if isinstance(event.args, dict) else {}
        self._refusal.clear()
        if "import_id" not in told:
            with self._refusal:
                notice(str(told.get("problem", "The file did not arrive. Try again.")), kind="problem")
            return
        assert self._services.imports is not None
        waiting = self._services.imports.waiting(str(told["import_id"]))
        self._choices = first_choices(waiting.preview.matched, waiting.preview.doubtful)
        self._into = self._first_target(waiting)
        self._preview(waiting)

    def _first_target(self, waiting: Waiting) -> int:
        """Return whose the file most likely is: of the profile of that name, else of who is watching."""
        name = (waiting.preview.export.name or "").lower()
        same = [one.user_id for one in self._services.profiles.named() if one.name.lower() == name]
        if same or (name and self._who.profile):
            return same[0] if same else NEW
        return self._who.user_id or NEW

    def _preview(self, waiting: Waiting) -> None:
        found = waiting.preview
        n_rows = len(found.export.rows)
        is_empty = not n_rows and not found.export.presets
        self._box.clear()
        with self._box:
            section(f"{found.export.service}: {waiting.name}", f"{counted(n_rows, 'row')} about films")
            with ui.element("dl").classes("figures"):
                figure("Found for certain", f"{len(found.matched):,}")
                figure("To be chosen", f"{len(found.doubtful):,}")
                figure("Not in the data set", f"{len(found.unmatched):,}")
            if is_empty:
                empty("There is no film in this file", "Choose another one.")
            else:
                self._matched(found.matched)
                self._doubtful(found.doubtful)
                self._unmatched(waiting, found.unmatched)
                self._target(waiting)
            with ui.element("div").classes("form-buttons"):
                if not is_empty:
                    text_button("Take it in", lambda: self._take(waiting), kind="strong").mark("take-in")
                text_button("Another file", self._drop).mark("another-file")

    def _matched(self, films: tuple[Matched, ...]) -> None:
        if films:
            lines = [f"{named(one.rows[0])} → {self._title(one.film.movie_id)}" for one in films]
            _fold(f"{counted(len(films), 'film')} found for certain", lines)

    def _unmatched(self, waiting: Waiting, films: tuple[Unmatched, ...]) -> None:
        if films:
            lines = [named(one.rows[0]) for one in films]
            _fold(f"{counted(len(films), 'film')} not in the data set, left out", lines)
            _download(f"/imports/{waiting.import_id}/unmatched.csv", "What is left out, as CSV")

    def _doubtful(self, films: tuple[Doubtful, ...]) -> None:
        """Ask which film is meant; what is most likely is chosen already."""
        if not films:
            return
        section("Which film is meant?", "Choose it, or none: then these entries are left out.")
        listing = ui.element("ul").classes("doubtful")

        def add() -> None:
            n = len(listing.default_slot.children)
            with listing:
                for position, film in enumerate(films[n : n + MOST_DOUBTFUL], start=n):
                    self._question(position, film)
            more.set_visibility(len(listing.default_slot.children) < len(films))

        more = text_button("Show more", add)
        add()

    def _question(self, position: int, film: Doubtful) -> None:
        def choose(event: Any) -> None:
            chosen = str(event.args)
            self._choices[position] = None if chosen == NONE else int(chosen)
            self._tell_news()

        options = [(str(one.movie_id), self._title(one.movie_id)) for one in film.candidates]
        with ui.element("li"):
            ui.label(named(film.rows[0])).classes("doubtful-name")
            now = str(self._choices[position] or NONE)
            field = _select([*options, (NONE, "None of these")], now, f"Film meant by {named(film.rows[0])}")
            field.mark(f"doubtful-{position}")
            field.on("change", safely(choose), js_handler="(e) => emit(e.target.value)")

    def _target(self, waiting: Waiting) -> None:
        """Ask whose it becomes, and what is stronger: what is kept, or the file."""
        section("Whose films are these?")

        def choose(event: Any) -> None:
            self._into = int(event.args)
            self._name.set_visibility(self._into == NEW)
            self._tell_news()

        people = {one.user_id: one.name for one in self._services.profiles.named()}
        if self._who.user_id is not None:
            people.setdefault(self._who.user_id, self._who.title)
        options = [*((str(key), name) for key, name in people.items()), (str(NEW), "A new profile")]
        with ui.element("div").classes("target"):
            field = _select(options, str(self._into), "Profile")
            field.mark("into").on("change", safely(choose), js_handler="(e) => emit(e.target.value)")
            self._name = ui.input(label="Its name", value=waiting.preview.export.name or "")
            self._name.props(f"outlined dense autocomplete=off maxlength={LONGEST_NAME}").classes("field")
            self._name.mark("new-name").set_visibility(self._into == NEW)
        self._overwrite = ui.switch(
            "Where both say something, the file is right", on_change=lambda: self._tell_news()
        )
        self._overwrite.mark("overwrite")
        self._waiting = waiting
        self._news = ui.label().classes("import-news").props("role=status").mark("news")
        self._tell_news()

    def _tell_news(self) -> None:
        """Say what taking it in would change."""
        profiles = self._services.profiles
        found = news(
            self._waiting.preview.settled(self._choices),
            profiles.history(self._into) if self._into else None,
            profiles.kept(self._into) if self._into else {},
        )
        told = f"New: {found.words}." if found.words else "Nothing in it is new."
        if found.other:
            what = "is replaced" if self._overwrite.value else "stays as it is"
            told += f" Of {counted(found.other, 'other')}, the file says something else: what is kept {what}."
        if n := len(self._waiting.preview.export.presets):
            what = "replaces the one" if self._overwrite.value else "stays out where there is one"
            told += f" The file has {counted(n, 'preset')}; each {what} of its name."
        self._news.set_text(told)

    async def _take(self, waiting: Waiting) -> None:
        profiles, imports, now = self._services.profiles, self._services.imports, self._services.clock()
        assert imports is not None
        name, color = self._name.value or "", waiting.preview.export.color
        into, choices, is_overwriting = self._into, dict(self._choices), bool(self._overwrite.value)

        def work() -> tuple[int, str]:
            user_id = into
            if user_id == NEW:
                proper = color if color and COLOR.fullmatch(color) else None
                user_id = profiles.make(name, color=proper, now=now).user_id
            applied = imports.take_in(
                waiting.import_id, user_id, choices=choices, is_overwriting=is_overwriting, now=now
            )
            return user_id, done(applied)

        result = await run.io_bound(work)
        assert result is not None
        self._done(*result)

    def _done(self, user_id: int, sentence: str) -> None:
        app.storage.user["user_id"] = user_id
        self._box.clear()
        with self._box, notice(sentence, kind="good"), ui.element("div").classes("form-buttons"):
            ui.link("See the list", link("/", user=user_id)).classes("button button-strong")
            ui.link("Library", link("/library", user=user_id, show="rated")).classes("button button-quiet")
            text_button("Another file", self._drop)

    def _title(self, movie_id: int) -> str:
        film = self._services.recommender.catalogue.film(movie_id)
        assert film is not None
        return film.name if film.release_year is None else f"{film.name} ({film.release_year})"


def named(row: Row) -> str:
    """Return what a file calls a film."""
    title = row.title or (f"IMDb tt{row.imdb_id:07d}" if row.imdb_id else f"TMDB {row.tmdb_id}")
    return title if row.year is None else f"{title} ({row.year})"


def _fold(title: str, lines: list[str]) -> None:
    """Show lines behind a title that opens them."""
    left = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], *([f"and {left:,} more"] if left > 0 else [])]
    with ui.element("details").classes("fold"):
        with ui.element("summary"):
            ui.label(title).classes("as-text")
        ui.html("".join(f"<li>{escape(line)}</li>" for line in shown), sanitize=False, tag="ul")


def _select(options: list[tuple[str, str]], now: str, label: str) -> ui.html:
    """Show a native choice: there may be hundreds of them."""
    content = "".join(
        f'<option value="{escape(key)}"{" selected" if key == now else ""}>{escape(text)}</option>'
        for key, text in options
    )
    field = ui.html(content, sanitize=False, tag="select").classes("native-select")
    field.props["aria-label"] = label
    return field
