"""Whoever waits for an agent can still get one, whatever staff do with the others."""

import contextlib
import random
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvoError, SlotTakenError
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff import appointments, detail
from invo_booking.usecases.staff.starts import StartsQuestion, staff_starts
from tests.support.bank import at
from tests.support.invariants import check

ALL_DAY = time(0), time(0)
HALF_HOUR = timedelta(minutes=30)
NEEDED = "An unassigned appointment needs this agent. Assign that one first."


@pytest.fixture
def spanish(bank):
    """The only agent who speaks Spanish."""
    return bank.agent("Ana", languages=("en", "es"), hours=ALL_DAY)


@pytest.fixture
def english(bank):
    return bank.agent("Bob", hours=ALL_DAY)


@pytest.fixture
def manager(bank):
    return bank.manager(languages=(), hours=ALL_DAY)


def waits(bank, manager, start, language="en"):
    """Return an appointment that has no agent yet."""
    return appointments.create_appointment(
        bank.deps, manager, draft(bank, start, language)
    )


def draft(bank, start, language="en", agent=None, length=HALF_HOUR):
    return AppointmentDraft(
        queue_id=bank.queue_id,
        language=language,
        channel=Channel.PHONE,
        starts_at=start,
        ends_at=start + length,
        agent_id=agent.id if agent else None,
        name="Rosa Delgado",
        email=f"{uuid4().hex}@example.com",
    )


def give(bank, manager, ana, bob, way):
    """Try to give nine o'clock of the agent who speaks Spanish to somebody else."""
    deps = bank.deps
    if way == "create":
        return lambda: appointments.create_appointment(
            deps, manager, draft(bank, at(9), agent=ana)
        )
    if way == "move":
        later = appointments.create_appointment(
            deps, manager, draft(bank, at(10), agent=ana)
        )
        there = AppointmentChange(starts_at=at(9), ends_at=at(9, 30))
        return lambda: appointments.change_appointment(deps, manager, later.id, there)
    if way == "hand over":
        held = appointments.create_appointment(
            deps, manager, draft(bank, at(9), agent=bob)
        )
        return lambda: appointments.assign_appointment(deps, manager, held.id, ana.id)
    other = waits(bank, manager, at(9))
    if way == "take":
        return lambda: appointments.take_appointment(deps, ana, other.id)
    return lambda: appointments.assign_appointment(deps, manager, other.id, ana.id)


WAYS = ["assign", "take", "create", "move", "hand over"]


@pytest.mark.parametrize("hours", [2, 4, 5, 6, 8, 12])
@pytest.mark.parametrize("way", WAYS)
def test_the_only_agent_somebody_needs_is_not_given_away(
    bank, spanish, english, manager, way, hours
):
    waits(bank, manager, at(9), "es")
    waits(bank, manager, at(9 + hours))
    act = give(bank, manager, spanish, english, way)

    with pytest.raises(SlotTakenError):
        act()


@pytest.mark.parametrize("way", WAYS)
def test_an_agent_nobody_needs_can_be_given_to_anybody(
    bank, spanish, english, manager, way
):
    waits(bank, manager, at(14), "es")
    act = give(bank, manager, spanish, english, way)

    assert act().agent_id == spanish.id


def test_somebody_nobody_can_serve_any_more_does_not_lift_the_rule(
    bank, spanish, english, manager
):
    waits(bank, manager, at(9), "es")
    waits(bank, manager, at(9, 15), "en")
    forget = waits(bank, manager, at(20), "es")
    with bank.deps.unit_of_work() as work:
        moved = replace(forget, starts_at=at(9), ends_at=at(9, 30))
        work.appointments.save(moved)  # as no use case would allow

    with pytest.raises(SlotTakenError):
        give(bank, manager, spanish, english, "create")()


@pytest.mark.usefixtures("english")
def test_who_is_needed_is_said_before_anybody_is_refused(bank, spanish, manager):
    waits(bank, manager, at(9), "es")
    waits(bank, manager, at(14))
    other = waits(bank, manager, at(9))

    plan = StartsQuestion(
        day=at(9).date(),
        length=HALF_HOUR,
        queue_id=bank.queue_id,
        language="en",
        agent_id=spanish.id,
        typed=at(9),
    )
    shown = detail.appointment_detail(bank.deps, manager, other.id)
    assert {it.name: it.free for it in shown.candidates} == {"Ana": False, "Bob": True}
    assert staff_starts(bank.deps, manager, plan).typed.sentences == (NEEDED,)


@pytest.mark.parametrize("seed", range(6))
def test_everybody_who_waits_can_be_served_after_any_day_of_work(
    bank, spanish, english, manager, seed, database_url
):
    bank.agent("Cyd", languages=("en", "es"), hours=(time(12), time(0)))
    chance, ids, tokens = random.Random(seed), [], []  # noqa: S311

    def start():
        return at(chance.randrange(9, 23), chance.choice([0, 15, 30, 45]))

    def act():
        agent = chance.choice([None, spanish, english])
        if len(ids) < 30 or chance.random() < 0.2:
            language = chance.choice(["en", "es"])
            ids.append(waits(bank, manager, start(), language).id)
        elif chance.random() < 0.2:
            wanted = bank.request(start(), email=f"{uuid4().hex}@example.com")
            booked = booking.request_appointment(
                bank.deps, wanted, idempotency_key=uuid4().hex
            )
            tokens.append(booked.token)
        elif tokens and chance.random() < 0.3:
            manage.reschedule_by_link(bank.deps, chance.choice(tokens), start())
        elif chance.random() < 0.3:
            there = start()
            move = AppointmentChange(starts_at=there, ends_at=there + HALF_HOUR)
            appointments.change_appointment(
                bank.deps, manager, chance.choice(ids), move
            )
        else:
            agent_id = agent.id if agent else None
            appointments.assign_appointment(
                bank.deps, manager, chance.choice(ids), agent_id
            )

    done = 0
    for _ in range(120):
        with contextlib.suppress(InvoError):
            act()
            done += 1

    assert done > 50
    check(database_url)
