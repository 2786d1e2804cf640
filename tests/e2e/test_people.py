"""People, their hours, and what a change of them means for appointments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.pages.bank import Bank, Desk, somebody
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.people import PeoplePage
from tests.e2e.pages.staff import PASSWORD, DashboardPage, SignInPage
from tests.support.accounts import LINK

pytestmark = [pytest.mark.browser, pytest.mark.warm]

GRACE, MANAGER = "grace@harbor.example", "tom@harbor.example"
WEDNESDAY, THURSDAY = 2, 3


@dataclass(frozen=True)
class Colleague:
    """Somebody taken on for a test."""

    id: str
    name: str
    email: str


OWN = "purple ladders eat at noon"


def accept_invitation(page, address: str, email: str) -> None:
    """Set a password by the link in somebody's mail, and sign in with it."""
    mailbox = MailboxPage(page, address)
    mailbox.open_mail(email, "Set your password")
    page.goto(f"{address}{LINK.search(mailbox.text()).group()}")
    page.get_by_label("New password").fill(OWN)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    SignInPage(page).enter(email, OWN)


class Office:
    """The administration over its API, with a line of business of its own."""

    def __init__(self, address: str) -> None:
        ours = {"Origin": address}
        self._web = httpx.Client(base_url=address, headers=ours, timeout=60)
        form = {"email": GRACE, "password": PASSWORD}
        self._web.post("/session/sign-in", data=form)
        self.booked: list[str] = []
        self.topic = f"Trusts {uuid4().hex[:6]}"
        self._queue = self._add("queues", {"name": self.topic})
        self._answer = self._add(
            "answers",
            {
                "title": self.topic,
                "queue": self._queue,
                "duration_minutes": 30,
                "languages": ["en"],
                "channels": ["video"],
            },
        )

    def hire(self, name: str, *days: int) -> Colleague:
        """Take somebody on who serves the queue from 9 to 11 on some weekdays."""
        surname = somebody()[0].split()[1]
        body = {
            "name": f"{name} {surname}",
            "email": f"{surname.lower()}@harbor.example",
            "time_zone": "America/Chicago",
            "roles": ["agent"],
            "queues": [self._queue],
            "languages": ["en"],
            "hours": [
                {"weekday": day, "begins": "09:00", "ends": "11:00"} for day in days
            ],
            "password": PASSWORD,
        }
        made = self._web.post("/api/v1/admin/people", json=body).raise_for_status()
        told = made.json()
        return Colleague(told["id"], body["name"], body["email"])

    def holder(self, appointment: str) -> str | None:
        """Return the id of whoever has an appointment."""
        found = self._web.get(f"/api/v1/staff/appointments/{appointment}")
        return found.json()["appointment"]["agent"]

    def close(self) -> None:
        """Cancel what was booked and take the line of business out of use."""
        for one in self.booked:
            self._web.delete(f"/api/v1/staff/appointments/{one}").raise_for_status()
        path = f"/api/v1/admin/answers/{self._answer}/archive"
        self._web.post(path, json={"version": 1}).raise_for_status()
        gone = {"name": self.topic, "active": False, "version": 1}
        path = f"/api/v1/admin/queues/{self._queue}"
        self._web.put(path, json=gone).raise_for_status()
        self._web.close()

    def _add(self, kind: str, body: dict[str, object]) -> str:
        answer = self._web.post(f"/api/v1/admin/{kind}", json=body).raise_for_status()
        lines = answer.json()[kind]
        names = {one.get("name") or one.get("title"): one["id"] for one in lines}
        return names[self.topic]


@pytest.fixture
def office(house) -> Iterator[Office]:
    found = Office(house.url)
    yield found
    found.close()


@pytest.fixture
def people(visitor, signed_in) -> PeoplePage:
    return PeoplePage(visitor(**signed_in(GRACE)))


@pytest.fixture
def book(bank: Bank, desk: Desk, office) -> Callable[[Colleague, int], tuple[str, str]]:
    """Book somebody's next time on a weekday; return customer and appointment."""

    def make(whose: Colleague, weekday: int) -> tuple[str, str]:
        starts = bank.open_starts(office.topic)
        start = next(it for it in starts if it.weekday() == weekday)
        name, email = somebody()
        made = bank.ask(office.topic, start, name=name, email=email).json()
        bank.confirm(made["token"])
        office.booked.append(made["id"])
        assert desk.assign(made["id"], whose.id)
        return name, made["id"]

    return make


def clocks(starts: list[datetime], weekday: int) -> set[str]:
    return {f"{it:%H:%M}" for it in starts if it.weekday() == weekday}


def test_hours_that_are_drawn_or_typed_are_what_customers_are_offered(
    bank, office, people
):
    nia = office.hire("Nia")
    assert bank.open_starts(office.topic) == []
    people.choose(nia.name)

    people.draw("Wednesday", "09:00", "11:00")
    people.type_hours("Thursday", "13:00", "14:00")
    people.save()
    people.saved()

    starts = bank.open_starts(office.topic)
    assert {it.weekday() for it in starts} == {WEDNESDAY, THURSDAY}
    assert {"09:00", "10:30"} <= clocks(starts, WEDNESDAY)
    assert max(clocks(starts, WEDNESDAY)) == "10:30"
    assert min(clocks(starts, THURSDAY)) == "13:00"


