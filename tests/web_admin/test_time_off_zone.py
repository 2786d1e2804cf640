"""Time off of a person whose time zone changes with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.admin import staffing
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.week_state import WeekState
from tests.support.bank import PASSWORD
from tests.web_admin.test_people_page import Desk, typed

DAYS = {"first": "2026-12-07", "last": "2026-12-08"}
MANILA = ZoneInfo("Asia/Manila")


@pytest.fixture
def ada(bank):
    return bank.agent(
        "Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD
    )


def away(bank, ada, name):
    overview = staffing.people_overview(bank.deps, ada)
    person = next(it for it in overview.people if it.name == name)
    (absence,) = staffing.person_file(bank.deps, ada, person.id).draft.absences
    return absence.starts_at.astimezone(MANILA), absence.ends_at.astimezone(MANILA)


@pytest.mark.parametrize("is_typed_before", [True, False])
def test_whole_days_off_are_days_of_the_new_zone(bank, ada, sign_in, is_typed_before):
    ana = bank.agent("Ana", password=PASSWORD)
    page = Desk(sign_in(ada), f"/people?edit={ana.id}")
    page.send(PersonState, "open_page")
    page.send(WeekState, "add_time_off", DAYS)
    if is_typed_before:
        page.send(PersonState, "submit_form", typed(bank))

    page.send(PersonState, "submit_form", typed(bank, time_zone="Asia/Manila"))

    assert page.see(PersonState).errors == {}
    assert away(bank, ada, "Ana") == (
        datetime(2026, 12, 7, tzinfo=MANILA),
        datetime(2026, 12, 9, tzinfo=MANILA),
    )
