"""A real browser for tests: one Chromium, and fresh profiles in it in which nothing may fail."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.launcher import Launched

Theme = Literal["light", "dark"]
# What comes at once on a machine with nothing else to do; a busy one may need so long.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the system; skip the test where there is none."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.skip("there is neither chromium-headless-shell nor chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def visit(
    browser: Browser, launched: Launched, *, width: int = 1280, theme: Theme = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """Open a fresh profile; hand over its page, and what went wrong in it as it happens."""
    context = browser.new_context(
        base_url=launched.address,
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        # What moves is drawn again and again, by the processor.
        reduced_motion="reduce",
    )
    faults: list[str] = []
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    context.on("request", lambda request: faults.extend(_elsewhere(request.url)))
    page.on("websocket", lambda socket: faults.extend(_elsewhere(socket.url)))
    try:
        yield page, faults
    finally:
        context.close()


def _elsewhere(url: str) -> list[str]:
    parts = urlsplit(url)
    is_own = parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"
    return [] if is_own else [f"asked another host: {url}"]
