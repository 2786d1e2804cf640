"""The staff's pages, as an agent or manager uses them."""

import re
from contextlib import suppress
from datetime import date, datetime

from playwright.sync_api import Error, Locator, Page, expect

PASSWORD = "harbor-demo-2026"
SLOW = 40_000
"""Milliseconds a full calendar may take on a machine that tests other things too."""

HOVERS = 1_000
"""Smallest movements of a hand that waits to be told whether it may let go."""


RESTS = 3
"""How often somebody rests the mouse on a slot; the page may be redrawn meanwhile, and
a mouse that does not move is not noticed."""


class SignInPage:
    """Where staff come in."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self) -> None:
        """Go to the form."""
        self._page.goto("/sign-in")
        expect(self._page.get_by_label("E-mail")).to_be_visible()

    def enter(self, email: str, password: str = PASSWORD) -> None:
        """Sign in."""
        self._page.goto("/sign-in")
        self._page.get_by_label("E-mail").fill(email)
        self._page.get_by_label("Password", exact=True).fill(password)
        self._page.get_by_role("button", name="Sign in").click()


class DashboardPage:
    """An agent's day."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self) -> "DashboardPage":
        """Go there and wait until it is drawn."""
        self._page.goto("/dashboard")
        expect(self._page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def waiting(self, customer: str) -> Locator:
        """Return the line of somebody nobody has taken yet."""
        card = self._page.get_by_role("region", name="Unassigned")
        return card.get_by_role("listitem").filter(has_text=customer)

    def take(self, customer: str) -> None:
        """Take an appointment nobody has."""
        self.waiting(customer).get_by_role("button", name="Take").click()

    def conflict(self, customer: str) -> Locator:
        """Return what is to be decided about a customer's appointment."""
        card = self._page.get_by_role("region", name="Different in the host calendar")
        return card.locator(".clash").filter(has_text=customer)

    def taken(self) -> str:
        """Return what the page says about what was taken."""
        told = self._page.get_by_role("status").filter(has_text="You took")
        expect(told).to_be_visible()
        return told.inner_text()

    def sign_out(self) -> None:
        """Sign out, and arrive at the form."""
        self._page.locator("summary", has_text="Your profile").click()
        self._page.get_by_role("button", name="Sign out").click()
        expect(self._page.get_by_role("heading", name="Sign in")).to_be_visible()


HOLD = "() => new Promise(done => setTimeout(done, 600))"
"""A finger that rests on where it is."""

SCROLL = """
async slot => {
  slot.scrollIntoView({block: "end"});
  for (const frame of [1, 2]) await new Promise(requestAnimationFrame);
}
"""
"""Bring the end of an element to the lower edge, and wait until it is drawn there."""


class BookingsPage:
    """Booking Management."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, scope: str, span: str, day: date) -> None:
        """Go straight to one calendar, as a saved link does."""
        self._page.goto(f"/bookings?scope={scope}&view={span}&date={day:%Y-%m-%d}")
        expect(self._page.locator(".ec")).to_be_visible()

    def open_queues(self, day: date, topic: object = None) -> None:
        """Go to the lanes of the queues, closed time as for one topic."""
        query = f"scope=queues&view=day&date={day:%Y-%m-%d}"
        chosen = f"&topics={topic}" if topic else ""
        self._page.goto(f"/bookings?{query}{chosen}")
        expect(self._page.locator(".ec")).to_be_visible(timeout=SLOW)

    @property
    def why(self) -> Locator:
        """The card that says why a slot is closed."""
        return self._page.get_by_role("tooltip")

    def grey_slot(
        self, lane: str, start: datetime, *, whole_day: bool = False
    ) -> Locator:
        """Return the closed part of a lane that holds a local time."""
        name = re.compile(rf"^Closed .*\. {re.escape(lane)}[,.]")
        parts = self._page.get_by_role("button", name=name)
        expect(parts.first).to_be_attached(timeout=SLOW)
        if whole_day:
            return parts.first
        for part in parts.all():
            if _holds(part.get_attribute("aria-label") or "", start):
                return part
        raise AssertionError(f"{lane} is not closed at {start:%H:%M}")

    def why_on_focus(self, slot: Locator) -> str:
        """Go to a closed slot by keyboard; return what it answers."""
        self._page.keyboard.press("Tab")
        slot.focus()
        expect(slot).to_have_attribute("aria-expanded", "true")
        told = self.why.inner_text()
        slot.blur()
        expect(self.why).to_be_hidden()
        return told

    def why_on_hover(self, slot: Locator) -> str:
        """Rest the mouse on a closed slot; return what it answers."""
        slot.scroll_into_view_if_needed()
        x, y = self._point_in(slot)
        is_open = slot.and_(self._page.locator("[aria-expanded=true]"))
        for _ in range(RESTS):
            self._page.mouse.move(x, y)
            with suppress(Error):
                is_open.wait_for(timeout=5_000)
                break
            self._page.mouse.move(0, 0)
        expect(slot).to_have_attribute("aria-expanded", "true")
        return self.why.inner_text()

    def press_long(self, slot: Locator) -> None:
        """Press a closed slot with a finger for a second; it must answer meanwhile."""
        slot.scroll_into_view_if_needed()
        x, y = self._point_in(slot)
        self._press_at(x, y)

    def press_long_at_lower_edge(self, slot: Locator) -> None:
        """Press the end of a closed slot, where it meets the calendar's lower edge."""
        slot.evaluate(SCROLL)
        box = slot.bounding_box()
        assert box is not None
        self._press_at(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10)

    def _press_at(self, x: float, y: float) -> None:
        touch = self._page.context.new_cdp_session(self._page)
        point = {"touchPoints": [{"x": x, "y": y}]}
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", **point})
        expect(self.why).to_be_visible()
        self._page.evaluate(HOLD)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def choose_time(self, form: Locator, topic: str, day: date, clock: str) -> None:
        """Choose topic, day and time of a new appointment."""
        topics = form.get_by_label("Topic")
        option = topics.locator("option", has_text=topic).first
        topics.select_option(option.get_attribute("value"))
        expect(form.get_by_label("Queue")).to_have_count(0)
        form.get_by_label("Day", exact=True).fill(f"{day:%Y-%m-%d}")
        form.get_by_label("Time", exact=True).fill(clock)
        form.get_by_label("Minutes").focus()

    def go(self, scope: str, span: str, day: date) -> None:
        """Go straight to one calendar, in whatever form this window shows it."""
        self._page.goto(f"/bookings?scope={scope}&view={span}&date={day:%Y-%m-%d}")
        self._drawn()

    def begin_appointment(self) -> Locator:
        """Open the form for a new appointment."""
        self._page.goto("/bookings")
        self._drawn()
        self._page.get_by_role("button", name="New appointment").first.click()
        form = self._page.get_by_role("complementary", name="New appointment")
        expect(form.get_by_label("Customer's name")).to_be_visible()
        return form

    def open_first(self, day: date) -> Locator:
        """Open the first appointment listed in the week of a day."""
        self.go("team", "list", day)
        self._page.locator(".daylist .ev").first.click()
        drawer = self._page.locator(".drawer")
        expect(drawer.get_by_role("heading", name="History")).to_be_visible()
        return drawer

    def _drawn(self) -> None:
        expect(self._page.get_by_role("heading", level=1)).not_to_be_empty()
        expect(self._page.locator("main .bones")).to_have_count(0)

    def event(self, customer: str) -> Locator:
        """Return a customer's appointment in the grid."""
        return self._page.locator(".ec-event").filter(has_text=customer)

    def drag(self, customer: str, *, minutes: int, slot_height: int = 17) -> None:
        """Drag an appointment down by so many minutes."""
        self.grab(customer, minutes=minutes, slot_height=slot_height)
        self._page.mouse.up()

    def grab(self, customer: str, *, minutes: int = 15, slot_height: int = 17) -> None:
        """Drag an appointment down by so many minutes, and hold it there."""
        event = self.event(customer)
        event.scroll_into_view_if_needed()
        box = event.bounding_box()
        assert box is not None, "the appointment is not on the screen"
        x, y = box["x"] + box["width"] / 2, box["y"] + min(8, box["height"] / 2)
        mouse = self._page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + 6, steps=3)
        mouse.move(x, y + minutes / 15 * slot_height, steps=12)

    def open_event(self, customer: str) -> Locator:
        """Press an appointment and return the drawer."""
        self.event(customer).click()
        return self.drawer(customer)

    def drawer(self, customer: str) -> Locator:
        """Return the drawer, once it shows a customer's appointment."""
        drawer = self._page.locator(".drawer").filter(has_text=customer)
        expect(drawer).to_be_visible()
        return drawer

    def assign(self, customer: str, agent: str) -> None:
        """Give an appointment to a colleague from the drawer."""
        drawer = self.open_event(customer)
        name = re.compile(f"^Assign to {re.escape(agent)}")
        drawer.get_by_role("button", name=name).click()
        expect(drawer.get_by_role("button", name="Un-assign")).to_be_visible()

    def drag_onto(self, customer: str, other: str) -> str:
        """Drag an appointment onto somebody else's; return why that is refused."""
        x, y = self._middle(customer)
        to_x, _ = self._middle(other)
        mouse = self._page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 6, y, steps=3)
        mouse.move(to_x, y, steps=12)
        self._hover_until_told(to_x, y)
        mouse.up()
        refusal = self._page.get_by_role("alert").filter(has_text=re.compile(r"\w"))
        expect(refusal).to_be_visible()
        return refusal.inner_text()

    def _hover_until_told(self, x: float, y: float) -> None:
        """Hold the pointer there as a hand does: never quite still."""
        hint = self._page.locator(".draghint")
        for tremor in range(HOVERS):
            self._page.mouse.move(x + tremor % 2, y)
            if "not free" in (hint.text_content() or ""):
                return
        expect(hint).to_contain_text("not free")

    def make_appointment(
        self, topic: str, start: datetime, *, name: str, email: str
    ) -> None:
        """Fill in the form for a new appointment and send it."""
        form = self._page.get_by_role("complementary", name="New appointment")
        topics = form.get_by_label("Topic")
        option = topics.locator("option", has_text=topic).first
        topics.select_option(option.get_attribute("value"))
        expect(form.get_by_label("Queue")).to_have_count(0)
        form.get_by_label("Day", exact=True).fill(f"{start:%Y-%m-%d}")
        form.get_by_label("Time", exact=True).fill(f"{start:%H:%M}")
        form.get_by_label("Customer's name").fill(name)
        form.get_by_label("E-mail").fill(email)
        form.get_by_role("button", name="Make appointment").click()

    def cancel(self, customer: str, reason: str) -> None:
        """Cancel an appointment and say why."""
        drawer = self.open_event(customer)
        drawer.get_by_role("button", name="Cancel…").click()
        drawer.get_by_label("Reason").fill(reason)
        drawer.get_by_role("button", name="Cancel appointment").click()

    def buttons(self, drawer: Locator) -> list[str]:
        """Return the names of the buttons in the drawer."""
        expect(drawer.get_by_role("heading", name="History")).to_be_visible()
        return [
            button.get_attribute("aria-label") or button.inner_text()
            for button in drawer.get_by_role("button").all()
        ]

    def choose(self, label: str) -> None:
        """Press one of the links that say whose appointments, or which period."""
        link = self._page.locator(".bar").get_by_role("link", name=label, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "true")

    def keep_only(self, label: str) -> None:
        """Add a filter."""
        self._page.get_by_text("Add filter").click()
        self._page.locator(".filters .menu").get_by_role("link", name=label).click()
        expect(self._page.get_by_role("link", name="Remove filter")).to_be_visible()

    def chosen(self) -> list[str]:
        """Return whose appointments and which period are shown."""
        self._drawn()
        return self._page.locator(".bar .seg [aria-current=true]").all_inner_texts()

    def heading(self) -> str:
        """Return the heading of the calendar."""
        return self._page.get_by_role("heading", level=1).text_content() or ""

    def _point_in(self, slot: Locator) -> tuple[float, float]:
        """Return a point of a slot that is on the screen."""
        box, grid = slot.bounding_box(), self._page.locator(".ec-body").bounding_box()
        assert box is not None, "the slot is not on the screen"
        assert grid is not None
        right = min(box["x"] + box["width"], self._page.viewport_size["width"])
        return right - min(10, box["width"] / 2), box["y"] + min(10, box["height"] / 2)

    def _middle(self, customer: str) -> tuple[float, float]:
        event = self.event(customer)
        event.scroll_into_view_if_needed()
        box = event.bounding_box()
        assert box is not None, "the appointment is not on the screen"
        return box["x"] + box["width"] / 2, box["y"] + min(8, box["height"] / 2)


def _holds(name: str, start: datetime) -> bool:
    """Whether the times in a closed slot's name hold a local time."""
    if " all day." in name:
        return True
    found = re.search(r"(\d+):(\d\d)\N{EN DASH}(\d+):(\d\d)", name)
    if found is None:
        return False
    first, first_minute, last, last_minute = map(int, found.groups())
    asked = start.hour * 60 + start.minute
    return first * 60 + first_minute <= asked < last * 60 + last_minute
