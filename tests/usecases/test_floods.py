"""Queues that requests fill up which nobody confirms."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.proof_of_work import HARD_BITS
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import ProofOfWorkRequiredError
from invo_booking.persistence.tables.core import OutboxRow, PersonBranchRow
from invo_booking.persistence.upkeep.floods import UnconfirmedLoad
from invo_booking.settings import time
from invo_booking.usecases.booking import admission, booking
from invo_booking.usecases.booking.admission import (
    AdmissionProof,
    AdmissionRequest,
    Purpose,
)
from invo_booking.usecases.shared import notices
from invo_booking.usecases.upkeep import floods, health
from invo_booking.usecases.upkeep.attention import (
    Attention,
    Topic,
    most_urgent_attention,
)
from tests.support.bank import at, branch_row
from tests.support.work import proof_of

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def staff(bank):
    bank.agent("Ana")
    bank.set(time.HORIZON, "3")


@pytest.fixture
def boss(bank):
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())


def fill(bank, *, days=2, confirm=False, **more):
    """Take every half hour of some days, each for somebody else."""
    for day in range(1, days + 1):
        for half in range(16):
            start = at(9, days=day) + timedelta(minutes=30 * half)
            email = f"made-up-{day}-{half}@example.com"
            booked = booking.request_appointment(
                bank.deps,
                bank.request(start, email=email, **more),
                idempotency_key=f"key {day} {half}",
            )
            if confirm:
                with bank.deps.unit_of_work() as work:
                    one = work.appointments.get(booked.appointment.id)
                    confirmed = replace(
                        one, status="confirmed", confirmed_at=bank.clock()
                    )
                    work.appointments.save(confirmed)


def alarms(deps):
    with deps.unit_of_work() as work:
        rows = work.session.exec(select(OutboxRow)).all()
    return [row.payload for row in rows if row.kind == notices.NOTICE]


def difficulty(deps, bank):
    caller = Caller(interface=Interface.API, address="192.0.2.9")
    wish = AdmissionRequest(purpose=Purpose.REQUEST, answer_id=bank.answer_id)
    challenge = admission.expected_challenge(deps.for_caller(caller), wish)
    return challenge.bits if challenge else 0


def flood(deps, bank, clock):
    floods.watch_queues(deps)
    clock.advance(MINUTE)
    fill(bank)
    floods.watch_queues(deps)


def test_administrators_are_told_once_that_a_queue_is_being_filled_up(
    deps, bank, boss, clock
):
    flood(deps, bank, clock)
    clock.advance(MINUTE)
    floods.watch_queues(deps)

    (mail,) = alarms(deps)
    assert mail["to"] == boss.email
    assert "Lending" in mail["subject"]
    assert "32 requests" in mail["text"]


def test_two_looks_at_the_same_time_tell_once(deps, bank, boss, clock):
    assert boss
    floods.watch_queues(deps)
    clock.advance(MINUTE)
    fill(bank)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: floods.watch_queues(deps), range(4)))

    assert len(alarms(deps)) == 1


def test_top_bar_health_and_figures_show_it(deps, bank, boss, clock):
    flood(deps, bank, clock)

    words = "Unconfirmed requests are filling up Lending"
    assert most_urgent_attention(deps, boss) == Attention(
        topic=Topic.REQUESTS, sentence=words
    )
    (check,) = [it for it in health.health_checks(deps) if it.name == "requests"]
    assert words in check.sentence
    assert not check.ok
    assert not check.needed
    assert health.health_figures(deps)["queues_flooded"] == 1.0


def test_requests_take_harder_work_until_it_is_over_and_none_is_refused(
    deps, bank, boss, clock
):
    assert difficulty(deps, bank) == 0
    flood(deps, bank, clock)
    assert difficulty(deps, bank) == HARD_BITS

    for _ in range(30):
        clock.advance(MINUTE)
        floods.watch_queues(deps)

    assert difficulty(deps, bank) == 0
    assert most_urgent_attention(deps, boss) is None


def test_a_proof_of_ordinary_work_is_too_easy_then(deps, bank, clock, monkeypatch):
    monkeypatch.setattr(admission, "ORDINARY_BITS", 8)
    monkeypatch.setattr(admission, "HARD_BITS", 11)
    here = deps.for_caller(Caller(interface=Interface.PAGE, address="192.0.2.1"))
    wish = AdmissionRequest(purpose=Purpose.REQUEST, answer_id=bank.answer_id)
    easy = admission.expected_challenge(here, wish, is_suspicious=True)
    flood(deps, bank, clock)

    with pytest.raises(ProofOfWorkRequiredError) as required:
        admission.admit_request(here, wish, AdmissionProof(proof=proof_of(easy.text)))

    hard = required.value.challenge
    assert hard.bits == 11
    admission.admit_request(here, wish, AdmissionProof(proof=proof_of(hard.text)))


def test_confirmed_requests_are_customers(deps, bank, boss, clock):
    assert boss
    floods.watch_queues(deps)
    clock.advance(MINUTE)
    fill(bank, confirm=True)
    floods.watch_queues(deps)

    assert alarms(deps) == []


def test_closing_days_is_no_flood(deps, bank, boss, clock):
    assert boss
    floods.watch_queues(deps)
    clock.advance(MINUTE)
    for day in (1, 2):
        bank.holiday((at(9, days=day)).date(), "Closed")
    floods.watch_queues(deps)

    assert alarms(deps) == []


def test_other_queues_take_no_harder_work(deps, bank, clock):
    flood(deps, bank, clock)

    caller = Caller(interface=Interface.API, address="192.0.2.9")
    links = AdmissionRequest(purpose=Purpose.LINKS)
    assert admission.expected_challenge(deps.for_caller(caller), links) is None


def test_half_of_the_starts_and_ten_requests_that_explain_it_are_a_flood():
    hours = timedelta(hours=1)

    assert floods.has_fallen(100, 50, UnconfirmedLoad(10, 7 * hours), 8)
    assert not floods.has_fallen(100, 51, UnconfirmedLoad(10, 7 * hours), 8)
    assert not floods.has_fallen(100, 50, UnconfirmedLoad(9, 7 * hours), 8)
    assert not floods.has_fallen(100, 50, UnconfirmedLoad(10, 3 * hours), 8)
    assert not floods.has_fallen(0, 0, UnconfirmedLoad(10, 7 * hours), 8)


def test_one_branch_of_many_that_is_filled_up_is_noticed(deps, bank, boss, clock):
    bank.offer_visits()
    for number in range(3):
        bank.agent(f"Caller {number}", roles=(Role.AGENT,))
    there, local = uuid4(), bank.agent("Local")
    with deps.unit_of_work() as work:
        work.session.add(branch_row(there, "Oak Park"))
        work.session.flush()
        for person in work.roster.agents:
            at_branch = there if person.id == local.id else bank.branch_id
            work.session.add(PersonBranchRow(person_id=person.id, branch_id=at_branch))
        work.publish_roster_change()

    floods.watch_queues(deps)
    clock.advance(MINUTE)
    fill(bank, channel=Channel.BRANCH, branch_id=there)
    floods.watch_queues(deps)

    (mail,) = alarms(deps)
    assert mail["to"] == boss.email
    assert "Lending, Oak Park" in mail["subject"]
    assert "32 requests" in mail["text"]
