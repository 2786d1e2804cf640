"""What others changed of an appointment while a form about it was open."""

from collections.abc import Mapping
from dataclasses import dataclass

from invo_booking.web.appointment.drawer_view import DetailView

FIELDS: Mapping[str, str] = {
    "when": "Date",
    "span": "Time",
    "name": "Name",
    "email": "E-mail",
    "phone": "Phone",
    "how": "How",
    "notes": "Notes",
    "agent": "Agent",
    "word": "State",
}
"""Attributes of the view that are compared, with their names on the page."""

NOTHING = "nothing"


@dataclass
class FieldDifferenceView:
    """One field that is different now; ``NOTHING`` for an empty one."""

    field: str
    before: str
    now: str


def field_differences(before: DetailView, now: DetailView) -> list[FieldDifferenceView]:
    """Return the fields that others changed, in the order of the form."""
    return [
        FieldDifferenceView(
            label, getattr(before, name) or NOTHING, getattr(now, name) or NOTHING
        )
        for name, label in FIELDS.items()
        if getattr(before, name) != getattr(now, name)
    ]


def events_since(before: DetailView, now: DetailView) -> str:
    """Say who did what since the form was opened; empty if nobody did anything."""
    if before.version == now.version or not now.history:
        return ""
    last = now.history[-1]
    return f"{last.sentence} ({last.at})."
