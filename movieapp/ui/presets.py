"""Settings of a list that somebody keeps under a name: used, kept, renamed and deleted above the list."""

from collections.abc import Callable
from functools import partial

from nicegui import run, ui

from movieapp.serving.presets import LONGEST_NAME, Preset, Presets, Setting
from movieapp.ui.aims import aims_query
from movieapp.ui.choice import Choice
from movieapp.ui.icons import icon
from movieapp.ui.notices import notice, safely, shown, text_button
from movieapp.ui.people import dialog_head, named_dialog
from movieapp.ui.services import Services
from movieapp.ui.viewer import link


def list_link(services: Services, user_id: int | None, setting: Setting, *, k: int = Choice().k) -> str:
    """Return where the full list stands with this setting."""
    choice = Choice(setting.filters, k, is_unseen=setting.exclude_seen)
    aims = aims_query(setting.aims, services.recommender.aims)
    return link("/list", user=user_id, **choice.query, **aims)


class PresetBar:
    """Somebody's presets as links, and a button to keep what `setting` returns, or to change what is kept."""

    def __init__(self, services: Services, user_id: int, setting: Callable[[], Setting]) -> None:
        self._services, self._user_id, self._setting = services, user_id, setting
        self._presets = Presets(services.database, services.profiles)
        text_button("Presets", self._open, icon_name="bookmark").classes("presets-toggle").mark("presets")
        self._links = ui.element("ul").classes("filter-chips preset-chips").props('aria-label="Presets"')
        with named_dialog("Presets") as self._dialog, ui.element("div").classes("dialog") as self._body:
            pass

    async def load(self) -> None:
        """Show what is kept."""
        kept = await run.io_bound(self._presets.of, self._user_id) or []
        self._links.clear()
        self._links.set_visibility(bool(kept))
        with self._links:
            for preset in kept:
                target = list_link(self._services, self._user_id, preset.setting)
                with ui.element("li"):
                    ui.link(preset.name, target).classes("filter-chip").mark(f"preset-{preset.name}")
        self._body.clear()
        with self._body:
            shown(lambda: self._manage(kept))

    def _open(self) -> None:
        self._dialog.open()

    def _manage(self, kept: list[Preset]) -> None:
        dialog_head("Presets", self._dialog)
        ui.label("Keep the filters and aims of this list under a name.").classes("muted")
        with ui.element("div").classes("choose-form"):
            name = _name_field("Name of the preset").mark("preset-name")
            save = partial(self._save, name)
            name.on("keydown.enter", safely(save))
            text_button("Keep", save, kind="strong").mark("keep-preset")
        if not kept:
            notice("Nothing is kept yet.")
        with ui.element("ul").classes("preset-rows"):
            for preset in kept:
                with ui.element("li").classes("preset-row"):
                    self._row(preset)

    def _row(self, preset: Preset) -> None:
        name = _name_field(f"Name of {preset.name}", value=preset.name)
        rename = partial(self._rename, preset, name)
        name.on("keydown.enter", safely(rename)).mark(f"name-of-{preset.name}")
        text_button("Rename", rename).mark(f"rename-{preset.name}")
        with ui.element("button").classes("tool").props("type=button") as button:
            icon("close")
        button.props["aria-label"] = button.props["title"] = f"Delete the preset {preset.name}"
        button.mark(f"delete-{preset.name}").on("click", safely(partial(self._delete, preset)), args=[])

    async def _save(self, field: ui.input) -> None:
        setting, now = self._setting(), self._services.clock()
        await run.io_bound(partial(self._presets.put, self._user_id, field.value or "", setting, now=now))
        await self._settled(f"Kept as {(field.value or '').strip()}.")

    async def _rename(self, preset: Preset, field: ui.input) -> None:
        await run.io_bound(self._presets.rename, self._user_id, preset.name, field.value or "")
        await self._settled(f"{preset.name} is now {(field.value or '').strip()}.")

    async def _delete(self, preset: Preset) -> None:
        await run.io_bound(self._presets.remove, self._user_id, preset.name)
        await self._settled(f"{preset.name} is deleted.")

    async def _settled(self, sentence: str) -> None:
        ui.notify(sentence, type="positive", position="bottom", timeout=2500)
        await self.load()


def _name_field(label: str, *, value: str = "") -> ui.input:
    field = ui.input(label=label, value=value)
    return field.props(f"outlined dense maxlength={LONGEST_NAME} autocomplete=off").classes("field")
