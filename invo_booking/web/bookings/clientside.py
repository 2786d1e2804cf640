"""Detect keyboard shortcuts in the browser."""

import reflex as rx

from invo_booking.web.scripts import script


class Shortcuts(rx.NoSSRComponent):
    """Keyboard shortcuts of the whole page, except while a person is typing."""

    library = script(__name__, "shortcuts.jsx")
    tag = "Shortcuts"

    keys: rx.Var[list[str]]
    on_key: rx.EventHandler[rx.event.passthrough_event_spec(str)]


shortcuts = Shortcuts.create
