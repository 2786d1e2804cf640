"""What a form or a button needs that makes something once.

``press.js`` shows at once that the press is under way, and holds back a second one
until the answer has come; the key makes one thing of what arrives twice all the same.
"""

from typing import Any

import reflex as rx

from invo_booking.web.core.session import SessionState


def submit_key_field() -> rx.Component:
    """The key of what the form makes next, sent along with it."""
    return rx.el.input(type="hidden", name="submit_key", value=SessionState.submit_key)


def once_attributes() -> dict[str, Any]:
    """Attributes of the form or the button that is pressed once."""
    return {"data-answer": SessionState.answered}
