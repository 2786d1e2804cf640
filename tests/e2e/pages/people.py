"""The page of people, as an administrator uses it."""

import re

from playwright.sync_api import Locator, Page, expect

MINUTES = 60


class PeoplePage:
    """The list, and one person at a time."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self) -> "PeoplePage":
        """Go to the list and wait until it is drawn."""
        self._page.goto("/people")
        expect(self._page.get_by_role("table", name="People")).to_be_visible()
        return self

    def find(self, name: str) -> None:
        """Type into the search."""
        self._page.get_by_label("Find a person").fill(name)

    def only(self, label: str, choice: str) -> None:
        """Choose from one of the filters; nothing lifts it."""
        self._page.get_by_label(label, exact=True).select_option(choice)

    def filtered(self, label: str) -> Locator:
        """Return the field of a filter."""
        return self._page.get_by_label(label, exact=True)

    def reload(self) -> None:
        """Load the page again."""
        self._page.reload()

    def back(self) -> None:
        """Press the browser's back button."""
        self._page.go_back()

    def leave(self) -> None:
        """Press what leads back to the list."""
        self._page.get_by_role("link", name="All people").first.click()

    def question(self) -> Locator:
        """Return what is asked before unsaved hours are lost."""
        return self._page.get_by_role("alertdialog", name="Discard your changes?")

    def answer(self, choice: str) -> None:
        """Answer it."""
        self.question().get_by_role("button", name=choice, exact=True).click()

    def count(self) -> Locator:
        """Return what the list says of how many it shows."""
        return self._page.get_by_role("status").filter(has_text=" people")

    def names(self) -> Locator:
        """Return the names on the list."""
        return self._page.get_by_role("rowheader").get_by_role("link")

    def choose(self, name: str) -> "PeoplePage":
        """Search for somebody and open them."""
        self.open()
        self.find(name)
        return self.follow(name)

    def follow(self, name: str) -> "PeoplePage":
        """Open somebody from the list."""
        self._page.get_by_role("link", name=name, exact=True).click()
        return self.drawn(name)

    def drawn(self, name: str) -> "PeoplePage":
        """Wait until somebody's form is there."""
        expect(self._page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(self._day("Monday")).to_be_visible()
        return self

    def draw(self, day: str, begins: str, ends: str) -> None:
        """Draw a period with the mouse."""
        track = self._day(day)
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        assert box
        first, last = self._shown()
        left, right = (
            box["x"] + box["width"] * (_minute(clock) - first) / (last - first)
            for clock in (begins, ends)
        )
        middle = box["y"] + box["height"] / 2
        self._page.mouse.move(left, middle)
        self._page.mouse.down()
        self._page.mouse.move((left + right) / 2, middle)
        self._page.mouse.move(right, middle)
        self._page.mouse.up()
        expect(self.period(f"{day}, {begins} to {ends}")).to_be_visible()

    def period(self, name: str) -> Locator:
        """Return the bar of a period, such as ``Monday, 09:00 to 12:30``."""
        return self._page.get_by_role("button", name=name, exact=True)

    def type_hours(self, day: str, begins: str, ends: str) -> None:
        """Add a period to a day that has none by typing its times."""
        self._unfold()
        self._page.get_by_role("button", name=f"Add hours on {day}").click()
        expect(self._page.get_by_label(f"{day}, from")).to_be_visible()
        for label, clock in (("to", ends), ("from", begins)):
            field = self._page.get_by_label(f"{day}, {label}")
            field.fill(clock)
            field.blur()
            expect(field).to_have_value(clock)
        expect(self.period(f"{day}, {begins} to {ends}")).to_be_visible()

    def copy(self, day: str, to: str) -> None:
        """Give other days the hours of one."""
        self._unfold()
        self._page.locator("summary").filter(has_text=f"Copy {day}").click()
        self._page.get_by_role("button", name=f"Copy {day} to {to}").click()

    def press(self, period: str, key: str) -> None:
        """Press a key on the bar of a period."""
        self.period(period).press(key)

    def field(self, label: str) -> Locator:
        """Return a field by its label."""
        return self._page.get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.field(label).fill(text)

    def tick(self, label: str) -> None:
        """Tick a box."""
        self._page.get_by_role("checkbox", name=label, exact=True).check()

    def add(self) -> None:
        """Begin with somebody new."""
        self._page.get_by_role("link", name="Add a person").click()
        self.drawn("New person")

    def save(self) -> None:
        """Press the button of the whole form."""
        self._page.get_by_role("button", name="Save", exact=True).click()

    def own_password(self) -> Locator:
        """Return what asks for the own password before somebody is let in."""
        return self._page.get_by_role("dialog", name="Your own password")

    def give_password(self, password: str) -> None:
        """Enter it."""
        self.own_password().get_by_label("Password").fill(password)
        self.own_password().get_by_role("button", name="Go on").click()

    def saved(self) -> None:
        """Wait until the page says that somebody is saved."""
        told = self._page.get_by_role("status").filter(has_text="is saved.")
        expect(told).to_be_visible()

    def disable(self) -> None:
        """Disable the account."""
        self._page.get_by_role("button", name="Disable the account").click()

    def concerned(self) -> Locator:
        """Return the appointments that have to be decided about."""
        asked = self._page.get_by_role("region", name=re.compile("^This concerns"))
        return asked.get_by_role("group")

    def decide(self, customer: str, choice: str) -> None:
        """Choose what becomes of somebody's appointment."""
        one = self.concerned().filter(has_text=customer)
        one.get_by_role("radio", name=re.compile(f"^{choice}")).check()

    def save_decided(self) -> None:
        """Save with what was decided."""
        self._page.get_by_role("button", name="Save with these decisions").click()

    def go_back(self) -> None:
        """Save nothing."""
        self._page.get_by_role("button", name="Go back").click()

    def access(self) -> Locator:
        """What is said of whether the person can sign in."""
        return self._page.get_by_role("region", name="Account")

    def _unfold(self) -> None:
        opened = self._page.locator("details[open] > summary")
        if not opened.filter(has_text="Type them instead").count():
            self._page.get_by_text("Type them instead").click()

    def _day(self, day: str) -> Locator:
        return self._page.get_by_role("group", name=re.compile(f"^{day}"))

    def _shown(self) -> tuple[int, int]:
        hours = [int(it) for it in self._page.locator(".scale span").all_inner_texts()]
        step = hours[1] - hours[0]
        return hours[0] * MINUTES, (hours[-1] + step) * MINUTES


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * MINUTES + int(minutes)
