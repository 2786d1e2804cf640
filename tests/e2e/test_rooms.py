"""A video call: customer and agent meet in a room of the bank's own service."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import expect

from invo_booking.texts import in_language, page_languages, speak_within
from tests.e2e.pages.bank import somebody
from tests.e2e.pages.rooms import SECRET, begin_now, running_rooms
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.pages.status import SOON, StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
SETTINGS = "/api/v1/admin/settings"
KEYS = ("calls.room", "calls.token_secret")


@pytest.fixture(scope="module")
def rooms(house, tmp_path_factory) -> Iterator[str]:
    """The bank's rooms, as its super admin has entered them."""
    ours = {"Origin": house.url}
    with (
        running_rooms(tmp_path_factory.mktemp("rooms")) as address,
        httpx.Client(base_url=house.url, headers=ours, timeout=60) as simone,
    ):
        form = {"email": "simone@harbor.example", "password": PASSWORD}
        simone.post("/session/sign-in", data=form)
        template = f"{address}/{{appointment}}?jwt={{token}}"
        entered = dict(zip(KEYS, (template, SECRET), strict=True))
        body = {key: {"value": it} for key, it in entered.items()}
        simone.put(SETTINGS, json=body).raise_for_status()
        yield address
        simone.put(SETTINGS, json={key: {"value": None} for key in KEYS})


def test_customer_and_agent_meet_in_a_room_with_a_signed_token(
    house, visitor, signed_in, bank, desk, rooms
):
    assert house.folder, "the test sets the clock of an appointment in the database"
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    made = desk.appointment(name, start.date())
    now = datetime.now(UTC)  # noqa: TID251  (the product runs on the real clock)
    agent = begin_now(house.folder, made, now)

    customer = visitor(ignore_https_errors=True)
    for language in page_languages():
        with speak_within(language):
            path = in_language(f"/a/{token}")
        status = StatusPage(customer).open(path)
        expect(status.door()).to_have_attribute("href", f"{path}/room", timeout=SOON)
    status.join()
    expect(customer.get_by_text(f"{name} is a guest")).to_be_visible()
    staff = visitor(ignore_https_errors=True, **signed_in(agent.email))
    staff.goto(f"/session/rooms/{made}")
    staff.get_by_role("button", name="Join the call").click()
    expect(staff.get_by_text(f"{agent.name} is a host")).to_be_visible()

    heading = customer.get_by_role("heading", name=re.compile("^Room "))
    expect(staff.get_by_role("heading", level=1)).to_have_text(heading.inner_text())
    assert customer.url.startswith(f"{rooms}/")
    assert bank.look(token)["phase"] == "in_call"
