"""The branches that can be visited, as the scheduler shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.domain.branches import Branch, find_branches
from invo_booking.texts import say
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.web.kit.text.opening import opening_hours_text, opening_locale
from invo_booking.web.kit.text.times import zone_city


@dataclass
class BranchChoiceView:
    """A branch to choose.

    Attributes:
        hours: Opening hours in one sentence; empty if there are none.
        zone: Name of the zone in which times of the branch are shown; empty if all
            branches are in the same zone.
    """

    key: str = ""
    name: str = ""
    address: str = ""
    zone: str = ""
    hours: str = ""
    picked: bool = False


def scheduler_branch_choices(
    branches: Sequence[Branch], typed: str, picked: str
) -> list[BranchChoiceView]:
    """Return the branches whose name, address, town or postal code has all words.

    Args:
        branches: The branches open for visits.
        typed: The search words of the visitor; empty for all branches.
        picked: Id of the chosen branch.
    """
    has_zones = len({it.zone.key for it in branches}) > 1
    return [
        BranchChoiceView(
            key=str(it.id),
            name=it.name,
            address=", ".join(it.address_lines),
            zone=say("kit.zones.place", city=zone_city(it.zone.key))
            if has_zones
            else "",
            hours=opening_hours_text(
                it.opening_hours, it.zone, opening_locale(it.country)
            ),
            picked=str(it.id) == picked,
        )
        for it in find_branches(branches, typed)
    ]


def is_scheduler_branch(branches: Sequence[Branch], key: str) -> bool:
    """Whether a key is the id of an open branch, or ``any`` if there are several."""
    is_several = len(branches) > 1
    return (key == ANY_BRANCH and is_several) or key in {str(it.id) for it in branches}
