"""Describe in words where a visit is held."""

from dataclasses import dataclass

from invo_booking.domain.branches import Branch
from invo_booking.domain.contact import phone_url
from invo_booking.web.kit.text.opening import opening_hours_text, opening_locale


@dataclass
class PlaceView:
    """A branch; an empty ``name`` means that the appointment is not a visit.

    Attributes:
        address: One line; empty if unknown.
        phone_url: The phone number as a ``tel:`` URL; empty if there is none.
        hours: Opening hours in one sentence; empty if there are none.
        map_url: URL of a map that shows the branch; empty if the address is unknown.
    """

    name: str = ""
    address: str = ""
    phone: str = ""
    phone_url: str = ""
    directions: str = ""
    hours: str = ""
    map_url: str = ""


def place_view(branch: Branch | None) -> PlaceView:
    """Return a branch as pages show it."""
    if branch is None:
        return PlaceView()
    return PlaceView(
        name=branch.name,
        address=", ".join(branch.address_lines),
        phone=branch.phone,
        phone_url=phone_url(branch.phone),
        directions=branch.directions,
        hours=opening_hours_text(
            branch.opening_hours, branch.zone, opening_locale(branch.country)
        ),
        map_url=branch.map_url,
    )
