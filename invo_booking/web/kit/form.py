"""The frame of every form of staff: what came of it, and the question on leaving.

``press.js`` shows at once that a press is under way, and holds back a second one until
the answer has come; the key makes one thing of what arrives twice all the same.
"""

from typing import Any

import reflex as rx

from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.parts import plain_form, problem_alert, success_line
from invo_booking.web.kit.typed import Text
from invo_booking.web.kit.unsaved import unsaved_attributes


def staff_form(
    *content: rx.Component,
    submit: rx.event.EventType[dict[str, Any]],
    makes: bool = False,
    of_address: bool = True,
    **more: Any,
) -> rx.Component:
    """A form whose contents are not thrown away unasked.

    Args:
        *content: Its fields.
        submit: Saves it.
        makes: Whether it makes something, which a second press must not do again.
        of_address: Whether it is gone with every other address of the page.
        **more: Of the element.
    """
    return rx.el.form(
        *([submit_key_field()] if makes else []),
        *content,
        on_submit=submit,
        no_validate=True,
        custom_attrs=_form_attributes(makes=makes, of_address=of_address),
        **more,
    )


def browser_form(
    *content: rx.Component, action: Text, makes: bool = False, **more: Any
) -> rx.Component:
    """Such a form that the browser itself sends, past Reflex."""
    return plain_form(
        *([submit_key_field()] if makes else []),
        *content,
        action=action,
        method="post",
        custom_attrs=_form_attributes(makes=makes, of_address=True),
        **more,
    )


def form_outcome(state: type[FormState]) -> rx.Component:
    """What was done, or why it was not."""
    return rx.fragment(
        success_line(state.done), problem_alert(state.problem, state.dismiss_notices)
    )


def _form_attributes(*, makes: bool, of_address: bool) -> dict[str, Any]:
    return unsaved_attributes(of_address=of_address) | (
        once_attributes() if makes else {}
    )


def submit_key_field() -> rx.Component:
    """The key of what the form makes next, sent along with it."""
    return rx.el.input(type="hidden", name="submit_key", value=SessionState.submit_key)


def once_attributes() -> dict[str, Any]:
    """Attributes of the form or the button that is pressed once."""
    return {"data-answer": SessionState.answered}
