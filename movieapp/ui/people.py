"""Choosing who is watching; making, changing and deleting profiles."""

from collections.abc import Callable
from functools import partial

from nicegui import run, ui

from movieapp.serving.feedback import EventType
from movieapp.serving.memory import Profile
from movieapp.serving.names import COLORS, LONGEST_NAME
from movieapp.ui.cards import listed
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely, text_button
from movieapp.ui.services import Services
from movieapp.ui.taste_words import counted
from movieapp.ui.viewer import Viewer, avatar, link, nobody, parsed, viewer_of
from movieapp.ui.welcome_parts import PATH as WELCOME

# Of the people of the release, so many are shown to choose from.
MOST_OF_RELEASE = 8
COLOR_NAMES = ("Blue", "Red", "Green", "Purple", "Amber", "Teal", "Pink", "Olive")


def choose_viewer(services: Services, *, path: str = "/", user_id: int | None = None) -> None:
    """Show the profiles and a way to make one, and below them the people of the release.

    Choosing opens `path` for them. Somebody new has no recommendations yet, and is asked about films first.
    `user_id` is who is watching: without a name they can get one.
    """
    box = ui.element("div").classes("choose")

    def renew() -> None:
        box.clear()
        with box:
            if user_id is not None and services.profiles.is_nameless(user_id):
                naming = partial(edit, None, user_id)
                text_button(f"Give user {user_id} a name", naming, icon_name="pencil").mark("name-viewer")
            _profiles(services, path, edit=edit)
            _of_release(services, path)

    def edit(profile: Profile | None, nameless: int | None = None) -> None:
        box.clear()
        with box:
            ProfileForm(services, profile, nameless=nameless, path=path, on_leave=renew)

    renew()


def viewer_button(services: Services, who: Viewer, *, path: str) -> None:
    """Show the disc of who is watching; it opens the people to choose from, who go to `path`."""
    with named_dialog("Who is watching?") as dialog, ui.element("div").classes("dialog") as body:
        pass

    def open_dialog() -> None:
        body.clear()
        with body:
            dialog_head("Who is watching?", dialog)
            if who.user_id is not None:
                with ui.element("p").classes("dialog-links"):
                    ui.link("Profile", link("/profile", user=who.user_id))
                    ui.link("Library", link("/library", user=who.user_id))
                    ui.link("Import and export", link("/import", user=who.user_id))
                    ui.link("Nobody in particular", "/?user=")
            choose_viewer(services, path=path, user_id=who.user_id)
        dialog.open()

    with ui.element("button").classes("tool tool-viewer").props("type=button").mark("viewer") as button:
        avatar(who)
    name = "Choose who is watching" if who.user_id is None else f"{who.title} is watching. Change"
    button.props["aria-label"] = button.props["title"] = name
    button.on("click", safely(open_dialog), args=[])


def named_dialog(name: str) -> ui.dialog:
    """Make a dialog that is read out by its name."""
    dialog = ui.dialog()
    dialog.props["aria-label"] = name
    return dialog


def dialog_head(title: str, dialog: ui.dialog) -> None:
    """Show the title of a dialog, with a button that closes it."""
    with ui.element("div").classes("dialog-head"):
        with ui.element("h2"):
            ui.label(title)
        with ui.element("button").classes("tool").props('type=button aria-label="Close"') as close:
            icon("close")
        close.on("click", dialog.close, args=[])


def _profiles(services: Services, path: str, *, edit: Callable[[Profile | None], None]) -> None:
    with ui.element("ul").classes("people"):
        for profile in services.profiles.named():
            with ui.element("li").classes("person-place"):
                _person(services, profile.user_id, path).mark(f"profile-{profile.user_id}")
                with ui.element("button").classes("tool person-edit").props("type=button") as pencil:
                    icon("pencil")
                pencil.props["aria-label"] = pencil.props["title"] = f"Rename or delete {profile.name}"
                pencil.mark(f"edit-{profile.user_id}")
                pencil.on("click", safely(lambda profile=profile: edit(profile)), args=[])
        with ui.element("li"), ui.element("button").classes("person").props("type=button") as new:
            with ui.element("span").classes("avatar avatar-new").props("aria-hidden=true"):
                icon("plus")
            ui.label("New profile").classes("person-name")
            ui.label("for somebody new").classes("muted small")
        new.mark("new-profile").on("click", safely(lambda: edit(None)), args=[])


def _of_release(services: Services, path: str) -> None:
    def go() -> None:
        ui.navigate.to(link(path, user=parsed(field.value or "")))

    named = {profile.user_id for profile in services.profiles.named()}
    others = [one for one, _ in services.profiles.users(MOST_OF_RELEASE + len(named)) if one not in named]
    with ui.element("details").classes("of-release") as fold:
        with ui.element("summary"):
            ui.label("Somebody else, by number").classes("as-text")
        with ui.element("div").classes("choose-form"):
            field = ui.input(label="User number").props("outlined dense inputmode=numeric autocomplete=off")
            field.classes("field").mark("user-field").on("keydown.enter", safely(go))
            text_button("Show", go, kind="strong").mark("user-go")
        with ui.element("ul").classes("people"):
            for user_id in others[:MOST_OF_RELEASE]:
                with ui.element("li"):
                    _person(services, user_id, path)
    # Without profiles, the people of the release are all there is to look at.
    if not named:
        fold.props("open")


