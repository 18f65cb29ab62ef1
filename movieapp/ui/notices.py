"""Sentences in place of what cannot be shown, and the blocks that stand in while something is loading."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from nicegui import background_tasks, run, ui

from movieapp.errors import Invalid, MovieAppError, NotFound, NotReady
from movieapp.serving.status import Phase
from movieapp.ui.icons import icon
from movieapp.ui.services import Services
from movieapp.ui.ticking import every

log = logging.getLogger(__name__)

T = TypeVar("T")
UNEXPECTED = "Something went wrong here. Try again; if it stays like this, the log of the app says more."
# What is loaded sooner than this is in the page from the start; after it the page shows a skeleton.
PATIENCE_S = 0.2
# The name of the tasks that do it.
LOADING = "load a part of a page"


def notice(sentence: str, *, kind: str = "info") -> ui.element:
    """Show a sentence in a quiet box. `kind` is info, good or problem."""
    with ui.element("div").classes(f"notice notice-{kind}").props("role=status") as box:
        ui.label(sentence)
    return box


def problem(error: Exception) -> None:
    """Say in place what went wrong and, where that can help, offer to try again."""
    with ui.element("div").classes("notice notice-problem").props("role=alert"):
        ui.label(told(error))
        if not isinstance(error, NotFound | Invalid):
            text_button("Try again", ui.navigate.reload, icon_name="retry")


def empty(title: str, sentence: str) -> ui.element:
    """Show what an empty list means and what to do about it."""
    with ui.element("div").classes("empty") as box:
        ui.element("div").classes("empty-reel").props("aria-hidden=true")
        ui.label(title).classes("empty-title")
        ui.label(sentence).classes("muted")
    return box


def text_button(
    text: str, on_click: Callable[..., Any], *, icon_name: str = "", kind: str = "quiet"
) -> ui.element:
    """Show a native button. `kind` is quiet, strong or danger."""
    with ui.element("button").classes(f"button button-{kind}").props("type=button") as button:
        if icon_name:
            icon(icon_name)
        ui.label(text)
    button.on("click", safely(on_click), args=[])
    return button


def safely(handler: Callable[..., Any]) -> Callable[..., Awaitable[None]]:
    """Wrap an event handler so that whatever it raises is shown as a sentence."""

    async def handle(*event: Any) -> None:
        try:
            result = handler(*event)
            if inspect.isawaitable(result):
                await result
        except Exception as error:
            ui.notify(told(error), type="negative", position="bottom", multi_line=True)

    wanted = inspect.signature(handler).parameters.values()
    if any(parameter.default is inspect.Parameter.empty for parameter in wanted):

        async def handle_event(event: Any) -> None:
            await handle(event)

        return handle_event

    async def handle_nothing() -> None:
        await handle()

    return handle_nothing


def told(error: Exception) -> str:
    """Return the sentence for an error; one that nobody foresaw goes to the log as well."""
    if isinstance(error, MovieAppError):
        return str(error)
    log.error("a page failed", exc_info=error)
    return UNEXPECTED


def shown(build: Callable[[], None]) -> None:
    """Build a part of a page; if that fails, show why in its place."""
    with ui.element("div").classes("part") as box:
        try:
            build()
        except Exception as error:
            box.clear()
            with box:
                problem(error)


async def loaded(load: Callable[[], T], show: Callable[[T], None], *, skeleton: Callable[[], None]) -> None:
    """Show what a thread has loaded; meanwhile a skeleton, and a sentence if it failed."""
    box = ui.element("div").classes("part")
    task = background_tasks.create(run.io_bound(_outcome, load), name=LOADING)

    def present() -> None:
        if box.is_deleted or task.cancelled() or task.result() is None:
            return
        box.clear()
        value, error = task.result()
        with box:
            if error is None:
                shown(lambda: show(value))
            else:
                problem(error)

    done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
    if done:
        return present()
    with box.props("aria-busy=true"):
        skeleton()

    async def later() -> None:
        await asyncio.wait({task})
        if not box.is_deleted:
            box.props(remove="aria-busy")
        present()

    background_tasks.create(later(), name="show a part of a page", context=box)


def _outcome(load: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return load(), None
    except Exception as error:
        return None, error


def skeleton_grid(count: int = 12) -> None:
    """Hold the places of film cards."""
    with ui.element("div").classes("grid").props("aria-hidden=true"):
        for _ in range(count):
            with ui.element("div").classes("card"):
                ui.element("div").classes("skeleton skeleton-poster")
                ui.element("div").classes("skeleton skeleton-line")
                ui.element("div").classes("skeleton skeleton-line short")


def skeleton_lines(count: int = 6) -> None:
    """Hold the place of text."""
    with ui.element("div").classes("skeleton-lines").props("aria-hidden=true"):
        for number in range(count):
            ui.element("div").classes("skeleton skeleton-line" + (" short" if number % 3 == 2 else ""))


def when_version_changes(services: Services, refresh: Callable[[], None]) -> None:
    """Call `refresh` when the first model, or a newer one, has come while the page is open."""

    def version() -> str | None:
        live = services.recommender.live
        return None if live is None else live.version

    served = [version()]

    def look() -> None:
        if version() != served[0]:
            served[0] = version()
            refresh()

    every(2.0, look)


def no_model_yet() -> None:
    """Say that what is alike is not known before the first training."""
    notice("What is alike is known as soon as the model is trained. It appears here by itself.")


def are_films_in(services: Services) -> bool:
    """Whether ratings have been read, so that there is something to show."""
    try:
        return services.recommender.catalogue is not None
    except NotReady:
        return False


async def when_ready(services: Services, build: Callable[[], Awaitable[None] | None]) -> None:
    """Build a page's content now or, while the app is still starting, as soon as films are there."""
    box = ui.element("div").classes("content")

    async def fill() -> None:
        box.clear()
        with box:
            try:
                result = build()
                if inspect.isawaitable(result):
                    await result
            except Exception as error:
                problem(error)

    if are_films_in(services):
        return await fill()
    with box:
        refresh = starting(services)

    async def look() -> None:
        if are_films_in(services):
            timer.cancel()
            await fill()
        else:
            refresh()

    timer = ui.timer(0.5, look)


