"""What administrators decide, and that it is obeyed at once by everybody."""

import re
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from invo_booking.settings.registry import ENTRIES, settings_on_page
from invo_booking.settings.spec import Page as SettingsOf
from tests.e2e.pages.bank import Bank
from tests.e2e.pages.mailbox import MailboxPage
from tests.e2e.pages.public import LandingPage, SchedulePage
from tests.e2e.pages.settings import SettingsPage
from tests.e2e.pages.staff import PASSWORD, DashboardPage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

GRACE, SIMONE = "grace@harbor.example", "simone@harbor.example"
AGENT = "dana@harbor.example"
TOPIC = "Mortgage advice"
AT_ONCE = 30_000  # milliseconds, on a busy machine
JOIN, WAIT = "Joining the call", "Max waiting time"
DELETES = re.compile(r"This deletes [\d,]+ appointments? at 0:00 on \w+, ")


@pytest.fixture(autouse=True)
def as_before(house) -> Iterator[None]:
    """Put back whatever a test has set."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post("/session/sign-in", data={"email": SIMONE, "password": PASSWORD})
        address = "/api/v1/admin/settings"
        before = texts(web.get(address).json())
        yield
        after = texts(web.get(address).json())
        changed = {key: {"value": v} for key, v in before.items() if after[key] != v}
        if changed:
            web.put(address, json=changed).raise_for_status()


def texts(answer: dict) -> dict[str, str]:
    rows = answer["settings"]
    return {row["key"]: row["value"] for row in rows if row["kind"] != "secret"}


@pytest.fixture
def grace(visitor, signed_in) -> SettingsPage:
    return SettingsPage(visitor(**signed_in(GRACE)))


def test_public_page_obeys_at_once_whether_calls_can_be_scheduled(
    house, visitor, grace
):
    page = visitor()
    landing = LandingPage(page, house.url).open()
    button = page.get_by_role("link", name="Schedule a call")
    expect(button).to_be_visible()

    grace.come_from_the_dashboard()
    grace.switch("Allow public user to schedule a call")
    grace.save_well()

    landing.open()
    expect(button).to_have_count(0, timeout=AT_ONCE)
    grace.undo()
    expect(grace.counted().get_by_role("status")).to_contain_text("Saved 1 change")
    landing.open()
    expect(button).to_be_visible(timeout=AT_ONCE)


def test_scheduler_obeys_the_grid_of_slots_at_once(house, visitor, grace, bank: Bank):
    page = visitor()

    grace.open("time").type("Duration interval", "60")
    grace.save_well()

    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    assert {time.partition(":")[2][:2] for time in schedule.free_times()} == {"00"}
    assert {start.minute for start in bank.open_starts(TOPIC)} == {0}


def test_slots_have_the_colours_that_were_chosen_and_previewed(
    house, visitor, grace, picture
):
    page = visitor()
    grace.open("ux").type("Available time slot background color", "#ffd166")
    expect(grace.counted()).to_contain_text("1 change")
    grace.save_well()

    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.choose_how("English", "Video call")
    schedule.free_times()

    slot = page.locator(".times .slot:enabled:not([aria-pressed=true])").first
    expect(slot).to_have_css("background-color", "rgb(255, 241, 209)")
    picture(page, "slots")


def test_two_administrators_at_one_setting_are_told_of_each_other(
    visitor, signed_in, grace, picture
):
    page = visitor(**signed_in(SIMONE))
    simone = SettingsPage(page).open("time")
    grace.open("time").type(JOIN, "20")
    grace.type(WAIT, "25")
    expect(grace.counted()).to_contain_text("2 changes")

    simone.type(JOIN, "45")
    simone.save_well()

    expect(grace.row(JOIN)).to_contain_text("45 minutes.", timeout=AT_ONCE)
    assert grace.value(JOIN) == "20"
    grace.save()
    expect(grace.counted().get_by_role("alert")).to_contain_text("nothing was saved")
    grace.decide(JOIN, "Take theirs")
    expect(grace.row(JOIN).get_by_label(JOIN)).to_have_value("45")
    grace.save_well()
    expect(simone.row(WAIT).get_by_label(WAIT)).to_have_value("25", timeout=AT_ONCE)
    picture(page, "simone")


def test_wrong_value_saves_nothing_and_is_where_the_focus_goes(grace):
    grace.open("time").type("Default duration", "500")
    grace.type(WAIT, "25")
    expect(grace.counted()).to_contain_text("2 changes")

    grace.save()

    expect(grace.row("Default duration").get_by_role("alert")).to_contain_text("longer")
    expect(grace.focused()).to_have_value("500")
    expect(grace.counted()).to_contain_text("Correct first: Default duration")
    grace.discard()
    expect(grace.row(WAIT).get_by_label(WAIT)).to_have_value("15")
    expect(grace.counted()).not_to_contain_text("change")


def test_history_shows_who_did_what_and_goes_back(grace):
    grace.open("time").type(JOIN, "25")
    grace.save_well()

    sheet = grace.history(JOIN)
    first = sheet.get_by_role("listitem").first
    expect(first).to_contain_text("25 minutes")
    expect(first).to_contain_text("Grace")
    first.get_by_role("button", name="Go back to 10 minutes").click()

    expect(sheet.get_by_role("listitem").first).to_contain_text("undid")
    expect(grace.row(JOIN).get_by_label(JOIN)).to_have_value("10")


def test_changes_are_reviewed_and_not_lost_by_leaving(grace):
    grace.open("general").tick("Users who can assign appointments", "Agents")
    expect(grace.counted()).to_contain_text("1 change")

    review = grace.review()
    expect(review).to_contain_text("Users who can assign appointments")
    review.get_by_role("button", name="Keep editing").click()
    asked = grace.leave_by("Mailer")
    asked.get_by_role("button", name="Keep editing").click()

    expect(grace.counted()).to_contain_text("1 change")
    grace.leave_by("Mailer").get_by_role("button", name="Discard").click()
    expect(grace.row("Sender name")).to_be_visible()
    assert grace.counted().inner_text() == ""


def test_every_setting_is_two_clicks_away(grace):
    grace.come_from_the_dashboard()

    found: list[str] = []
    for page in SettingsOf:
        grace.press_section(page.value)
        if settings_on_page(page):
            found += grace.labels()

    assert sorted(found) == sorted(entry.label for entry in ENTRIES)


def test_setting_is_found_by_search_and_pointed_out(grace):
    found = grace.open("general").search("reminder email")

    found.get_by_role("link").first.click()

    row = grace.row("Time for reminder email before the call")
    expect(row.get_by_role("textbox")).to_be_focused()


def test_primary_provider_is_for_the_super_admin_only(visitor, signed_in, grace):
    row = grace.open("calendars").row("Primary Calendar Provider")
    expect(row).to_contain_text("Super admin only")
    expect(row.get_by_role("radio")).to_have_count(0)

    simone = SettingsPage(visitor(**signed_in(SIMONE))).open("calendars")
    provider = simone.row("Primary Calendar Provider")
    provider.get_by_role("radio", name="Google").check()
    expect(simone.counted()).to_contain_text("1 change")
    simone.save()
    review = simone.counted().page.get_by_role("dialog", name="Review")
    expect(review).to_contain_text("forgets all busy times")


def test_agent_sees_no_administration_and_is_refused(visitor, signed_in, house):
    page = visitor(**signed_in(AGENT))
    DashboardPage(page).open()
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)

    page.goto("/settings/general")

    page.wait_for_url("**/dashboard**")
    refusal = page.get_by_role("alert").filter(has_text="role does not allow")
    expect(refusal).to_be_visible()
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    answer = httpx.get(f"{house.url}/api/v1/admin/settings", cookies=cookies)
    assert answer.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_purging_says_how_many_it_deletes_and_asks_for_a_word(
    visitor, signed_in, picture, width, dark
):
    page = visitor(width=width, dark=dark, **signed_in(GRACE))
    settings = SettingsPage(page).open("general")
    settings.switch("Outdated scheduled events")
    settings.save()

    sheet = page.get_by_role("dialog", name="Review")
    expect(sheet).to_contain_text(DELETES)
    save = sheet.get_by_role("button", name="Save")
    save.click()
    expect(sheet.get_by_role("alert")).to_have_text("Type DELETE to confirm.")
    picture(page, "asks")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    sheet.get_by_label("Type DELETE to confirm").fill("DELETE")
    save.click()

    expect(settings.counted().get_by_role("status")).to_contain_text("Saved 1 change")
    expect(settings.counted().get_by_role("button", name="Undo")).to_have_count(0)


def test_test_mail_arrives(house, visitor, grace):
    grace.open("mailer").send_test_mail("trial@example.com")

    MailboxPage(visitor(), house.url).open_mail("trial@example.com", "test")


def test_own_join_button_replaces_the_default_and_a_bad_file_does_not(
    grace, house, tmp_path
):
    good, bad = tmp_path / "join.png", tmp_path / "join.txt"
    Image.new("RGB", (320, 120), "#0d9b8a").save(good)
    bad.write_text("no picture")
    label = "Join Call Button Image"

    told = grace.open("branding").replace_picture(label, good)
    expect(told).to_contain_text("in use")
    kind = httpx.get(f"{house.url}/images/join").headers["content-type"]
    assert kind in {"image/png", "image/webp"}
    expect(grace.replace_picture(label, bad)).to_contain_text("cannot read")

    grace.default_picture(label)
    kind = httpx.get(f"{house.url}/images/join").headers["content-type"]
    assert kind == "image/svg+xml"