def _person(services: Services, user_id: int, path: str) -> ui.link:
    history = services.profiles.history(user_id)
    who = viewer_of(services, user_id)
    with ui.link(target=link(path, user=user_id)).classes("person") as person:
        avatar(who)
        ui.label(who.title).classes("person-name")
        ui.label(counted(0 if history is None else len(history), "rating")).classes("muted small")
    return person


class ProfileForm:
    """A form for a new profile or, given one, for another name or color of it, or its end.

    `nameless` is somebody who watches without a name, if the name is for them.
    """

    def __init__(
        self,
        services: Services,
        profile: Profile | None,
        *,
        nameless: int | None = None,
        path: str,
        on_leave: Callable[[], None],
    ) -> None:
        self._user_id = profile.user_id if profile else nameless
        self._services, self._profile, self._path, self._on_leave = services, profile, path, on_leave
        self._color = profile.color if profile else None
        self._box = (
            ui.element("form").classes("profile-form").on("submit.prevent", safely(self._save), args=[])
        )
        self._show()

    def _show(self) -> None:
        self._box.clear()
        with self._box:
            with ui.element("h2"):
                ui.label(self._title)
            self._name = ui.input(label="Name", value=self._profile.name if self._profile else "")
            self._name.props(f"outlined dense autofocus autocomplete=off maxlength={LONGEST_NAME}")
            self._name.classes("field").mark("profile-name")
            self._colors()
            with ui.element("div").classes("form-buttons"):
                text = "Save" if self._user_id is not None else "Make this profile"
                text_button(text, self._save, kind="strong").mark("profile-save")
                text_button("Back", self._on_leave).mark("profile-back")
                if self._profile is not None:
                    delete = text_button("Delete …", self._ask, kind="danger").classes("form-end")
                    delete.mark("profile-delete")

    @property
    def _title(self) -> str:
        if self._profile is not None:
            return f"Change {self._profile.name}"
        return "A new profile" if self._user_id is None else f"A name for user {self._user_id}"

    def _colors(self) -> None:
        offered = list(COLORS) if self._color in (None, *COLORS) else [*COLORS, self._color]
        with ui.element("fieldset").classes("swatches"):
            with ui.element("legend"):
                ui.label("Color").classes("as-text")
            for number, color in enumerate(offered):
                assert color is not None
                name = COLOR_NAMES[number] if number < len(COLOR_NAMES) else "As now"
                swatch = ui.element("input").classes("swatch").style(f"--color: {color}")
                swatch.props(f"type=radio name=color value={color}").mark(f"color-{color}")
                swatch.props["aria-label"] = swatch.props["title"] = name
                if color == self._color:
                    swatch.props("checked")
                swatch.on("change", lambda color=color: self._choose(color), args=[])

    def _choose(self, color: str) -> None:
        self._color = color

    async def _save(self) -> None:
        profiles, name, now = self._services.profiles, self._name.value or "", self._services.clock()
        user_id = self._user_id
        if user_id is None:
            made = await run.io_bound(lambda: profiles.make(name, color=self._color, now=now))
            assert made is not None
            ui.navigate.to(link(WELCOME if self._path == "/" else self._path, user=made.user_id))
            return
        await run.io_bound(lambda: profiles.change(user_id, name=name, color=self._color, now=now))
        # The name may stand anywhere on the page.
        ui.navigate.reload()

    def _ask(self) -> None:
        """Say what goes with a profile before it does."""
        profile = self._profile
        assert profile is not None
        self._box.clear()
        with self._box:
            with ui.element("h2"):
                ui.label(f"Delete {profile.name}?")
            ui.label(f"{what_goes(self._services, profile)} This cannot be undone.").mark("what-goes")
            ui.link("Export it first", link("/import", user=profile.user_id))
            with ui.element("div").classes("form-buttons"):
                text_button(f"Delete {profile.name} for good", self._delete, kind="danger").mark("delete-it")
                text_button(f"Keep {profile.name}", self._show, kind="strong")

    async def _delete(self) -> None:
        assert self._profile is not None
        user_id = self._profile.user_id
        await run.io_bound(self._services.profiles.delete, user_id)
        nobody()
        ui.navigate.to("/?user=")


def what_goes(services: Services, profile: Profile) -> str:
    """Return what of a profile's is lost with it, as a sentence."""
    history, kept = services.profiles.history(profile.user_id), services.profiles.kept(profile.user_id)
    films = list(kept.values())
    opinions = [film.opinion.kind for film in films if film.opinion is not None]
    parts = [
        counted(0 if history is None else len(history), "rating"),
        counted(sum(len(film.watches) for film in films), "viewing"),
        counted(sum(film.listed_at is not None for film in films), "film") + " on the watchlist",
        counted(sum(film.note is not None for film in films), "note"),
        counted(opinions.count(EventType.LIKE), "like"),
        counted(len(opinions) - opinions.count(EventType.LIKE), "hidden film"),
    ]
    there = [part for part in parts if not part.startswith("0 ")]
    goes = "go" if there else "goes"
    return f"With it {goes} {listed([*there, f'the log of what {profile.name} was shown'])}."
