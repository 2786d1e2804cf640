"""A time-zone law that changes after booking: the clock time agreed is kept."""

import itertools
import zoneinfo
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.errors import OvertakenError
from invo_booking.domain.wall import instants_of, wall_text
from invo_booking.run.checkup import zone_checkup as clock_times
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import manage
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, zone_rules
from invo_booking.usecases.upkeep.zone_rules import (
    WallTimesOutcome,
    keep_wall_times,
    shifted_appointments,
)
from tests.support import bank as support
from tests.support.bank import at, confirm
from tests.usecases.test_assigning import book

HOUR = timedelta(hours=1)
ZONE = "America/Menominee"
"""Central time like Chicago, but no module keeps this zone: its rules may change here
and go back without leaving anybody with an object of the old ones."""


def rules_of(name: str) -> bytes:
    """Return a zone's own rules, as the system or the package has them."""
    for folder in zoneinfo.TZPATH:
        if (path := Path(folder, name)).is_file():
            return path.read_bytes()
    return resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()


@pytest.fixture(autouse=True)
def _there(monkeypatch):
    monkeypatch.setattr(support, "ZONE", ZONE)


@pytest.fixture
def law(tmp_path, bank):
    """Let the institution's clocks go by other rules from now on."""
    before = zoneinfo.TZPATH

    def change(like: str) -> None:
        path = tmp_path / ZONE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rules_of(like))
        zoneinfo.reset_tzpath([str(tmp_path), *before])
        ZoneInfo.clear_cache(only_keys=[ZONE])
        with bank.deps.unit_of_work() as work:
            work.publish_roster_change()

    yield change
    zoneinfo.reset_tzpath(before)
    ZoneInfo.clear_cache(only_keys=[ZONE])


def booked_at(bank, start):
    booked = book(bank, start)
    confirm(bank.deps, booked.token)
    return booked


def now_is(bank, booked):
    return manage.read_visit(bank.deps, booked.token).appointment


def test_clock_time_is_kept_and_the_customer_is_told(bank, law, postbox):
    bank.agent()
    booked = booked_at(bank, at(10))
    delivery.deliver_due_mails(bank.deps)
    sent = len(postbox.sent)
    assert clock_times(bank.deps).ok

    law("Etc/GMT+5")  # summer time for ever: an hour ahead of what was booked by
    assert [it.agreed_at for it in shifted_appointments(bank.deps)] == [at(10) - HOUR]
    found = clock_times(bank.deps)
    assert not found.ok
    assert "1 appointment is no longer at the agreed clock time" in found.sentence
    assert "invo-booking zones --keep" in found.sentence

    assert keep_wall_times(bank.deps).moved == 1
    delivery.deliver_due_mails(bank.deps)

    moved = now_is(bank, booked)
    assert moved.starts_at == at(10) - HOUR
    assert wall_text(moved.starts_at, ZoneInfo(ZONE)) == "2026-11-23T10:00"
    assert len(postbox.sent) == sent + 1
    told = postbox.sent[-1].text
    assert "10:00" in told
    assert "11:00" not in told
    assert "The rules by which clocks are set have changed." in told
    assert postbox.sent[-1].ics_method == "REQUEST"
    assert clock_times(bank.deps).ok
    assert keep_wall_times(bank.deps) == WallTimesOutcome(moved=0, unassigned=0, left=0)


@pytest.mark.parametrize("zone", [ZONE, "Europe/London"])
def test_mail_about_a_move_names_the_time_before_as_it_was_told(
    bank, law, postbox, clock, zone
):
    bank.agent()
    max_ = bank.manager("Max")
    booked = book(bank, at(10), time_zone=zone)
    confirm(bank.deps, booked.token)
    law("Etc/GMT+5")

    made = now_is(bank, booked)
    appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(starts_at=at(14))
    )
    clock.advance(timedelta(minutes=1))
    delivery.deliver_due_mails(bank.deps)

    told = postbox.sent[-1].text
    assert ("10:00" in told, "11:00" in told) == (zone == ZONE, False)
    assert ("4:00" in told) == (zone != ZONE)
    assert "rules by which clocks" not in told


def test_mail_about_what_is_cancelled_names_the_time_that_was_told(bank, law, postbox):
    bank.agent()
    max_ = bank.manager("Max")
    booked = booked_at(bank, at(10))
    law("Etc/GMT+5")

    appointments.cancel_appointment(bank.deps, max_, now_is(bank, booked).id, "")
    delivery.deliver_due_mails(bank.deps)

    told = postbox.sent[-1]
    assert "10:00" in told.subject
    assert "10:00" in told.text
    assert "11:00" not in told.subject + told.text


def test_former_address_reads_the_time_that_was_told(bank, law, postbox):
    bank.agent()
    max_ = bank.manager("Max")
    booked = booked_at(bank, at(10))
    law("Etc/GMT+5")

    corrected = AppointmentChange(email="right@example.com")
    appointments.change_appointment(bank.deps, max_, now_is(bank, booked).id, corrected)
    delivery.deliver_due_mails(bank.deps)

    (told,) = [it for it in postbox.sent if it.ics_method == "CANCEL"]
    assert told.to == booked.appointment.customer.email
    assert "10:00" in told.subject
    assert "10:00" in told.text
    assert "11:00" not in told.subject + told.text


