"""A button that copies what a field shows."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script


class CopyButton(rx.Component):
    """Copies in the browser, and says whether that worked.

    Reflex's own way of copying needs ``eval`` if a handler asks for it, is missing over
    plain http, and says nothing.

    Attributes:
        field_id: The field; its text is selected if it cannot be copied.
        name: Class name of the button.
        done: What is said when it is copied.
        failed: What is said when it is not.
    """

    library = script(__name__, "copying.jsx")
    tag = "CopyButton"

    field_id: rx.Var[str]
    name: rx.Var[str]
    done: rx.Var[str]
    failed: rx.Var[str]


def copy_button(
    *children: rx.Component | Text, field_id: str, name: str
) -> rx.Component:
    """Return a button that copies what a field shows."""
    return CopyButton.create(
        *children,
        field_id=field_id,
        name=name,
        done=say("kit.copy.done"),
        failed=say("kit.copy.failed"),
    )
