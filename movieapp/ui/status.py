"""How the app is doing, in the header of every page and, when something is wrong, above its content."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.status import Phase, State
from movieapp.ui.notices import readable_stage
from movieapp.ui.services import Services
from movieapp.ui.ticking import every


def status_indicator(services: Services) -> Callable[[ui.label], None]:
    """Show the state; what is returned takes the label of the banner and keeps both up to date."""
    with ui.link(target="/dashboard").classes("status").mark("status") as box:
        ui.element("span").classes("status-dot").props("aria-hidden=true")
        text = ui.label().classes("status-text")
        # Shown by the style sheet while NiceGUI says that the connection is lost.
        ui.label("Unreachable").classes("status-lost")
    # Read out when the state changes, not with every step of the progress.
    spoken = ui.label().classes("unseen").props("role=status")

    def refresh(banner: ui.label) -> None:
        state = services.status.current
        word, sentence = status_words(state)
        text.set_text(word)
        spoken.set_text(sentence if state.phase in (Phase.OK, Phase.DEGRADED) else str(state.phase))
        box.classes(replace=f"nicegui-link status status-{state.phase}")
        if box.props.get("title") != sentence:
            box.props["title"] = sentence
            box.props["aria-label"] = f"{word}. {sentence}"
        banner.set_text(sentence)
        banner.set_visibility(state.phase is Phase.DEGRADED)

    def watch(banner: ui.label) -> None:
        refresh(banner)
        every(1.0, lambda: refresh(banner))

    return watch


def status_banner() -> ui.label:
    """Make the place for the sentence that says what is wrong."""
    return ui.label().classes("notice notice-problem banner").mark("banner")


def status_words(state: State) -> tuple[str, str]:
    """Return the state in a word or two, and as a sentence."""
    stage = readable_stage(state.stage) if state.stage else "getting ready"
    match state.phase:
        case Phase.OK:
            return "Ready", "Everything works."
        case Phase.DEGRADED:
            return "Degraded", state.problem or "Something does not work as it should."
        case Phase.TRAINING:
            # Of what is done there is no room for more in the header; the sentence has it.
            return f"Working {state.share:.0%}", f"Working: {stage}, {state.share:.0%} done."
        case Phase.STARTING:
            return "Starting", "The app is starting."
