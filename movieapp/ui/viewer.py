"""Who is watching: the user whose recommendations are shown, kept in the URL and in the browser's storage."""

from dataclasses import dataclass
from urllib.parse import urlencode

from nicegui import app, ui

from movieapp.errors import Invalid
from movieapp.serving.histories import LARGEST_ID
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely, text_button
from movieapp.ui.services import Services


@dataclass(frozen=True, slots=True)
class Viewer:
    """The user of this browser; `is_known` with ratings to go by. `typed` is what was typed but is no id."""

    user_id: int | None
    is_known: bool
    typed: str | None = None


def viewer(services: Services, asked: str | None) -> Viewer:
    """Return who is watching: as the URL says or, if it does not, as this browser last chose."""
    if asked is None:
        user_id = app.storage.user.get("user_id")
        return Viewer(user_id, user_id is not None and services.profiles.history(user_id) is not None)
    if not asked.strip():
        app.storage.user.pop("user_id", None)
        return Viewer(None, False)
    try:
        user_id = parsed(asked)
    except Invalid:
        return Viewer(None, False, typed=asked)
    app.storage.user["user_id"] = user_id
    return Viewer(user_id, services.profiles.history(user_id) is not None)


def parsed(text: str) -> int:
    """Return the user id that somebody typed."""
    digits = text.strip().removeprefix("#")
    # The length comes first: Python refuses to read thousands of digits.
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST_ID))
    if not is_number or not 1 <= int(digits) <= LARGEST_ID:
        raise Invalid(f"“{text.strip()[:40]}” is not a user number. Use a whole number from 1 on.")
    return int(digits)


def link(path: str, **query: object) -> str:
    """Return a path of these pages with its query; what is None or empty is left out."""
    asked = {name: value for name, value in query.items() if value not in (None, "", ())}
    return f"{path}?{urlencode(asked)}" if asked else path


def choose_viewer(services: Services, *, path: str = "/") -> None:
    """Show a field for a user's number and the people to choose from; choosing opens `path` for them."""

    def go() -> None:
        ui.navigate.to(link(path, user=parsed(field.value or "")))

    def begin() -> None:
        ui.navigate.to(link(path, user=services.profiles.new_id()))

    with ui.element("div").classes("choose"):
        with ui.element("div").classes("choose-form"):
            field = ui.input(label="User number").props("outlined dense inputmode=numeric autocomplete=off")
            field.classes("field").mark("user-field").on("keydown.enter", safely(go))
            text_button("Show", go, kind="strong").mark("user-go")
        ui.label("or choose").classes("choose-or")
        with ui.element("ul").classes("people"):
            for user_id, n_ratings in services.profiles.users(11):
                with ui.element("li"), ui.link(target=link(path, user=user_id)).classes("person"):
                    avatar(user_id)
                    ui.label(f"User {user_id}").classes("person-name")
                    ui.label(f"{n_ratings:,} ratings" if n_ratings != 1 else "1 rating").classes(
                        "muted small"
                    )
            with ui.element("li"), ui.element("button").classes("person").props("type=button") as new:
                with ui.element("span").classes("avatar avatar-new").props("aria-hidden=true"):
                    icon("plus")
                ui.label("Someone new").classes("person-name")
                ui.label("start from scratch").classes("muted small")
            new.mark("someone-new").on("click", safely(begin), args=[])


def avatar(user_id: int | None) -> None:
    """Show a user's disc, in a colour of their own."""
    hue = 0 if user_id is None else user_id * 47 % 360
    kind = "avatar avatar-nobody" if user_id is None else "avatar"
    with ui.element("span").classes(kind).style(f"--hue: {hue}").props("aria-hidden=true"):
        if user_id is None or user_id >= 10_000:
            icon("person")
        else:
            ui.label(str(user_id))
