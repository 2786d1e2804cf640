"""Ask before typed or chosen contents are discarded; see ``unsaved.jsx``.

The frame of every staff page contains the dialog that asks. Forms that need the
question carry ``unsaved_attributes``; changes outside forms are reported by
``change_count_attributes``. Links, keys, the calendar and the Back button ask by
themselves. Any other button that discards contents of forms must carry
``discard_attributes``.
"""

from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script

script(__name__, "unsaved.js")  # imported as "../unsaved/unsaved.js"


class Unsaved(rx.NoSSRComponent):
    """The dialog that asks about unsaved changes; a page has one.

    Escape continues editing, and returns the focus.
    """

    library = script(__name__, "unsaved.jsx")
    tag = "Unsaved"

    texts: rx.Var[dict[str, str]]


def unsaved_attributes(*, of_address: bool = True) -> dict[str, Any]:
    """Return the attributes of a form that asks before its contents are discarded.

    Args:
        of_address: Whether the form disappears as soon as the query of the URL changes,
            and not only when another page opens.
    """
    return {"data-unsaved": "address" if of_address else "page"}


def question_attributes() -> dict[str, Any]:
    """Return the attributes of a form that only asks a question and saves nothing."""
    return {"data-unsaved": "never"}


def change_count_attributes(changes: Text) -> dict[str, Any]:
    """Return the attributes of an element that reports unsaved changes.

    Args:
        changes: A text such as ``3 changes``; empty if there are none.
    """
    return {"data-changed": changes}


def discard_attributes(form_id: str = "") -> dict[str, Any]:
    """Return the attributes of a button that discards what was typed into forms.

    Args:
        form_id: Id of the form that the button discards; if empty, it discards all.
    """
    return {"data-discards": form_id}


def unsaved_question() -> rx.Component:
    """Return the question about unsaved contents."""
    return Unsaved.create(
        texts={
            "heading": say("forms.unsaved.heading"),
            "changed": say("forms.unsaved.changed", changes="{changes}"),
            "typed": say("forms.unsaved.typed"),
            "keep": say("forms.unsaved.keep"),
            "discard": say("forms.unsaved.discard"),
        }
    )
