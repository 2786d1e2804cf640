"""Pages of what is on offer, as an administrator uses them."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class CataloguePage:
    """Answers, queues, the institution and the audit log: one page at a time."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, path: str, heading: str) -> "CataloguePage":
        """Go straight to a page and wait until it is drawn."""
        self._page.goto(path)
        title = self._page.get_by_role("heading", level=1, name=heading, exact=True)
        expect(title).to_be_visible()
        expect(self._page.locator("main .bones")).to_have_count(0)
        return self

    def answers(self) -> "CataloguePage":
        """Go to the list of Answers."""
        return self.open("/answers", "Answers")

    def queues(self) -> "CataloguePage":
        """Go to the queues and languages."""
        return self.open("/queues", "Queues and languages")

    def institution(self) -> "CataloguePage":
        """Go to the institution's details and closed days."""
        return self.open("/institution", "Institution")

    def audit(self, query: str = "") -> "CataloguePage":
        """Go to the audit log."""
        return self.open(f"/audit{query}", "Audit log")

    def programs(self) -> "CataloguePage":
        """Go to the programs and everybody's tokens."""
        return self.open("/programs", "Programs and tokens")

    def refused_program(self) -> "CataloguePage":
        """Go to the form of a program whose password was wrong."""
        query = "new=1&name=Kiosk&error=password"
        return self.open(f"/programs?{query}", "New program")

    def begin_answer(self) -> None:
        """Open the form for a new Answer."""
        self._page.get_by_role("link", name="New Answer").click()
        expect(self._page.get_by_label("Title", exact=True)).to_be_visible()

    def edit(self, name: str) -> None:
        """Open the form of an Answer or a queue."""
        self._page.get_by_role("link", name=f"Edit {name}", exact=True).click()
        title = self._page.get_by_role("heading", level=1, name=name, exact=True)
        expect(title).to_be_visible()

    def write(self, label: str, text: str) -> None:
        """Fill in a field."""
        self._page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self._page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str, *, on: bool = True) -> None:
        """Tick a box, or take the tick away."""
        self._page.get_by_label(label, exact=True).set_checked(on)

    def press(self, name: str) -> None:
        """Press a button."""
        self._page.get_by_role("button", name=name, exact=True).click()

    def follow(self, label: str) -> None:
        """Press a link."""
        link = self._page.get_by_role("link", name=label, exact=True)
        link.locator("visible=true").first.click()

    def question(self) -> Locator:
        """Return what is asked before what is not saved is thrown away."""
        return self._page.get_by_role("alertdialog", name="Discard your changes?")

    def told(self) -> str:
        """Return what the page says was done."""
        said = self._page.locator("main .told")
        expect(said.first).to_be_visible()
        return said.first.inner_text()

    def refusal(self) -> str:
        """Return what the page says is wrong."""
        said = self._page.get_by_role("alert").filter(has_text=re.compile(r"\w"))
        expect(said.first).to_be_visible()
        return said.first.inner_text()

    def error(self, label: str) -> Locator:
        """Return the sentence beside a field."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        name = field.get_attribute("name")
        return self._page.locator(f"#f-{name}-error")

    def titles(self) -> list[str]:
        """Return the Answers on the list, in order."""
        expect(self.lines().first).to_be_visible()
        return self._page.locator("ol.lines h2").all_inner_texts()

    def lines(self) -> Locator:
        """Return the Answers on the list, in order."""
        return self._page.locator("ol.lines > li")

    def field(self, label: str) -> Locator:
        """Return a field."""
        return self._page.get_by_label(label, exact=True)

    def nothing(self) -> Locator:
        """Return the sentence that stands where nothing matches."""
        return self._page.get_by_text("No entries match")

    def open_again(self, name: str) -> None:
        """Let people work on a closed day again."""
        days = self._page.get_by_role("region", name="Closed days")
        day = days.locator("ul.lines > li").filter(has_text=name)
        day.get_by_role("button", name="Open again").click()
        expect(day).to_have_count(0)

    def move_up(self, title: str) -> None:
        """Move an Answer one place up."""
        self._page.get_by_role("button", name=f"Move {title} up").click()

    def closed_days(self) -> list[str]:
        """Return what the days within a year are closed for."""
        region = self._page.get_by_role("region", name="Closed days")
        return region.locator("> ul.lines .m").all_inner_texts()

    def concerned(self) -> Locator:
        """Return where the appointments are that a change concerns."""
        region = self._page.get_by_role("region", name=re.compile("This concerns"))
        expect(region).to_be_visible()
        return region

    def entries(self) -> list[str]:
        """Return what the audit log lists, newest first."""
        expect(self._page.locator("main .audit tbody tr").first).to_be_visible()
        return self._page.locator("main .audit tbody th > b").all_inner_texts()

    def download(self) -> str:
        """Download the entries and return the file's text."""
        with self._page.expect_download() as waiting:
            self.press("Download CSV")
        return Path(waiting.value.path()).read_text(encoding="utf-8")
