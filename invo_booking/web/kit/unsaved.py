"""A question before what somebody typed or chose is thrown away; see ``unsaved.jsx``.

The frame of every page of staff has it. A form that asks carries
``unsaved_attributes``; what is changed outside forms is counted by
``change_count_attributes``. Links, keys, the calendar and the Back button are known to
the question; any other press that throws such a form away carries
``discard_attributes``.
"""

from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script

script(__name__, "unsaved.js")  # imported as "../unsaved/unsaved.js"


class Unsaved(rx.NoSSRComponent):
    """The question, once per page; Escape goes on editing, the focus goes back."""

    library = script(__name__, "unsaved.jsx")
    tag = "Unsaved"

    texts: rx.Var[dict[str, str]]


def unsaved_attributes(*, of_address: bool = True) -> dict[str, Any]:
    """Return attributes of a form whose contents are not thrown away unasked.

    Args:
        of_address: Whether it is gone with every other address of the page too, and
            not only with another page.
    """
    return {"data-unsaved": "address" if of_address else "page"}


def question_attributes() -> dict[str, Any]:
    """Return attributes of a form that asks something and saves nothing."""
    return {"data-unsaved": "never"}


def change_count_attributes(changes: Text) -> dict[str, Any]:
    """Return attributes of an element that tells what is changed and not saved.

    Args:
        changes: Such as ``3 changes``; empty if there is none.
    """
    return {"data-changed": changes}


def discard_attributes() -> dict[str, Any]:
    """Return attributes of a press that throws the contents of such a form away."""
    return {"data-discards": ""}


def unsaved_question() -> rx.Component:
    """Return the question."""
    return Unsaved.create(
        texts={
            "heading": say("forms.unsaved.heading"),
            "changed": say("forms.unsaved.changed", changes="{changes}"),
            "typed": say("forms.unsaved.typed"),
            "keep": say("forms.unsaved.keep"),
            "discard": say("forms.unsaved.discard"),
        }
    )
