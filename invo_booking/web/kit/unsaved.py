"""A question before what somebody typed is thrown away; see ``unsaved.jsx``.

A form that asks carries ``asks_before_discarding``, and whatever throws it away
``discards``; links, keys and the calendar are known to the question already.
"""

from typing import Any

import reflex as rx

rx.asset("unsaved.js", shared=True)  # imported as "../unsaved/unsaved.js"


class Unsaved(rx.NoSSRComponent):
    """The question, once per page; Escape goes on typing, the focus goes back."""

    library = "$/public" + rx.asset("unsaved.jsx", shared=True)
    tag = "Unsaved"


def asks_before_discarding() -> dict[str, Any]:
    """Return attributes of a form whose text is not thrown away unasked."""
    return {"data-unsaved": ""}


def discards() -> dict[str, Any]:
    """Return attributes of a button whose press throws the text of such a form away."""
    return {"data-discards": ""}


unsaved = Unsaved.create
