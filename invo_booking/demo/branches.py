"""The branches of the demo institution."""

from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.branches import Branch

DEMO_BRANCHES = (
    Branch(
        id=UUID("6d1c52a0-3f0b-4c56-9a35-0d1c8a7f2b01"),
        name="Lakefront",
        street=("233 North Harbor Drive", "Ground floor"),
        town="Chicago",
        region="IL",
        postal_code="60601",
        country="US",
        phone="312 555 0150",
        directions="Five minutes on foot from the Millennium station.",
        zone=ZoneInfo("America/Chicago"),
        latitude=41.8869,
        longitude=-87.6147,
    ),
)
"""By name."""