STEPS = ("Reading the ratings", "Popular films", "Training the model", "Recommendations for you")


def starting(services: Services) -> Callable[[], None]:
    """Show how far the first start is; returns what brings it up to date."""
    with ui.element("section").classes("starting").props('aria-label="Getting ready"'):
        ui.element("div").classes("reel").props("aria-hidden=true")
        with ui.element("h1").classes("starting-title"):
            ui.label("Getting your cinema ready")
        sentence = ui.label().classes("muted").props("role=status")
        with ui.element("div").classes("bar") as bar:
            fill = ui.element("div").classes("bar-fill")
        with ui.element("ol").classes("steps"):
            steps = [ui.element("li") for _ in STEPS]
            for step, text in zip(steps, STEPS, strict=True):
                with step:
                    ui.label(text)
    bar.props('role=progressbar aria-valuemin=0 aria-valuemax=100 aria-label="Progress"')

    def refresh() -> None:
        state = services.status.current
        share = round(100 * state.share)
        stage = readable_stage(state.stage) if state.stage else "Starting"
        if state.phase is Phase.DEGRADED and state.problem:
            stage = state.problem
        sentence.set_text(f"{stage} · {share} %" if share else f"{stage} …" if not state.problem else stage)
        fill.style(f"width: {share}%")
        bar.props(f"aria-valuenow={share}")
        at = step_of(state.stage)
        for number, step in enumerate(steps):
            step.classes(replace="done" if number < at else "now" if number == at else "later")

    refresh()
    return refresh


def step_of(stage: str | None) -> int:
    """Return which of STEPS a stage of background work belongs to."""
    words = (stage or "").lower()
    return 2 if any(word in words for word in ("train", "evaluat", "regist", "model", "tun")) else 0


def readable_stage(stage: str) -> str:
    """Turn `ingest: ratings` into words for a person."""
    head, _, tail = (part.strip().replace("_", " ") for part in stage.partition(":"))
    words = f"{DOING.get(head, head + ':')} {tail}" if tail else head
    return words[:1].upper() + words[1:]


# What the parts of background work are called in words.
DOING = {"ingest": "reading", "download": "downloading"}
