"""Something laid over the page."""

import reflex as rx

from invo_booking.web.scripts import script


class Dialog(rx.NoSSRComponent):
    """Something laid over the page; Escape and a press beside it fire ``on_close``.

    The focus goes in when it opens, stays inside, and goes back when it closes.

    Attributes:
        label: Its name.
        kind: Class name: ``ask`` in the middle, ``sheet`` at the side.
    """

    library = script(__name__, "dialog.jsx")
    tag = "Dialog"

    open: rx.Var[bool]
    label: rx.Var[str]
    kind: rx.Var[str]

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


dialog = Dialog.create
