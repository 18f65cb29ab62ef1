"""Parts of a page that stay as they are while others change."""

from nicegui import ui


class Still(ui.element, component="assets/still.js"):
    """A part that the browser draws anew only when something in it changes.

    NiceGUI draws a whole page anew at each change of anything on it. It holds one element, which may hold
    anything, and puts none of its own around it.
    """
