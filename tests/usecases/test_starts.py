"""The starts staff choose among are those that creating and moving accept."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Action, Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError, InvoError, NotAllowedError
from invo_booking.persistence.tables.supply import AgentCalendarRow
from invo_booking.settings import calendars as calendar_settings
from invo_booking.settings import general
from invo_booking.settings import time as time_settings
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.starts import StartsQuestion, staff_starts
from tests.support.bank import at

HALF_HOUR = timedelta(minutes=30)
TODAY = date(2026, 11, 23)
NEEDED = "An unassigned appointment needs this agent. Assign that one first."


def plan_of(bank, **more):
    facts = {
        "day": TODAY,
        "length": HALF_HOUR,
        "queue_id": bank.queue_id,
        "language": "en",
        "answer_id": bank.answer_id,
    }
    return StartsQuestion(**(facts | more))


def draft_at(bank, start, agent=None, **more):
    facts = {
        "answer_id": bank.answer_id,
        "queue_id": bank.queue_id,
        "language": "en",
        "channel": Channel.VIDEO,
        "starts_at": start,
        "ends_at": start + HALF_HOUR,
        "agent_id": agent.id if agent else None,
        "name": "Rosa Delgado",
        "email": f"{uuid4().hex}@example.com",
    }
    return AppointmentDraft(**(facts | more))


def told(found, start):
    return next(it for it in found.day if it.starts_at == start).sentences


def attempt(run):
    """Return what a refusal says; empty if there is none. Nothing stays booked."""
    try:
        run()
    except InvoError as error:
        return str(error)
    return ""


@pytest.fixture
def busy_day(bank):
    """Ana with two appointments and a request nobody has, Ben with a short day."""
    max_ = bank.manager(languages=("es",))
    ana, ben = bank.agent("Ana"), bank.agent("Ben", hours=(time(9), time(12)))
    appointments.create_appointment(bank.deps, max_, draft_at(bank, at(10), ana))
    appointments.create_appointment(bank.deps, max_, draft_at(bank, at(10, 30), ben))
    appointments.create_appointment(bank.deps, max_, draft_at(bank, at(14)))
    return max_, ana, ben


@pytest.mark.parametrize("whose", ["nobody", "ana", "ben"])
def test_start_is_closed_if_and_only_if_creating_is_refused_and_says_the_same(
    bank, busy_day, whose
):
    max_, ana, ben = busy_day
    agent = {"nobody": None, "ana": ana, "ben": ben}[whose]

    found = staff_starts(
        bank.deps, max_, plan_of(bank, agent_id=agent.id if agent else None)
    )

    assert len(found.day) == 96
    for start in found.day[28:72]:
        refusal = attempt(
            lambda at_=start.starts_at: appointments.cancel_appointment(
                bank.deps,
                max_,
                appointments.create_appointment(
                    bank.deps, max_, draft_at(bank, at_, agent)
                ).id,
                "",
            )
        )
        assert (start.sentences[:1] or ("",))[0] == refusal, start


def test_agent_an_unassigned_appointment_needs_is_not_offered(bank, busy_day):
    max_, ana, _ = busy_day

    found = staff_starts(bank.deps, max_, plan_of(bank, agent_id=ana.id))

    assert told(found, at(14)) == (NEEDED,)
    assert told(found, at(13, 30)) == ()


def test_agent_whose_calendar_was_read_too_long_ago_is_neither_offered_nor_given(
    bank, busy_day
):
    max_, ana, _ = busy_day
    bank.set(calendar_settings.COMPUTE_AVAILABILITY, "on")
    with bank.deps.unit_of_work() as work:
        row = AgentCalendarRow(agent_id=ana.id, read_at=at(5), problem="Timed out")
        work.session.add(row)
        work.publish_roster_change()

    found = staff_starts(bank.deps, max_, plan_of(bank, agent_id=ana.id))
    refusal = attempt(
        lambda: appointments.create_appointment(
            bank.deps, max_, draft_at(bank, at(15), ana)
        )
    )

    assert "last read 3 hours ago" in refusal
    assert told(found, at(15)) == (refusal,)


def test_appointment_that_is_moved_is_not_in_its_own_way(bank, busy_day):
    max_, ana, _ = busy_day
    moved = appointments.create_appointment(
        bank.deps, max_, draft_at(bank, at(15), ana)
    )
    plan = StartsQuestion(day=TODAY, length=HALF_HOUR, appointment_id=moved.id)

    found = staff_starts(bank.deps, max_, plan)

    assert told(found, at(15)) == ()
    assert told(found, at(15, 15)) == ()
    refused = attempt(
        lambda: appointments.change_appointment(
            bank.deps, max_, moved.id, AppointmentChange(starts_at=at(9, 45))
        )
    )
    assert told(found, at(9, 45)) == (refused,)


def test_typed_start_off_the_grid_is_told_so(bank, busy_day):
    max_, _, _ = busy_day

    found = staff_starts(bank.deps, max_, plan_of(bank, typed=at(11, 7)))

    assert found.typed is not None
    assert found.typed.sentences == (
        "Appointments start every 15 minutes from midnight.",
    )


def test_staff_are_held_to_their_own_rules_not_to_those_of_customers(bank, busy_day):
    max_, _, _ = busy_day
    bank.set(time_settings.PUBLIC_EARLIEST_DAY, "5")

    found = staff_starts(bank.deps, max_, plan_of(bank))

    assert told(found, at(11)) == ()


def test_day_nobody_works_is_told_with_its_reason(bank, busy_day):
    max_, _, _ = busy_day
    bank.holiday(date(2026, 11, 26), "Thanksgiving")

    found = staff_starts(bank.deps, max_, plan_of(bank, day=date(2026, 11, 26)))

    assert not any(start.worked for start in found.day)
    assert told(found, at(11, days=3))[0] == "Closed for Thanksgiving."


def test_who_may_not_create_is_not_told(bank, busy_day):
    _, ana, _ = busy_day
    assert ana.roles == {Role.AGENT}
    bank.set(general.WHO_CAN[Action.CREATE], "manager")

    with pytest.raises(NotAllowedError):
        staff_starts(bank.deps, ana, plan_of(bank))


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": timedelta()},
        {"length": timedelta(days=2)},
        {"language": "xx"},
        {"queue_id": None, "answer_id": None},
    ],
)
def test_plan_that_cannot_be_is_refused(bank, busy_day, wrong):
    with pytest.raises(InvalidInputError):
        staff_starts(bank.deps, busy_day[0], plan_of(bank, **wrong))
