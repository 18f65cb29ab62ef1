"""The files that pages load: where they are, and in which edition."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from nicegui import ui

ASSETS = Path(__file__).parent / "assets"


def root_path() -> str:
    """Return where these pages hang in the server."""
    return str(ui.context.client.request.scope.get("root_path", ""))


def style_sheet(name: str) -> None:
    """Bring in what a page adds to the style sheet of all; browsers keep it until it is another."""
    ui.add_head_html(f'<link rel="stylesheet" href="{root_path()}/assets/{name}?v={_edition(name)}">')


@cache
def _edition(name: str) -> str:
    return sha256((ASSETS / name).read_bytes()).hexdigest()[:10]
