"""The clock on which a customer picks another time."""

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.usecases.booking import booking
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.state import PickerState
from tests.support.bank import at
from tests.web_public.test_public_flows import Visitor
from tests.web_public.test_public_where import denver

__all__ = ["denver"]

LOS_ANGELES = "America/Los_Angeles"


def zone_of_move(bank, browser, **more):
    """Return the zone under the times that a customer with this browser picks from."""
    made = booking.request_appointment(
        bank.deps,
        bank.request(at(12, days=1), **more),
        idempotency_key=booking.new_idempotency_key(),
    )
    visitor = Visitor()
    visitor.at(f"/a/{made.token}")
    visitor.send(StatusState, "open_page")
    if browser:
        visitor.send(StatusState, "adopt_browser", browser, "en-US")
    visitor.send(StatusState, "show_panel", "move")
    assert visitor.see(StatusState).panel == "move"
    return visitor.see(PickerState).view.zone


@pytest.mark.parametrize("browser", [LOS_ANGELES, "Asia/Tokyo", ""])
def test_visit_is_moved_on_the_clock_of_its_branch(bank, denver, browser):
    visit = {"channel": Channel.BRANCH, "branch_id": denver}

    assert zone_of_move(bank, browser, **visit) == "Denver time (MST)"


@pytest.mark.usefixtures("denver")
@pytest.mark.parametrize(
    ("browser", "zone"),
    [
        (LOS_ANGELES, "Los Angeles time (PST)"),
        ("Etc/Unknown", "Chicago time (CST)"),
        ("", "Chicago time (CST)"),
    ],
)
def test_call_is_moved_on_the_clock_of_the_browser_else_of_the_bank(
    bank, browser, zone
):
    assert zone_of_move(bank, browser) == zone
