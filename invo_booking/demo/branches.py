"""Define the branches of the demo institution."""

from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.branches import Branch
from invo_booking.domain.opening import OpeningHours


def _weekly(weekdays: tuple[int, int], weekend: tuple[int, int]) -> OpeningHours:
    hours = [weekdays] * 5 + [weekend] * 2
    return tuple((day, ((time(a), time(b)),)) for day, (a, b) in enumerate(hours))


OPEN_DAILY = _weekly((8, 19), (9, 18))
"""Opening hours of the demo institution."""

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
        opening_hours=_weekly((9, 18), (9, 18)),
    ),
    Branch(
        id=UUID("6d1c52a0-3f0b-4c56-9a35-0d1c8a7f2b02"),
        name="Oak Park",
        street=("44 Lake Street",),
        town="Oak Park",
        region="IL",
        postal_code="60302",
        country="US",
        phone="708 555 0161",
        directions="Free parking behind the building.",
        zone=ZoneInfo("America/Chicago"),
        latitude=41.8887,
        longitude=-87.7986,
    ),
    Branch(
        id=UUID("6d1c52a0-3f0b-4c56-9a35-0d1c8a7f2b03"),
        name="Union Station",
        street=("1701 Wynkoop Street",),
        town="Denver",
        region="CO",
        postal_code="80202",
        country="US",
        phone="303 555 0177",
        directions="In the great hall, next to the flower shop.",
        zone=ZoneInfo("America/Denver"),
        latitude=39.7527,
        longitude=-105.0006,
        opening_hours=_weekly((9, 17), (10, 16)),
    ),
)
"""The branches, sorted by name."""
