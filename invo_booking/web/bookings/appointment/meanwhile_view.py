"""Describe the changes of an appointment since its form was opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_view import DetailView

FIELDS: Mapping[str, str] = {
    "when": "drawer.field.date",
    "span": "drawer.field.time",
    "name": "drawer.field.name",
    "email": "drawer.field.email",
    "phone": "drawer.field.phone",
    "how": "drawer.how",
    "place_name": "drawer.field.branch",
    "notes": "drawer.field.notes",
    "agent": "calendar.agent",
    "word": "drawer.field.state",
}
"""The attributes of ``DetailView`` to compare, each with the text key of its label."""


@dataclass
class FieldDifferenceView:
    """A changed field, before and after; an empty value is shown as *nothing*."""

    field: str
    before: str
    now: str


def appointment_field_differences(
    before: DetailView, now: DetailView
) -> list[FieldDifferenceView]:
    """Return the fields that others changed, in the order of the form."""
    return [
        FieldDifferenceView(
            say(key),
            getattr(before, name) or say("drawer.meanwhile.nothing"),
            getattr(now, name) or say("drawer.meanwhile.nothing"),
        )
        for name, key in FIELDS.items()
        if getattr(before, name) != getattr(now, name)
    ]


def appointment_events_since(before: DetailView, now: DetailView) -> str:
    """Return the last change since the form was opened; empty if nothing changed."""
    if before.version == now.version or not now.history:
        return ""
    last = now.history[-1]
    return f"{last.sentence} ({last.at})."
