"""The opening hours in the form of the institution, a branch or a queue."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.opening_state import OpeningState
from invo_booking.web.admin.week_editor import week_editor
from invo_booking.web.core.form_state import FormState
from invo_booking.web.kit.typed import text_if
from invo_booking.web.kit.unsaved import change_count_attributes

_EMPTY_DAY = text_if(
    OpeningState.is_limited, say("opening.closed"), say("opening.no_limit")
)


def opening_hours_field(form: type[FormState], hint: str) -> rx.Component:
    """Weekly opening hours to draw or type, saved together with the surrounding form.

    Args:
        form: State of that form.
        hint: Sentence that says what the hours limit.
    """
    return rx.el.fieldset(
        rx.el.legend(say("opening.heading")),
        rx.el.p(hint, class_name="hint"),
        *week_editor(OpeningState, form, empty=_EMPTY_DAY),
        rx.el.span(
            hidden=True,
            custom_attrs=change_count_attributes(
                rx.cond(OpeningState.is_changed, say("opening.changed"), "")
            ),
        ),
        class_name="field opening",
    )
