"""A month in which one day has sixty appointments."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from invo_booking.web.bookings.packing import (
    APPOINTMENT,
    LISTED,
    ON_GRID,
    ORIGIN,
    short_uuid,
)
from tests.e2e.pages.bank import Bank
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.wire import State, change_state

pytestmark = [pytest.mark.browser, pytest.mark.warm]

MANAGER = "tom@harbor.example"
TOPIC = "Mortgage advice"
MANY = 60


@pytest.fixture
def full(visitor, signed_in, bank: Bank):
    """Open the month of the team at a width, with sixty appointments on one day."""
    (*_, start) = bank.open_starts(TOPIC)
    day = f"{start:%Y-%m-%d}"

    def crowd(state: State) -> None:
        sent = state.get("rows") or {}
        if any(name.startswith(APPOINTMENT) for name in sent.get("rows", {})):
            sent["rows"] = _sixty(sent["rows"], start.date())

    def open_month(width: int) -> Page:
        page = visitor(width=width, reduced_motion="reduce", **signed_in(MANAGER))
        change_state(page, "bookings_state", crowd)
        page.goto(f"/bookings?scope=team&view=month&date={day}")
        expect(page.get_by_role("heading", level=1)).not_to_be_empty()
        return page

    return open_month


def _sixty(rows: State, day: date) -> State:
    """Return the rows of a month with nothing but sixty appointments on one day."""
    origin = date.fromisoformat(rows[ORIGIN][0])
    first = next(row for name, row in rows.items() if name.startswith(APPOINTMENT))
    midnight = (day - origin).days * 24 * 60
    made = {
        f"{APPOINTMENT}{number}": [
            short_uuid(f"{number:08d}-0000-4000-8000-000000000000"),
            midnight + (9 + number // 8) * 60 + number % 8 * 7,
            5,
            ON_GRID,
            1,
            f"Customer number {number}",
            *first[6:12],
        ]
        for number in range(MANY)
    }
    listed = {f"{LISTED}{day}": [str(day), "That day", *range(MANY)]}
    return {ORIGIN: rows[ORIGIN], **made, **listed}


def more(page: Page) -> Locator:
    return page.get_by_role("button", name="more")


def is_within(inner: dict[str, float], width: float, height: float) -> bool:
    right, bottom = inner["x"] + inner["width"], inner["y"] + inner["height"]
    return inner["x"] >= 0 and inner["y"] >= 0 and right <= width and bottom <= height


@pytest.mark.parametrize("width", [1280, 700])
@pytest.mark.parametrize("height", [900, 600])
def test_every_appointment_of_a_full_day_can_be_read_in_the_month(
    full, picture, width, height
):
    page = full(width)
    page.set_viewport_size({"width": width, "height": height})
    more(page).first.click()

    popup = page.get_by_role("dialog", name="Appointments on")
    expect(popup).to_be_visible()
    shown = popup.locator(".ec-event")
    expect(shown).to_have_count(MANY)
    box = popup.bounding_box()
    assert is_within(box, width, height), box
    assert box["width"] >= 180
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for one in (shown.first, shown.nth(MANY // 2), shown.last):
        one.scroll_into_view_if_needed()
        part = one.bounding_box()
        assert box["x"] <= part["x"]
        assert box["y"] <= part["y"]
        assert part["x"] + part["width"] <= box["x"] + box["width"]
        assert part["y"] + part["height"] <= box["y"] + box["height"]
        assert part["height"] >= 18
        assert "Customer number" in one.inner_text()
    shown.first.scroll_into_view_if_needed()
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        assert Inspector(page, page.url).barriers("color-contrast") == []
        picture(page, look)


@pytest.mark.parametrize("way", ["Escape", "cross", "outside"])
def test_list_of_a_full_day_is_opened_and_closed_by_keyboard_and_mouse(full, way):
    page = full(1280)
    expect(page.locator(".ec-event").first).to_be_visible()
    opener = more(page).first
    opener.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Appointments on")
    cross = popup.get_by_role("button", name="Close")
    expect(cross).to_be_focused()
    page.keyboard.press("Tab")
    expect(popup.locator(".ec-event").first).to_be_focused()

    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "cross":
        cross.click()
    else:
        page.locator(".bar").click(position={"x": 5, "y": 5})

    expect(popup).to_have_count(0)
    if way != "outside":
        expect(opener).to_be_focused()


def test_phone_lists_a_full_day_instead_of_the_month(full, picture):
    page = full(320)

    shown = page.locator(".daylist .ev")
    expect(shown).to_have_count(MANY)
    expect(page.locator(".ec-popup")).to_have_count(0)
    shown.last.scroll_into_view_if_needed()
    assert is_within(shown.last.bounding_box(), 320, 900)
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        picture(page, look)


def test_only_what_the_screen_shows_is_drawn_and_the_grid_once_it_is_wide(full):
    phone, desk = full(320), full(1280)

    for page, drawn, left_out in (
        (phone, ".daylist .ev", ".ec-event"),
        (desk, ".ec-event", ".daylist .ev"),
    ):
        expect(page.locator(drawn)).to_have_count(MANY)
        expect(page.locator(left_out)).to_have_count(0)

    phone.set_viewport_size({"width": 1280, "height": 900})
    expect(phone.locator(".ec-event")).to_have_count(MANY)


def test_escape_closes_the_list_of_a_full_day_and_not_what_is_open_beside_it(full):
    page = full(1280)
    page.get_by_role("button", name="New appointment").first.click()
    form = page.get_by_role("complementary", name="New appointment")
    expect(form).to_be_visible()
    more(page).first.click()
    popup = page.get_by_role("dialog", name="Appointments on")
    expect(popup).to_be_visible()

    page.keyboard.press("Escape")

    expect(popup).to_have_count(0)
    expect(form).to_be_visible()
