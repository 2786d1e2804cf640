"""The fields of the form of a closed day."""

from datetime import date
from functools import partial

from invo_booking.texts import say
from invo_booking.web.admin.form_fields import (
    Form,
    FormField,
    Rows,
    line_component,
    line_field,
)
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.parsing import parse_day


def _day_of_field(form: Form, name: str) -> date:
    try:
        return parse_day(field_text(form, name))
    except ValueError as error:
        raise ValueError(say("admin.day_needed")) from error


FIELDS: Rows = (
    (
        FormField(
            "day",
            say("closures.day"),
            draw=partial(line_component, kind="date"),
            show=date.isoformat,
            read=_day_of_field,
        ),
        line_field("day_name", say("closures.name"), of="name", is_translated=True),
    ),
)
