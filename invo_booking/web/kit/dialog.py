"""Modal dialogs and side sheets."""

import reflex as rx

from invo_booking.web.scripts import script


class Dialog(rx.NoSSRComponent):
    """A modal dialog; Escape and a click outside the dialog fire ``on_close``.

    The focus moves into the dialog when it opens, stays inside, and returns when the
    dialog closes.

    Attributes:
        label: Accessible name.
        kind: Class name: ``ask`` for a dialog in the middle, ``sheet`` at the side.
    """

    library = script(__name__, "dialog.jsx")
    tag = "Dialog"

    open: rx.Var[bool]
    label: rx.Var[str]
    kind: rx.Var[str]

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


dialog = Dialog.create
