"""Closed days of a branch, and its clock: weekends, the grid, the limit of a day."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    InvalidInputError,
    LimitReachedError,
    NotFoundError,
    SlotClosedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import PersonRow, WorkingHoursRow
from invo_booking.settings import general
from invo_booking.settings import time as time_settings
from invo_booking.usecases.admin.catalogue import closures
from invo_booking.usecases.admin.effects import Disposition, UndecidedError
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.slots.unplaced import unplaced_appointments
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at, branch_row, confirm
from tests.support.drafts import staff_draft

TUESDAY = date(2026, 11, 24)
HALF_HOUR = timedelta(minutes=30)
WEEK = Interval(at(0), at(0, days=7))


@pytest.fixture
def ada(bank):
    bank.offer_visits()
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def branch_in(bank, zone):
    """Open a branch whose clock is elsewhere, with an agent who lives there."""
    there, agent = uuid4(), bank.agent("Yuki")
    with bank.deps.unit_of_work() as work:
        person = work.session.get(PersonRow, agent.id)
        person.time_zone = zone
        work.session.add_all([person, branch_row(there, "Far away", time_zone=zone)])
        work.publish_roster_change()
    return there


def offered(bank, branch=None):
    return [
        slot.start
        for slot in booking.offer_slots(
            bank.deps, bank.answer_id, "en", WEEK, branch=branch
        ).slots
    ]


def visit(bank, start, branch, **more):
    wanted = bank.request(start, channel=Channel.BRANCH, branch_id=branch, **more)
    return booking.request_appointment(bank.deps, wanted, idempotency_key=f"{uuid4()}")


def close(bank, ada, branch, day=TUESDAY, **more):
    closures.change_closed_days(
        bank.deps, ada, close={day: "Building works"}, branch_id=branch, **more
    )


@pytest.mark.usefixtures("ana")
def test_a_branch_closes_alone(bank, ada):
    other = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(other, "Oak Park"))
        work.publish_roster_change()

    close(bank, ada, bank.branch_id)

    tuesday = at(10, days=1)
    assert tuesday not in offered(bank, bank.branch_id)
    assert tuesday in offered(bank, other)
    assert tuesday in offered(bank)
    offer = booking.offer_slots(
        bank.deps, bank.answer_id, "en", WEEK, branch=bank.branch_id
    )
    assert offer.closed_days[TUESDAY] == "Closed for Building works"
    with pytest.raises(SlotClosedError, match="We are closed for Building works"):
        visit(bank, tuesday, bank.branch_id)
    closures.change_closed_days(
        bank.deps, ada, close={}, reopen=[TUESDAY], branch_id=bank.branch_id
    )
    assert tuesday in offered(bank, bank.branch_id)


def test_closed_days_of_a_branch_are_kept_apart_and_recorded(bank, ada):
    close(bank, ada, bank.branch_id)

    (day,) = closures.closed_days_overview(bank.deps, ada, bank.branch_id).days
    assert (day.day, day.name) == (TUESDAY, "Building works")
    assert closures.closed_days_overview(bank.deps, ada).days == ()
    with bank.deps.unit_of_work() as work:
        (entry,) = work.audit.history(str(bank.branch_id))
    assert entry.detail["after"] == {"2026-11-24": "Building works"}
    with pytest.raises(NotFoundError):
        close(bank, ada, uuid4())
    with pytest.raises(InvalidInputError):
        close(bank, ada, bank.branch_id, date(2020, 1, 1))


def test_visits_on_a_day_to_close_are_shown_first(bank, ada, ana):
    booked = visit(bank, at(10, days=1), bank.branch_id)
    confirm(bank.deps, booked.token)
    call = bank.request(at(11, days=1), email="tom@example.com")
    booking.request_appointment(bank.deps, call, idempotency_key="c" * 22)

    with pytest.raises(UndecidedError) as concerned:
        close(bank, ada, bank.branch_id)

    (shown,) = concerned.value.affected
    assert shown.id == booked.appointment.id
    assert shown.why == "Main branch is closed for Building works."
    close(bank, ada, bank.branch_id, dispositions={shown.id: Disposition.KEEP})
    assert [it.id for it in unplaced_appointments(bank.deps, ada)] == [shown.id]
    assert ana.id


def test_an_appointment_on_a_closed_day_goes_to_no_colleague(bank, ada, ana):
    bank.agent("Ben")
    draft = staff_draft(
        bank,
        at(10, days=1),
        ends_at=at(11, days=1),
        answer_id=None,
        channel=Channel.PHONE,
        agent_id=ana.id,
    )
    held = appointments.create_appointment(bank.deps, bank.manager(), draft)

    decided = {held.id: Disposition.REASSIGN}
    close(bank, ada, None, dispositions=decided)

    with bank.deps.unit_of_work() as work:
        assert work.appointments.get(held.id).agent_id is None


@pytest.mark.usefixtures("ada")
def test_weekends_and_closed_days_of_a_visit_follow_the_clock_of_its_branch(bank):
    tokyo = branch_in(bank, "Asia/Tokyo")  # 15 hours ahead of Chicago
    bank.holiday(TUESDAY, "Founder's Day")

    starts = offered(bank, tokyo)

    assert at(18, days=1) in starts  # Wednesday, 9 o'clock in Tokyo
    assert at(18) not in starts  # Tuesday, 9 o'clock in Tokyo
    assert at(18, days=4) not in starts  # Saturday in Tokyo, Friday in Chicago
    assert at(18, days=6) in starts  # Monday in Tokyo, Sunday in Chicago


@pytest.mark.usefixtures("ada")
def test_the_grid_of_visits_is_on_the_clock_of_their_branch(bank):
    kathmandu = branch_in(bank, "Asia/Kathmandu")  # a quarter of an hour off
    bank.set(time_settings.INTERVAL, "60")

    assert {it.minute for it in offered(bank, kathmandu)} == {15}


@pytest.mark.usefixtures("ada")
def test_the_limit_of_a_day_counts_on_the_clock_of_the_branch(bank):
    tokyo = branch_in(bank, "Asia/Tokyo")
    bank.set(general.MOST_PER_DAY, "1")
    # Wednesday in Tokyo, then Tuesday: in Chicago, both are on Tuesday
    for start in (at(18, days=1), at(1, days=1)):
        held = visit(bank, start, tokyo)
        confirm(bank.deps, held.token)

    with pytest.raises(LimitReachedError):  # Wednesday once more
        manage.reschedule_by_link(bank.deps, held.token, at(1, days=2))


@pytest.mark.usefixtures("ada")
def test_a_day_of_the_limit_begins_on_the_clock_of_the_branch(bank):
    tokyo = branch_in(bank, "Asia/Tokyo")
    # Tuesday and Wednesday in Tokyo: in Chicago, both are on Tuesday
    moved = visit(bank, at(1, days=1), tokyo)
    there = visit(bank, at(20, days=1), tokyo)
    for held in (moved, there):
        confirm(bank.deps, held.token)
    bank.set(general.MOST_PER_DAY, "1")

    with pytest.raises(LimitReachedError):
        manage.reschedule_by_link(bank.deps, moved.token, at(18, days=1))


EASTERN = "America/New_York"


def at_utc(month: int, day: int, hour: int, minute: int = 0, year: int = 2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("now", "starts", "told"),
    [
        (  # the clocks go back at 2: half past one comes twice
            at_utc(10, 29, 15),
            [at_utc(11, 1, 4 + half // 2, 30 * (half % 2)) for half in range(14)],
            [
                (at_utc(11, 1, 5, 30), "1:30 AM (GMT-04:00)"),
                (at_utc(11, 1, 6, 30), "1:30 AM (GMT-05:00)"),
            ],
        ),
        (  # the clocks go forward at 2: half past two does not exist
            at_utc(3, 11, 15, year=2027),
            [
                at_utc(3, 14, 5 + half // 2, 30 * (half % 2), year=2027)
                for half in range(10)
            ],
            [(at_utc(3, 14, 7, year=2027), "3:00 AM")],
        ),
    ],
)
def test_visit_in_a_night_in_which_the_clock_of_its_branch_changes(
    bank, clock, postbox, now, starts, told
):
    clock.now = now
    there = branch_in(bank, EASTERN)
    for key, text in (
        (time_settings.WEEKENDS_OFF, "off"),
        (time_settings.INTERVAL, "30"),
    ):
        bank.set(key, text)
    with bank.deps.unit_of_work() as work:
        (yuki,) = (it for it in work.roster.people.values() if it.name == "Yuki")
        work.session.add(
            WorkingHoursRow(
                person_id=yuki.id, weekday=6, starts_time=time(0), ends_time=time(6)
            )
        )
        work.publish_roster_change()
    night = Interval(starts[0] - HALF_HOUR, starts[-1] + 2 * HALF_HOUR)

    found = booking.offer_slots(bank.deps, bank.answer_id, "en", night, branch=there)

    assert [it.start for it in found.slots] == starts
    for number, (start, words) in enumerate(told):
        made = visit(bank, start, there, email=f"rosa{number}@example.com")
        confirm(bank.deps, made.token)
        delivery.deliver_due_mails(bank.deps)
        mail = postbox.sent[-1]
        assert mail.subject.replace("\u202f", " ").endswith(words)
        assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in str(mail.ics)
