"""A button that copies the contents of a field."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script


class CopyButton(rx.Component):
    """Copies the contents of a field, and says whether copying worked.

    Reflex's own clipboard event needs ``eval`` if a handler requests it, does not work
    over plain HTTP, and reports no outcome.

    Attributes:
        field_id: Id of the field; its text is selected if copying fails.
        name: Class name of the button.
        done: Message if copying has worked.
        failed: Message if copying fails.
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
    """Return a button that copies the contents of a field."""
    return CopyButton.create(
        *children,
        field_id=field_id,
        name=name,
        done=say("kit.copy.done"),
        failed=say("kit.copy.failed"),
    )
