"""The editor for SQL, in the colours of the page."""

from collections.abc import Callable
from typing import Any, Literal

from nicegui import ui

LIGHT: Literal["githubLight"] = "githubLight"
DARK: Literal["githubDark"] = "githubDark"
# Only the browser knows which theme the page has; it tells at the start and whenever that changes.
TELL_THEME = """
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const tell = () => {
        const chosen = document.documentElement.dataset.theme;
        emitEvent("page-theme", chosen === "dark" || (chosen !== "light" && dark.matches));
    };
    new MutationObserver(tell).observe(document.documentElement, {attributeFilter: ["data-theme"]});
    dark.addEventListener("change", tell);
    tell();
"""
# CodeMirror is loaded after the page is there.
NAME = """
    const name = () => {
        const text = document.querySelector(".sql-editor .cm-content");
        if (!text) return setTimeout(name, 100);
        text.setAttribute("aria-label", "The question, in SQL");
        text.tabIndex = 0;
    };
    name();
"""


class Editor:
    """A text of SQL; Ctrl+Enter (Cmd+Enter) calls `on_run`."""

    def __init__(self, text: str, *, on_run: Callable[..., Any]) -> None:
        self._area = ui.codemirror(
            text,
            language="SQL",
            theme=LIGHT,
            indent="    ",
            line_wrapping=True,
            keymap={"Mod-Enter": lambda _: on_run()},
        )
        self._area.classes("sql-editor").mark("sql")
        ui.on("page-theme", lambda event: self._area.set_theme(DARK if event.args else LIGHT))
        ui.run_javascript(TELL_THEME)
        ui.run_javascript(NAME)

    @property
    def text(self) -> str:
        """What is written."""
        return self._area.value or ""

    def write(self, text: str) -> None:
        """Put another text in its place."""
        self._area.set_value(text)
