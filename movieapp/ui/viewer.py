"""Who is watching: the user whose recommendations are shown, kept in the URL and in the browser's storage."""

from dataclasses import dataclass
from urllib.parse import urlencode

from nicegui import app, ui

from movieapp.errors import Invalid
from movieapp.serving.histories import LARGEST_ID
from movieapp.serving.memory import Profile
from movieapp.ui.icons import icon
from movieapp.ui.services import Services

# From this brightness of its ground on, dark text is read better than white; see WCAG's relative luminance.
BRIGHT = 0.18


@dataclass(frozen=True, slots=True)
class Viewer:
    """The user of this browser; `is_known` with ratings to go by. `typed` is what was typed but is no id."""

    user_id: int | None
    is_known: bool
    typed: str | None = None
    profile: Profile | None = None

    @property
    def called(self) -> str:
        """What the user is called in a sentence: `Ana`, `user 17`."""
        return self.profile.name if self.profile else f"user {self.user_id}"

    @property
    def title(self) -> str:
        """The same at the beginning of one."""
        return self.profile.name if self.profile else f"User {self.user_id}"


def viewer(services: Services, asked: str | None) -> Viewer:
    """Return who is watching: as the URL says or, if it does not, as this browser last chose."""
    if asked is None:
        return viewer_of(services, app.storage.user.get("user_id"))
    if not asked.strip():
        nobody()
        return Viewer(None, False)
    try:
        user_id = parsed(asked)
    except Invalid:
        return Viewer(None, False, typed=asked)
    app.storage.user["user_id"] = user_id
    return viewer_of(services, user_id)


def viewer_of(services: Services, user_id: int | None) -> Viewer:
    """Return what the pages know of somebody."""
    if user_id is None:
        return Viewer(None, False)
    is_known = services.profiles.history(user_id) is not None
    return Viewer(user_id, is_known, profile=services.profiles.profile(user_id))


def nobody() -> None:
    """Let go of who watched in this browser."""
    app.storage.user.pop("user_id", None)


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


def avatar(who: Viewer) -> None:
    """Show a user's disc: the initial and color of a profile, else the number in a color of its own."""
    with ui.element("span").classes("avatar").props("aria-hidden=true") as disc:
        if who.profile is not None:
            color = who.profile.color or "#57534e"
            disc.classes("avatar-named").style(f"background: {color}; color: {ink(color)}")
            ui.label(who.profile.name[0].upper())
        elif who.user_id is None:
            disc.classes("avatar-nobody")
            icon("person")
        else:
            disc.style(f"--hue: {who.user_id * 47 % 360}")
            if who.user_id < 10_000:
                ui.label(str(who.user_id))
            else:
                icon("person")


def ink(color: str) -> str:
    """Return the color of text, white or nearly black, that is read best on `#rrggbb`."""
    shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    brightness = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#17161a" if brightness > BRIGHT else "#ffffff"