def test_time_agreed_is_that_of_the_last_move_and_of_no_other_change(bank, law):
    ana = bank.agent("Ana")
    max_ = bank.manager("Max")
    booked = booked_at(bank, at(10))
    made = now_is(bank, booked)
    appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(starts_at=at(14))
    )
    law("Etc/GMT+5")
    appointments.assign_appointment(bank.deps, max_, made.id, ana.id)

    assert [it.agreed_at for it in shifted_appointments(bank.deps)] == [at(14) - HOUR]


def full_day(bank):
    """Return four appointments of one agent, one an hour."""
    ana, max_ = bank.agent("Ana"), bank.manager("Max")
    day = [booked_at(bank, at(hour)) for hour in (12, 13, 14, 15)]
    for booked in day:
        appointments.assign_appointment(
            bank.deps, max_, now_is(bank, booked).id, ana.id
        )
    return day


def agents_and_starts(bank, day):
    found = [now_is(bank, it) for it in day]
    return [(it.agent_id, it.starts_at) for it in found]


@pytest.mark.parametrize(("like", "by"), [("Etc/GMT+5", -HOUR), ("Etc/GMT+7", HOUR)])
def test_full_day_of_one_agent_moves_whole(bank, law, like, by):
    day = full_day(bank)
    before = agents_and_starts(bank, day)
    law(like)

    done = keep_wall_times(bank.deps)

    assert done == WallTimesOutcome(moved=4, unassigned=0, left=0)
    moved = [(agent, start + by) for agent, start in before]
    assert agents_and_starts(bank, day) == moved


def test_agent_who_is_taken_then_is_left_to_staff(bank, law):
    ana = bank.agent("Ana")
    max_ = bank.manager("Max")
    first = booked_at(bank, at(13))
    appointments.assign_appointment(bank.deps, max_, now_is(bank, first).id, ana.id)
    law("Etc/GMT+5")
    second = booked_at(bank, at(12))
    appointments.assign_appointment(bank.deps, max_, now_is(bank, second).id, ana.id)

    done = keep_wall_times(bank.deps)

    assert done == WallTimesOutcome(moved=1, unassigned=1, left=0)
    assert now_is(bank, first).starts_at == at(12)
    assert now_is(bank, first).agent_id is None
    assert now_is(bank, second).agent_id == ana.id


def failing_at(deps, number, error):
    """Return the parts with a transaction that does not begin, counted from one."""
    numbers = itertools.count(1)

    def begin(caller):
        if next(numbers) == number:
            raise error
        return deps.begin(caller)

    return replace(deps, begin=begin)


@pytest.mark.parametrize("killed_at", [2, 3, 4, 5])
@pytest.mark.parametrize(("like", "by"), [("Etc/GMT+5", -HOUR), ("Etc/GMT+7", HOUR)])
def test_day_whose_move_was_interrupted_is_moved_by_the_next_call(
    bank, law, like, by, killed_at
):
    day = full_day(bank)
    before = agents_and_starts(bank, day)
    law(like)
    with pytest.raises(KeyboardInterrupt):
        keep_wall_times(failing_at(bank.deps, killed_at, KeyboardInterrupt()))

    done = keep_wall_times(bank.deps)

    assert done == WallTimesOutcome(moved=6 - killed_at, unassigned=0, left=0)
    moved = [(agent, start + by) for agent, start in before]
    assert agents_and_starts(bank, day) == moved


def test_change_in_between_leaves_one_appointment_and_not_the_rest(bank, law):
    ana = bank.agent("Ana")
    max_ = bank.manager("Max")
    first, last = booked_at(bank, at(13)), booked_at(bank, at(15))
    appointments.assign_appointment(bank.deps, max_, now_is(bank, first).id, ana.id)
    law("Etc/GMT+5")
    second = booked_at(bank, at(12))
    appointments.assign_appointment(bank.deps, max_, now_is(bank, second).id, ana.id)
    overtaken_without_agent = failing_at(bank.deps, 3, OvertakenError())

    done = keep_wall_times(overtaken_without_agent)
    again = keep_wall_times(bank.deps)

    assert done == WallTimesOutcome(moved=1, unassigned=0, left=1)
    assert now_is(bank, last).starts_at == at(14)
    assert again == WallTimesOutcome(moved=1, unassigned=1, left=0)


def test_what_is_over_or_cancelled_is_left_alone(bank, law, clock):
    bank.agent()
    over, cancelled = booked_at(bank, at(10)), booked_at(bank, at(12))
    assert over
    manage.cancel_by_link(bank.deps, cancelled.token)
    clock.now = at(11)
    law("Etc/GMT+5")

    assert shifted_appointments(bank.deps) == []


def test_zone_that_is_gone_is_read_as_the_institutions(bank):
    bank.agent()
    booked_at(bank, at(10))
    with bank.deps.unit_of_work() as work:
        work.session.connection().exec_driver_sql(
            "UPDATE appointment SET wall_zone = 'Nowhere/City'"
        )

    assert zone_rules.shifted_appointments(bank.deps) == []


def test_wall_time_that_occurs_twice_is_right_at_both_and_in_a_gap_after_it():
    zone = ZoneInfo(ZONE)
    twice = instants_of("2026-11-01T01:30", zone)
    (never,) = instants_of("2027-03-14T02:30", zone)

    assert twice[1] - twice[0] == HOUR
    assert wall_text(never, zone) == "2027-03-14T03:30"