def test_hours_are_changed_with_the_keyboard_alone_and_copied(bank, office, people):
    nia = office.hire("Nia", WEDNESDAY)
    people.choose(nia.name)

    people.press("Wednesday, 09:00 to 11:00", "ArrowRight")
    people.press("Wednesday, 09:15 to 11:15", "Shift+ArrowRight")
    expect(people.period("Wednesday, 09:15 to 11:30")).to_be_focused()
    people.copy("Wednesday", "Monday to Friday")
    people.press("Friday, 09:15 to 11:30", "Delete")
    expect(people.period("Friday, 09:15 to 11:30")).to_have_count(0)
    people.save()
    people.saved()

    starts = bank.open_starts(office.topic)
    assert {it.weekday() for it in starts} == {0, 1, WEDNESDAY, THURSDAY}
    assert min(clocks(starts, THURSDAY)) == "09:15"


def test_shorter_hours_ask_about_appointments_which_are_kept_or_re_assigned(
    office, people, book
):
    nia, olu = office.hire("Nia", WEDNESDAY, THURSDAY), office.hire("Olu", WEDNESDAY)
    moves, appointment = book(nia, WEDNESDAY)
    stays, other = book(nia, THURSDAY)
    people.choose(nia.name)
    people.press("Wednesday, 09:00 to 11:00", "Delete")
    people.press("Thursday, 09:00 to 11:00", "Delete")

    people.save()
    expect(people.concerned()).to_have_count(2)
    expect(people.concerned().filter(has_text=moves)).to_contain_text(
        f"{olu.name} is free and takes it."
    )
    assert office.holder(appointment) == nia.id
    people.decide(moves, "Re-assign it")
    people.decide(stays, "Keep it")
    people.save_decided()
    people.saved()

    assert office.holder(appointment) == olu.id
    assert office.holder(other) == nia.id


def test_going_back_saves_nothing_and_keeps_what_was_typed(office, people, book):
    nia = office.hire("Nia", WEDNESDAY)
    book(nia, WEDNESDAY)
    people.choose(nia.name)
    people.fill("Name", "Nia Back")
    people.press("Wednesday, 09:00 to 11:00", "Delete")
    people.save()
    expect(people.concerned()).to_have_count(1)

    people.go_back()

    expect(people.field("Name")).to_have_value("Nia Back")
    expect(people.period("Wednesday, 09:00 to 11:00")).to_have_count(0)
    people.choose(nia.name)
    expect(people.period("Wednesday, 09:00 to 11:00")).to_be_visible()


def test_disabling_lists_appointments_and_shuts_an_open_browser_out(
    house, office, people, book, visitor
):
    nia = office.hire("Nia", WEDNESDAY)
    customer, appointment = book(nia, WEDNESDAY)
    theirs = visitor()
    accept_invitation(theirs, house.url, nia.email)
    DashboardPage(theirs).open()
    people.choose(nia.name)

    people.disable()
    expect(people.concerned().filter(has_text=customer)).to_have_count(1)
    people.save_decided()
    people.saved()

    theirs.goto("/bookings")
    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()
    assert office.holder(appointment) is None, "who left keeps nothing"


def test_somebody_new_sets_a_password_by_the_mailed_link(house, people, visitor):
    name, email = somebody()
    people.open()
    people.add()
    people.fill("Name", name)
    people.fill("E-mail", email)
    people.tick("Home lending")
    people.tick("English")
    people.draw("Monday", "09:00", "12:00")

    people.save()
    people.give_password("a wrong password")
    expect(people.own_password()).to_contain_text("This is not your password.")
    people.give_password(PASSWORD)
    people.drawn(name)
    expect(people.access()).to_contain_text("not yet accepted")
    theirs = visitor()
    accept_invitation(theirs, house.url, email)

    DashboardPage(theirs).open()
    expect(people.period("Monday, 09:00 to 12:00")).to_be_visible()


def test_the_list_obeys_its_filters(people):
    people.open()
    people.only("Role", "Super admin")
    expect(people.names()).to_have_count(1)

    people.only("Role", "")
    people.only("Language", "Polish")
    people.find("peter")
    expect(people.names()).to_have_text(["Peter Novak"])
    expect(people.count()).to_contain_text("1 of ")


def test_filters_outlast_a_reload_and_the_way_to_a_person_and_back(people):
    people.open()
    people.only("Role", "Agent")
    people.find("peter")
    expect(people.names()).to_have_text(["Peter Novak"])

    people.reload()
    expect(people.names()).to_have_text(["Peter Novak"])
    people.follow("Peter Novak")
    people.leave()
    expect(people.names()).to_have_text(["Peter Novak"])
    people.follow("Peter Novak")
    people.back()

    expect(people.names()).to_have_text(["Peter Novak"])
    expect(people.filtered("Find a person")).to_have_value("peter")
    expect(people.filtered("Role")).to_have_value("agent")


def test_leaving_with_hours_that_are_not_saved_asks_first(office, people):
    nia = office.hire("Nia", WEDNESDAY)
    people.choose(nia.name)
    people.leave()
    expect(people.count()).to_be_visible()
    people.follow(nia.name)
    people.press("Wednesday, 09:00 to 11:00", "Delete")
    expect(people.period("Wednesday, 09:00 to 11:00")).to_have_count(0)

    people.leave()
    expect(people.question()).to_contain_text("You have changed hours that are not")
    people.answer("Keep editing")
    expect(people.question()).to_have_count(0)
    expect(people.period("Wednesday, 09:00 to 11:00")).to_have_count(0)
    people.leave()
    people.answer("Discard")

    people.follow(nia.name)
    expect(people.period("Wednesday, 09:00 to 11:00")).to_be_visible()


def test_a_manager_sees_no_people(visitor, signed_in):
    page = visitor(**signed_in(MANAGER))

    page.goto("/people")

    expect(page.get_by_text("Your role does not allow this.")).to_be_visible()
    expect(page.get_by_role("table", name="People")).to_have_count(0)
