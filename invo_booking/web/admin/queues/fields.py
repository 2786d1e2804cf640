"""The fields of the form of a queue."""

import reflex as rx

from invo_booking.domain.assignment import Mode
from invo_booking.texts import say
from invo_booking.web.admin.form_fields import (
    Form,
    FormField,
    Rows,
    line_field,
    switch_field,
)
from invo_booking.web.admin.form_view import FormView
from invo_booking.web.kit.fields import Errors
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.typed import Text

MODES = {
    Mode.UNASSIGNED: (
        say("queues.mode.unassigned"),
        say("queues.mode.unassigned_help"),
    ),
    Mode.FEWEST: (
        say("queues.mode.fewest"),
        say("queues.mode.fewest_help"),
    ),
    Mode.CHOSEN: (
        say("queues.mode.chosen"),
        say("queues.mode.chosen_help"),
    ),
}


def _modes(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    """Return the modes of assignment, with an explanation of each."""
    del errors
    return rx.el.fieldset(
        rx.el.legend(it.label),
        *(
            _mode_choice(it.name, mode.value, words, form.texts[it.name])
            for mode, words in MODES.items()
        ),
        class_name="field modes",
    )


def _mode_choice(
    name: str, value: str, words: tuple[str, str], chosen: Text
) -> rx.Component:
    label, hint = words
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=name,
            value=value,
            default_checked=chosen == value,
            custom_attrs={"aria-describedby": f"h-{value}"},
        ),
        rx.el.span(
            rx.el.b(label), rx.el.span(hint, id=f"h-{value}", class_name="hint")
        ),
        class_name="tick",
    )


def _mode_of_field(form: Form, name: str) -> Mode:
    modes = {mode.value: mode for mode in Mode}
    return modes.get(field_text(form, name), Mode.UNASSIGNED)


SERVICE: Rows = (
    line_field("name", say("queues.form.name"), is_translated=True),
    FormField("assignment", say("queues.form.mode"), draw=_modes, read=_mode_of_field),
)
OPEN: Rows = (
    switch_field("active", say("queues.open"), hint=say("queues.form.open_hint")),
)
FIELDS: Rows = (*SERVICE, *OPEN)
