"""The fields of the form of the institution."""

from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.web.admin.form_fields import (
    Rows,
    choice_field,
    line_field,
    phone_field,
    zone_field,
)
from invo_booking.web.kit.text.names import name_options

FIELDS: Rows = (
    line_field("name", say("institution.name")),
    line_field(
        "tagline",
        say("institution.tagline"),
        hint=say("institution.tagline_hint"),
        is_translated=True,
    ),
    phone_field("phone", say("institution.phone")),
    (
        zone_field(
            "time_zone",
            say("institution.zone"),
            of="zone",
            hint=say("institution.zone_hint"),
        ),
        choice_field(
            "country",
            say("institution.country"),
            hint=say("institution.country_hint"),
            options=name_options(code_lists.countries()),
        ),
    ),
)
