"""Many events that were moved at once, and the buttons that decide about all."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.wire import State, change_state

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
MANY = 12
ABOUT = f"{MANY + 4} events were moved at the same time."


def crowd(state: State) -> None:
    """Let the page show events that were moved together."""
    state["number"] = state["number_moved_at_once"] = MANY + 4
    state["more"] = "Show 4 more"
    state["moved_at_once"] = f"{ABOUT} If you move them, the customers get a mail."
    state["conflicts"] = [
        {
            "id": f"{number:08d}-0000-4000-8000-000000000000",
            "kind": "moved",
            "head": "Moved in the host calendar to Friday, December 18, 10:00 to 10:30",
            "line": f"Mortgage advice, Customer {number}. Here it is 9:00 to 9:30.",
            "why": "Its event was moved, and many others at the same time.",
            "href": "/bookings",
            "label": f"Mortgage advice, Customer {number}",
        }
        for number in range(MANY)
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_buttons_for_all_stand_above_those_for_each(
    house, visitor, signed_in, width, dark, picture
):
    page: Page = visitor(width=width, dark=dark, **signed_in(MANAGER))
    inspector = Inspector(page, house.url)
    change_state(page, "conflicts_state", crowd)

    page.goto("/dashboard")
    card = page.get_by_role("region", name="Different in the host calendar")

    expect(card).to_contain_text(ABOUT)
    buttons = card.get_by_role("button")
    expect(buttons.nth(0)).to_have_text("Put back all these events")
    expect(buttons.nth(1)).to_have_text("Move all these appointments")
    expect(buttons).to_have_count(2 + 2 * MANY + 1)
    expect(buttons.last).to_have_text("Show 4 more")
    assert inspector.barriers() == []
    assert inspector.overhang() == 0
    edge = card.bounding_box()
    for one in (buttons.nth(0), buttons.nth(1), buttons.last):
        box = one.bounding_box()
        assert edge["x"] <= box["x"]
        assert box["x"] + box["width"] <= edge["x"] + edge["width"]
    picture(page, "many")
