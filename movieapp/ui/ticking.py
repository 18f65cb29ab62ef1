"""What begins once the browser is there, and what is done again and again from then on."""

from collections.abc import Callable

from nicegui import ui


def once_there(begin: Callable[[], object]) -> None:
    """Call `begin` here, as soon as the browser has the page: at once if it has it already."""
    client, place = ui.context.client, ui.context.slot.parent
    has_begun = False

    def start() -> None:
        nonlocal has_begun
        # Browsers come back after a lost connection.
        if not has_begun and not place.is_deleted:
            has_begun = True
            with place:
                begin()

    if client.has_socket_connection:
        start()
    else:
        client.on_connect(start)


def every(seconds: float, callback: Callable[[], object]) -> None:
    """Call `callback` so often from when the browser is there.

    A timer waits for the browser from its first moment. NiceGUI takes that for the page's own waiting, and
    delivers the page without what is still being loaded for it.
    """
    once_there(lambda: ui.timer(seconds, callback))
