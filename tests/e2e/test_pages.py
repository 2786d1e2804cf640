"""Every page, narrow and wide, light and dark: for everybody, and tidy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from invo_booking.settings.spec import Page as SettingsOf
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.catalogue import CataloguePage
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.limit import LimitPage
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.people import PeoplePage
from tests.e2e.pages.profile import ProfilePage
from tests.e2e.pages.public import LandingPage, SchedulePage
from tests.e2e.pages.regular import full_day
from tests.e2e.pages.settings import SettingsPage
from tests.e2e.pages.staff import BookingsPage, DashboardPage, SignInPage
from tests.e2e.pages.status import StatusPage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

TOPIC = "Mortgage advice"
MANAGER = "tom@harbor.example"
SUPER_ADMIN = "simone@harbor.example"
WIDE, NARROW = 1280, 320
HEIGHT = 900
LOOKS = [(NARROW, "dark", "light"), (WIDE, "light", "dark")]
"""Each width and, last, each color scheme: colors do not depend on the width."""
GRIDS = [
    ("me", "week"),
    ("me", "day"),
    ("team", "day"),
    ("team", "week"),
    ("team", "month"),
    ("queues", "day"),
    ("queues", "list"),
]


@dataclass(frozen=True)
class Sample:
    """Somebody with three appointments, and the day they are on."""

    name: str
    email: str
    requested: str
    confirmed: str
    cancelled: str
    regular: str
    held: str
    day: date


@dataclass(frozen=True)
class Visit:
    """A browser window, and what there is to look at."""

    page: Page
    url: str
    sample: Sample


Scene = Callable[[Visit], None]


@pytest.fixture(scope="module")
def sample(bank: Bank) -> Sample:
    start = bank.open_starts(TOPIC)[-1]
    name, email = somebody()
    who = {"name": f"{name} Featherstonehaugh", "email": email}
    cancelled = bank.request(TOPIC, start, **who)
    bank.cancel(cancelled)
    confirmed = bank.request(TOPIC, start, **who)
    bank.confirm(confirmed)
    other = bank.open_starts(TOPIC)[-1]
    requested = bank.request(TOPIC, other, **who)
    regular = full_day(bank)
    room = {"name": regular.name, "email": regular.email}
    held = bank.request(TOPIC, regular.free, **room)
    return Sample(
        name=who["name"],
        email=email,
        requested=requested,
        confirmed=confirmed,
        cancelled=cancelled,
        regular=regular.email,
        held=held,
        day=start.date(),
    )


def landing(visit: Visit) -> None:
    LandingPage(visit.page, visit.url).open()


def asking_for_links(visit: Visit) -> None:
    arrived = LandingPage(visit.page, visit.url).open()
    arrived.ask_for_links("nobody")
    arrived.answer()


def topics(visit: Visit) -> None:
    SchedulePage(visit.page, visit.url).open().topics()


def times(visit: Visit) -> None:
    SchedulePage(visit.page, visit.url).open().choose_topic(TOPIC)


def picked(visit: Visit) -> None:
    details(visit).go_back()


def branches(visit: Visit) -> None:
    schedule = SchedulePage(visit.page, visit.url).open()
    schedule.choose_topic("Open an account")
    schedule.choose_how("Visit to a branch")


def details(visit: Visit) -> SchedulePage:
    schedule = SchedulePage(visit.page, visit.url).open()
    schedule.choose_topic(TOPIC)
    schedule.pick_first_slot()
    return schedule


def mistakes(visit: Visit) -> None:
    schedule = details(visit)
    schedule.leave_contact(name="", email="nobody")
    schedule.press_request()
    schedule.errors()


def typed(visit: Visit) -> None:
    details(visit).leave_contact(name=visit.sample.name, email=visit.sample.email)


def requested(visit: Visit) -> None:
    StatusPage(visit.page).open(f"/a/{visit.sample.requested}")


def confirmed(visit: Visit) -> None:
    StatusPage(visit.page).open(f"/a/{visit.sample.confirmed}").countdown()


def cancelled(visit: Visit) -> None:
    StatusPage(visit.page).open(f"/a/{visit.sample.cancelled}")


def cancelling(visit: Visit) -> None:
    StatusPage(visit.page).open(f"/a/{visit.sample.confirmed}").begin_to_cancel()


def no_appointment(visit: Visit) -> None:
    StatusPage(visit.page).open("/a/nothing-that-exists-under-this-link0")


def held(visit: Visit) -> None:
    StatusPage(visit.page).open(f"/a/{visit.sample.held}")


def limit(visit: Visit) -> None:
    mailbox = MailboxPage(visit.page, visit.url)
    mailbox.open_mail(visit.sample.regular, "one more step")
    (link,) = {link for link in mailbox.links() if link.endswith("/limit")}
    LimitPage(visit.page).open(link).options()


def profile(visit: Visit) -> None:
    ProfilePage(visit.page).open()


def sign_in(visit: Visit) -> None:
    SignInPage(visit.page).open()


def refused_sign_in(visit: Visit) -> None:
    SignInPage(visit.page).enter("dana@harbor.example", "wrong")
    expect(visit.page.locator("main [role=alert]")).not_to_be_empty()


def mails(visit: Visit) -> None:
    MailboxPage(visit.page, visit.url).open()


def mail(visit: Visit) -> None:
    MailboxPage(visit.page, visit.url).open_mail(visit.sample.email, "confirmed")


def documentation(visit: Visit) -> None:
    visit.page.goto("/api/v1/docs")


def dashboard(visit: Visit) -> None:
    DashboardPage(visit.page).open()


def drawer(visit: Visit) -> None:
    BookingsPage(visit.page).open_first(visit.sample.day)


def new_appointment(visit: Visit) -> None:
    BookingsPage(visit.page).begin_appointment()


def bookings(scope: str, span: str) -> Scene:
    def scene(visit: Visit) -> None:
        BookingsPage(visit.page).go(scope, span, visit.sample.day)

    scene.__name__ = f"bookings_{scope}_{span}"
    return scene


def settings(slug: str) -> Scene:
    def scene(visit: Visit) -> None:
        SettingsPage(visit.page).open(slug)

    scene.__name__ = f"settings_{slug}"
    return scene


def refused_setting(visit: Visit) -> None:
    page = SettingsPage(visit.page).open("time")
    page.type("Max waiting time", "soon")
    page.save()
    expect(visit.page.get_by_text("Enter a whole number")).to_be_visible()


def review_of_settings(visit: Visit) -> None:
    page = SettingsPage(visit.page).open("general")
    page.switch("Outdated scheduled events")
    page.review()


def history_of_a_setting(visit: Visit) -> None:
    page = SettingsPage(visit.page).open("general")
    page.history("Allow public user to schedule a call")


def found_settings(visit: Visit) -> None:
    SettingsPage(visit.page).open("ux").search("time")


def answers(visit: Visit) -> None:
    CataloguePage(visit.page).answers()


def new_answer(visit: Visit) -> None:
    desk = CataloguePage(visit.page).answers()
    desk.begin_answer()
    desk.press("Save")
    desk.error("Title")


def queues(visit: Visit) -> None:
    CataloguePage(visit.page).queues()


def one_queue(visit: Visit) -> None:
    CataloguePage(visit.page).queues().edit("Home lending")


def institution(visit: Visit) -> None:
    CataloguePage(visit.page).institution()


def day_to_close(visit: Visit) -> None:
    desk = CataloguePage(visit.page).institution()
    desk.write("Close a day", visit.sample.day.isoformat())
    desk.write("What for", "Staff outing")
    desk.press("Close the day")
    desk.concerned()


def people(visit: Visit) -> None:
    PeoplePage(visit.page).open()


def one_person(visit: Visit) -> None:
    PeoplePage(visit.page).choose("Owen Park").type_hours("Saturday", "10:00", "12:00")


def person_to_disable(visit: Visit) -> None:
    page = PeoplePage(visit.page).choose("Dana Whitfield")
    page.disable()
    expect(page.concerned().first).to_be_visible()


def audit_log(visit: Visit) -> None:
    desk = CataloguePage(visit.page).audit()
    desk.press("Check the seals")
    desk.told()


def programs_and_tokens(visit: Visit) -> None:
    CataloguePage(visit.page).programs().refused_program()


PUBLIC: list[Scene] = [
    landing,
    asking_for_links,
    topics,
    times,
    picked,
    branches,
    details,
    mistakes,
    typed,
    requested,
    confirmed,
    cancelling,
    cancelled,
    no_appointment,
    held,
    limit,
    sign_in,
    refused_sign_in,
    mails,
    mail,
    documentation,
]
STAFF: list[Scene] = [
    profile,
    dashboard,
    drawer,
    new_appointment,
    *(bookings(scope, span) for scope, span in GRIDS),
]
ADMINISTRATION: list[Scene] = [
    *(settings(page.slug) for page in SettingsOf),
    settings("calendar-api"),
    refused_setting,
    review_of_settings,
    history_of_a_setting,
    found_settings,
    answers,
    new_answer,
    queues,
    one_queue,
    institution,
    day_to_close,
    audit_log,
    programs_and_tokens,
    people,
    one_person,
    person_to_disable,
]


@pytest.fixture
def look_at(house, sample, picture, is_pictured) -> Callable[[Page, Scene], None]:
    """Play a scene on a narrow screen, then look at it narrow and wide.

    What can be reached on a phone can be reached at a desk; the other way round it
    has to be shown. The page stays open in between, as when a phone is turned.
    """

    def inspect(page: Page, scene: Scene) -> None:
        inspector = Inspector(page, house.url)

        scene(Visit(page, house.url, sample))

        for width, *schemes in LOOKS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in schemes if is_pictured else schemes[-1:]:
                page.emulate_media(color_scheme=scheme)
                picture(page, f"{width}-{scheme}")
            assert len(inspector.headings()) == 1, inspector.headings()
            assert (inspector.overhang(), inspector.overlength()) == (0, 0), width
            assert inspector.barriers() == [], width
        assert inspector.complaints == []

    return inspect


def named(scene: Scene) -> str:
    return scene.__name__


@pytest.mark.parametrize("scene", PUBLIC, ids=named)
def test_public_page_shuts_nobody_out(scene, visitor, look_at):
    look_at(visitor(width=NARROW, reduced_motion="reduce"), scene)


@pytest.mark.parametrize("scene", STAFF, ids=named)
def test_page_of_staff_shuts_nobody_out(scene, visitor, look_at, signed_in):
    page = visitor(width=NARROW, reduced_motion="reduce", **signed_in(MANAGER))

    look_at(page, scene)


@pytest.mark.parametrize("scene", ADMINISTRATION, ids=named)
def test_page_of_administrators_shuts_nobody_out(scene, visitor, look_at, signed_in):
    page = visitor(width=NARROW, reduced_motion="reduce", **signed_in(SUPER_ADMIN))

    look_at(page, scene)
