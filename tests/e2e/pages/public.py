"""The public pages as a customer uses them: one class per page."""

import re
from datetime import date, datetime

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.status import SOON, StatusPage

MANY = 150
"""More than there is to tab through on any page."""
TAKEN = re.compile(r"[?&]time=")
"""The address of a step after that of the times."""


class LandingPage:
    """Where a customer arrives."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self) -> "LandingPage":
        """Go there and wait until its state has come, when links can be asked for."""
        self._page.goto(self._address)
        send = self._page.locator(".again button[type=submit]:enabled")
        send.wait_for(state="attached", timeout=SOON)
        return self

    def institution(self) -> str:
        """Return the name of the institution, as shown."""
        return self._page.locator(".hello .name").inner_text()

    def offers_scheduling(self) -> bool:
        """Return whether a call can be scheduled."""
        return self._page.get_by_role("link", name="Schedule a call").is_visible()

    def schedule(self) -> "SchedulePage":
        """Press the big button."""
        self._page.get_by_role("link", name="Schedule a call").click()
        return SchedulePage(self._page, self._address)

    def ask_for_links(self, email: str) -> None:
        """Say that there is an appointment already."""
        details = self._page.locator("details.again")
        if not details.evaluate("details => details.open"):
            self._page.get_by_text("I already have an appointment").click()
        self._page.get_by_label("Your e-mail address").fill(email)
        self._page.get_by_role("button", name="Send me the links").click()

    def answer(self) -> str:
        """Return what the page says to that, good or bad."""
        told = self._page.locator(".again [role=alert], .again .err")
        told.wait_for(timeout=SOON)
        return told.inner_text()


class SchedulePage:
    """The public scheduler, as a visitor uses it."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    def open(self, choice: str = "") -> "SchedulePage":
        """Go straight to the scheduler, with a choice in its address."""
        self._page.goto(f"{self._address}/schedule{choice}")
        return self

    def topics(self) -> list[str]:
        """Return the topics on offer."""
        self._page.locator(".topic").first.wait_for(timeout=SOON)
        return self._page.locator(".topic b").all_inner_texts()

    def choose_topic(self, title: str) -> None:
        """Press a topic's card and wait for the next step."""
        self._page.locator(".topic", has_text=title).first.click(timeout=SOON)
        self._page.locator(".month, #find-branch").first.wait_for(timeout=SOON)

    def choose_how(self, *labels: str) -> None:
        """Press chips of language and channel, where another one is preselected."""
        for label in labels:
            chip = self._page.get_by_role("button", name=label, exact=True)
            if chip.get_attribute("aria-pressed") != "true":
                chip.click()
            expect(chip).to_have_attribute("aria-pressed", "true", timeout=SOON)
        self._page.locator(".month, #find-branch").wait_for(timeout=SOON)

    def find_branch(self, typed: str) -> list[str]:
        """Type what a branch is searched by; return the names of those left."""
        self._page.get_by_label("Find a branch").fill(typed)
        found = self._page.get_by_role("status").filter(has_text="1 branch")
        found.wait_for(timeout=SOON)
        return self._page.locator(".topic b").all_inner_texts()

    def choose_branch(self, name: str) -> None:
        """Press a branch, and wait for its times."""
        self._page.locator(".topic, .next").filter(has_text=name).first.click()
        self._page.locator(".month").wait_for(timeout=SOON)

    def free_days(self) -> list[str]:
        """Return the days of the month that have free times, as spoken."""
        self._page.locator("button.day").first.wait_for(timeout=SOON)
        return self._page.locator("button.day").all_inner_texts()

    def show_weeks(self, day: date) -> None:
        """Turn the pages until the weeks of a day are shown."""
        cell = self._cell(day)
        self._page.locator(".month td").first.wait_for(timeout=SOON)
        while cell.count() == 0:
            first = self._page.locator(".month td").first
            before = first.text_content() or ""
            self.later_weeks()
            expect(first).not_to_have_text(before, timeout=SOON)

    def why_shut(self, day: date) -> str:
        """Return what is told of a day that has no free times."""
        spoken = self._cell(day).locator(".vh").last.text_content() or ""
        return spoken.partition(", ")[2]

    def _cell(self, day: date) -> Locator:
        name = rf"^(\w+ )?{day.day} {day:%B}, "
        return self._page.locator(".month td").filter(has_text=re.compile(name))

    def free_times(self) -> list[str]:
        """Return the labels of the slots on offer, as shown."""
        self._slots().first.wait_for(timeout=SOON)
        return self._slots().all_inner_texts()

    def taken_times(self) -> list[str]:
        """Return the labels of slots that went meanwhile."""
        return self._page.locator(
            ".times .slot:disabled time, .slot s"
        ).all_inner_texts()

    def pick_slot(self, label: str) -> None:
        """Press the slot with this label, which leads to the form."""
        slot = self._page.get_by_role("button", name=label, exact=True)
        slot.and_(self._slots()).click()
        self._form()

    def pick(self, start: datetime) -> None:
        """Go to the day of a start, turning pages if need be, and pick it."""
        words = rf"{start:%A},? ({start:%B} {start.day}|{start.day} {start:%B}),"
        day = self._page.get_by_role("button", name=re.compile(words))
        self._page.locator("button.day").first.wait_for(timeout=SOON)
        self.show_weeks(start.date())
        day.click()
        shown = re.compile(rf"\b{start.day}\b")
        expect(self._page.locator("#times")).to_have_text(shown, timeout=SOON)
        self.pick_slot(f"{start:%-I:%M %p}")

    def pick_first_slot(self) -> str:
        """Take the next available time; return the choice as shown."""
        self._page.get_by_role("button", name="Next available").click(timeout=SOON)
        self._form()
        self._page.wait_for_url(TAKEN, timeout=SOON)
        return self.choice()

    def choice(self) -> str:
        """Return the picked day and times, as the summary says them."""
        return self._visible(".facts .at, .say").first.inner_text()

    def go_back(self) -> None:
        """Press the link to the step before, and wait for the times."""
        self._page.get_by_role("link", name="Back", exact=True).click()
        self._page.locator(".times .slot[aria-pressed=true]").wait_for(timeout=SOON)

    def advisers(self) -> list[str]:
        """Return whom one may choose; nobody where the bank decides."""
        options = self._page.get_by_label("Who would you like to talk to?")
        return options.locator("option").all_inner_texts()

    def choose_adviser(self, name: str) -> None:
        """Choose whom to talk to, and wait for that one's times."""
        self._page.get_by_label("Who would you like to talk to?").select_option(name)
        field = self._page.get_by_label("Who would you like to talk to?")
        expect(field.locator("option:checked")).to_have_text(name, timeout=SOON)

    def zone(self) -> str:
        """Return the zone all times are shown in."""
        return self._page.get_by_label("Time zone", exact=True).input_value()

    def choose_zone(self, typed: str) -> None:
        """Type a place and press Enter."""
        field = self._page.get_by_label("Time zone", exact=True)
        field.fill(typed)
        field.press("Enter")

    def later_weeks(self) -> None:
        """Turn the page of the calendar."""
        self._page.get_by_role("button", name=re.compile("^Later weeks")).click()

    def press_in_month(self, key: str) -> str:
        """Press a key on the day that has the focus; return the day it is on then."""
        self._page.keyboard.press(key)
        return self._page.evaluate("document.activeElement.innerText")

    def focus_month(self) -> None:
        """Put the focus on the day that can be tabbed to."""
        self._page.locator("button.day[tabindex='0']").focus()

    def leave_contact(
        self, *, name: str, email: str = "", phone: str = "", notes: str = ""
    ) -> None:
        """Fill in the contact form."""
        self._page.get_by_label("Full name").fill(name, timeout=SOON)
        self._page.get_by_label("E-mail address").fill(email)
        self._page.get_by_label(re.compile("^Phone")).fill(phone)
        self._page.get_by_label(re.compile("^What would you like")).fill(notes)

    def press_request(self) -> None:
        """Press the last button."""
        self._request_button().click()

    def errors(self) -> list[str]:
        """Return the sentences beside the fields."""
        self._page.locator(".form .err").first.wait_for(timeout=SOON)
        return self._page.locator(".form .err").all_inner_texts()

    def contact(self) -> str:
        """Return what is typed into the form."""
        fields = self._page.locator("#contact :is(input, textarea)")
        return " ".join(fields.evaluate_all("all => all.map((it) => it.value)"))

    def request(self) -> StatusPage:
        """Ask for the appointment and arrive at its page."""
        self._request_button().click()
        self._page.wait_for_url(re.compile(r"/a/"), timeout=SOON)
        return StatusPage(self._page).drawn()

    def request_twice(self) -> StatusPage:
        """Press the last button twice in a row, as impatient people do."""
        self._request_button().dblclick()
        self._page.wait_for_url(re.compile(r"/a/"), timeout=SOON)
        return StatusPage(self._page).drawn()

    def request_in_vain(self) -> str:
        """Ask for the appointment; return why it cannot be had."""
        self._request_button().click()
        refusal = self._page.get_by_role("main").get_by_role("alert")
        refusal.wait_for(timeout=SOON)
        return refusal.inner_text()

    def offered(self) -> list[str]:
        """Return the times offered instead of a lost one."""
        alert = self._page.get_by_role("main").get_by_role("alert")
        return alert.locator(".slot").all_inner_texts()

    def reach(self, name: str) -> None:
        """Press a button by Tab and Enter, as those without a mouse do."""
        button = self._page.get_by_role("button", name=re.compile(f"^{name}"))
        self._tab_to(button.locator("visible=true").first)
        self._page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        """Follow a link by Tab and Enter."""
        link = self._page.get_by_role("link", name=re.compile(f"^{name}"))
        self._tab_to(link.locator("visible=true").first)
        self._page.keyboard.press("Enter")

    def type_into(self, label: str, text: str) -> None:
        """Reach a field by Tab and type."""
        self._tab_to(self._page.get_by_label(label))
        self._page.keyboard.type(text)

    def stops_to(self, wanted: Locator) -> int:
        """Return how many times Tab is pressed until something has the focus."""
        return self._tab_to(wanted)

    def _tab_to(self, wanted: Locator) -> int:
        wanted.wait_for(timeout=SOON)
        for presses in range(MANY):
            if wanted.evaluate("it => it === document.activeElement"):
                return presses
            self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted}")

    def take_nearest(self) -> None:
        """Take the first of the times offered instead of a lost one."""
        alert = self._page.get_by_role("main").get_by_role("alert")
        alert.get_by_role("button").first.click()
        alert.wait_for(state="detached", timeout=SOON)

    def _slots(self) -> Locator:
        return self._page.locator(".times .slot:enabled")

    def _form(self) -> None:
        self._page.get_by_label("Full name").wait_for(timeout=SOON)

    def _request_button(self) -> Locator:
        button = self._page.get_by_role("button", name="Request appointment")
        return button.locator("visible=true")

    def _visible(self, selector: str) -> Locator:
        return self._page.locator(selector).locator("visible=true")
