"""The fields of the form of a branch."""

from functools import partial

from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.web.admin.form_fields import (
    Form,
    Rows,
    choice_field,
    line_field,
    lines_field,
    phone_field,
    switch_field,
    text_field,
    zone_field,
)
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text.names import name_options

_LONGEST_NUMBER = 24


def _degrees_text(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}".rstrip("0").rstrip(".")


def _degrees_of_field(form: Form, name: str) -> float | None:
    typed = field_text(form, name)
    if not typed:
        return None
    try:
        return float(typed[:_LONGEST_NUMBER].replace(",", "."))
    except ValueError as error:
        raise ValueError(say("branches.form.degrees")) from error


_degrees_field = partial(line_field, show=_degrees_text, read=_degrees_of_field)

PLACE: Rows = (
    line_field("name", say("branches.form.name"), is_translated=True),
    lines_field(
        "street", say("branches.form.street"), hint=say("branches.form.street_hint")
    ),
    (
        line_field("town", say("branches.form.town")),
        line_field("region", say("branches.form.region")),
    ),
    (
        line_field("postal_code", say("branches.form.postal_code")),
        choice_field(
            "country",
            say("branches.form.country"),
            name_options(code_lists.countries()),
        ),
    ),
    (
        phone_field("phone", say("branches.phone")),
        zone_field(
            "time_zone",
            say("branches.zone"),
            of="zone",
            hint=say("branches.form.zone_hint"),
        ),
    ),
    text_field(
        "directions",
        say("branches.form.directions"),
        hint=say("branches.form.directions_hint"),
        is_translated=True,
    ),
    (
        _degrees_field(
            "latitude",
            say("branches.form.latitude"),
            hint=say("branches.form.latitude_hint"),
        ),
        _degrees_field(
            "longitude",
            say("branches.form.longitude"),
            hint=say("branches.form.longitude_hint"),
        ),
    ),
)
OPEN: Rows = (
    switch_field("active", say("branches.open"), hint=say("branches.form.open_hint")),
)
FIELDS: Rows = (*PLACE, *OPEN)
