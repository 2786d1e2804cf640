"""The frame of every staff form: outcome, unsaved contents and repeated clicks.

``press.js`` shows at once that a click is being handled, and blocks a second click
until the response arrives. If the server still receives a click twice, the idempotency
key makes sure that only one object is created.
"""

from typing import Any

import reflex as rx

from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.parts import plain_form, problem_alert, success_line
from invo_booking.web.kit.typed import Flag, Text
from invo_booking.web.kit.unsaved import unsaved_attributes


def staff_form(
    *content: rx.Component,
    submit: rx.event.EventType[dict[str, Any]],
    makes: bool = False,
    of_address: bool = True,
    is_inert: Flag = False,
    **more: Any,
) -> rx.Component:
    """A form that Reflex submits; the user is asked before its contents are discarded.

    Args:
        *content: The fields.
        submit: Handler that saves the form.
        makes: Whether the form creates an object, so that a repeated click must not
            create a second object.
        of_address: Whether the form disappears as soon as the query of the URL changes,
            and not only when another page opens.
        is_inert: Whether the form can be neither edited nor submitted, because contents
            already submitted are not saved yet.
        **more: Further attributes of the ``form`` element.
    """
    return rx.el.form(
        *([submit_key_field()] if makes else []),
        *content,
        on_submit=submit,
        no_validate=True,
        custom_attrs=_form_attributes(makes=makes, of_address=of_address)
        | ({} if is_inert is False else {"inert": is_inert}),
        **more,
    )


def browser_form(
    *content: rx.Component, action: Text, makes: bool = False, **more: Any
) -> rx.Component:
    """A ``staff_form`` that the browser itself posts, without Reflex."""
    return plain_form(
        *([submit_key_field()] if makes else []),
        *content,
        action=action,
        method="post",
        custom_attrs=_form_attributes(makes=makes, of_address=True),
        **more,
    )


def form_outcome(state: type[FormState]) -> rx.Component:
    """The message about what was done, or why it was not done."""
    return rx.fragment(
        success_line(state.done), problem_alert(state.problem, state.dismiss_notices)
    )


def _form_attributes(*, makes: bool, of_address: bool) -> dict[str, Any]:
    return unsaved_attributes(of_address=of_address) | (
        once_attributes() if makes else {}
    )


def submit_key_field() -> rx.Component:
    """A hidden field with the idempotency key of what the form creates."""
    return rx.el.input(type="hidden", name="submit_key", value=SessionState.submit_key)


def once_attributes() -> dict[str, Any]:
    """Attributes of a form or a button that must not be submitted or clicked twice."""
    return {"data-answer": SessionState.answered}
