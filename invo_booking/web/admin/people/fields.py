"""The fields of the form of a person."""

from collections.abc import Iterable

from invo_booking.domain.access.roles import Role
from invo_booking.texts import say
from invo_booking.web.admin.form_fields import (
    Rows,
    email_field,
    line_field,
    ticks_field,
    zone_field,
)
from invo_booking.web.kit.forms import form_entry_ids
from invo_booking.web.kit.text import zones

ROLE, QUEUE, LANGUAGE = "role-", "queue-", "language-"


def _ticked_roles(ticked: Iterable[str]) -> frozenset[Role]:
    return frozenset(role for role in Role if role.value in set(ticked))


CONTACT: Rows = (
    (
        line_field("name", say("people.form.name")),
        email_field("email", say("people.form.email")),
        email_field("mailbox", say("people.form.mailbox")),
        zone_field(
            "time_zone",
            say("people.form.zone"),
            of="hours",
            show=lambda hours: zones.zone_label_of(hours.zone.key),
        ),
    ),
)
WORK: Rows = (
    ticks_field("roles", say("people.form.roles"), prefix=ROLE, parse=_ticked_roles),
    ticks_field(
        "queues", say("people.form.queues"), prefix=QUEUE, parse=form_entry_ids
    ),
    ticks_field(
        "languages", say("people.form.languages"), prefix=LANGUAGE, parse=frozenset
    ),
)
ROOM: Rows = (
    line_field("room", say("people.form.room"), hint=say("people.form.room_hint")),
)
FIELDS: Rows = (*CONTACT, *WORK, *ROOM)
