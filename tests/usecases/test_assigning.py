"""Who gets a customer's request: nobody yet, the least busy, or the one chosen."""

from dataclasses import replace
from datetime import time
from itertools import product
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from invo_booking.domain.assignment import Mode
from invo_booking.domain.errors import InvalidInputError, SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import OutboxRow, QueueRow
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared import links
from invo_booking.usecases.slots import assigning
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at, confirm
from tests.support.invariants import check


def use(bank, mode):
    with bank.deps.unit_of_work() as work:
        work.session.exec(
            update(QueueRow)
            .where(col(QueueRow.id) == bank.queue_id)
            .values(assignment=mode.value)
        )
        work.publish_roster_change()


def book(bank, starts_at, **more):
    more = {"email": f"{uuid4().hex}@example.com"} | more
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=uuid4().hex
    )


def to_choose(bank):
    return assigning.agents_to_choose(bank.deps, [bank.answer_id])[bank.answer_id]


def got(booked):
    return booked.appointment.agent_id


def lowest(*agents):
    return min(agents, key=lambda agent: agent.id)


def test_request_is_nobodys_unless_the_queue_says_otherwise(bank, ana):
    booked = book(bank, at(10))

    assert ana.id
    assert got(booked) is None
    assert booked.appointment.assigned_because == ""


def test_agent_with_the_fewest_appointments_that_day_gets_the_request(bank, ana, ben):
    use(bank, Mode.FEWEST)
    first = got(book(bank, at(10)))

    second = book(bank, at(11))

    assert {first, got(second)} == {ana.id, ben.id}
    assert second.appointment.assigned_because == "Fewest appointments that day (0)"


def test_of_equally_busy_agents_the_one_with_the_lowest_id_gets_it(bank, ana, ben):
    use(bank, Mode.FEWEST)

    booked = book(bank, at(10))

    assert got(booked) == lowest(ana, ben).id


def test_only_appointments_of_that_day_of_the_institution_count(bank, ana, ben):
    use(bank, Mode.FEWEST)
    lower = lowest(ana, ben)
    for hour in (9, 10, 11):
        book(bank, at(hour))

    tomorrow = book(bank, at(10, days=1))

    assert got(tomorrow) == lower.id
    assert tomorrow.appointment.assigned_because == "Fewest appointments that day (0)"


def test_appointment_that_is_over_still_counts_that_day(bank, clock, ana, ben):
    use(bank, Mode.FEWEST)
    lower = lowest(ana, ben)
    early = book(bank, at(9))
    confirm(bank.deps, early.token)
    clock.now = at(10)
    with bank.deps.unit_of_work() as work:
        count = work.appointments.count_by_agent(assigning._day_of(work, at(9)))  # noqa: SLF001

    later = book(bank, at(12))

    assert count == {lower.id: 1}
    assert got(later) != lower.id


def test_busy_agent_is_passed_over_however_few_the_day_has(bank, ana):
    use(bank, Mode.FEWEST)
    bank.agent("Early", hours=(time(9), time(10)))

    booked = [got(book(bank, at(hour))) for hour in (11, 12, 13)]

    assert booked == [ana.id] * 3


def test_agent_whom_a_waiting_appointment_needs_is_not_given_the_request(bank, ana):
    """Only Ben speaks Spanish, so the English request must go to Ana."""
    ben = bank.agent("Ben", languages=("en", "es"))
    for _ in range(3):
        waiting = book(bank, at(10), language="es")
        manage.cancel_by_link(bank.deps, waiting.token)
    waiting = book(bank, at(10), language="es")
    assert got(waiting) is None
    use(bank, Mode.FEWEST)
    with bank.deps.unit_of_work() as work:
        assert work.roster.people[ben.id].active

    booked = book(bank, at(10))

    assert got(booked) == ana.id


@pytest.mark.parametrize("mode", [Mode.UNASSIGNED, Mode.FEWEST])
def test_nobody_can_be_chosen_where_the_queue_leaves_no_choice(bank, ana, mode):
    use(bank, mode)

    with pytest.raises(InvalidInputError) as refused:
        book(bank, at(10), agent_id=ana.id)

    assert list(refused.value.fields) == ["agent"]
    assert to_choose(bank) == ()


def test_customers_see_names_of_those_who_serve_the_topic_and_nothing_else(
    bank, ana, ben
):
    use(bank, Mode.CHOSEN)
    bank.agent("Pia", languages=("pl",))

    offered = to_choose(bank)

    assert [(it.id, it.name, it.languages) for it in offered] == [
        (ana.id, "Ana", ("en",)),
        (ben.id, "Ben", ("en",)),
    ]


def test_chosen_agent_gets_the_request(bank, ana, ben):
    use(bank, Mode.CHOSEN)

    booked = book(bank, at(10), agent_id=ben.id)

    assert got(booked) == ben.id
    assert booked.appointment.assigned_because == "Chosen by the customer"
    assert got(book(bank, at(10))) is None
    assert ana.id


def test_choice_is_remembered_whatever_words_say_so_until_staff_choose(bank, ana, ben):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(10), agent_id=ben.id)
    reworded = replace(booked.appointment, assigned_because="As the customer asked")

    assert f"agent={ben.id}" in links.again_path(reworded)
    given = appointments.assign_appointment(
        bank.deps, bank.manager("Max"), booked.appointment.id, ana.id
    )
    assert given.agent_id == ana.id
    assert "agent=" not in links.again_path(given)


@pytest.mark.parametrize("who", ["stranger", "other language"])
def test_agent_who_does_not_serve_the_topic_cannot_be_chosen(bank, ana, who):
    use(bank, Mode.CHOSEN)
    spanish = bank.agent("Eva", languages=("es",))
    wanted = {"stranger": uuid4(), "other language": spanish.id}[who]

    with pytest.raises(InvalidInputError) as refused:
        book(bank, at(10), agent_id=wanted)

    assert list(refused.value.fields) == ["agent"]
    assert ana.id


def test_chosen_agent_who_is_busy_is_refused_with_the_nearest_starts_of_that_agent(
    bank, ana, ben
):
    use(bank, Mode.CHOSEN)
    for start in (at(10), at(10, 30)):
        book(bank, start, agent_id=ana.id)

    with pytest.raises(SlotTakenError, match="Ana is not free") as refused:
        book(bank, at(10), agent_id=ana.id)

    assert [span.start for span in refused.value.nearest] == [
        at(9),
        at(9, 15),
        at(9, 30),
    ]
    assert got(book(bank, at(10), agent_id=ben.id)) == ben.id


def test_every_start_offered_for_an_agent_can_be_booked_with_that_agent(bank, ana, ben):
    use(bank, Mode.CHOSEN)
    bank.agent("Eva", languages=("en", "es"))
    book(bank, at(10), language="es")
    book(bank, at(11), agent_id=ana.id)
    window = Interval(at(9), at(12))

    for agent in (ana, ben):
        offer = booking.offer_slots(
            bank.deps, bank.answer_id, "en", window, agent=agent.id
        )
        for slot in offer.slots:
            booked = book(bank, slot.start, agent_id=agent.id)
            assert got(booked) == agent.id
            manage.cancel_by_link(bank.deps, booked.token)


def test_times_of_an_agent_are_not_told_where_nobody_can_be_chosen(bank, ana):
    window = Interval(at(9), at(12))

    with pytest.raises(InvalidInputError) as refused:
        booking.offer_slots(bank.deps, bank.answer_id, "en", window, agent=ana.id)

    assert list(refused.value.fields) == ["agent"]


def test_customer_who_moves_to_a_busy_chosen_agent_is_offered_that_agents_times(
    bank, ana, ben
):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(12), agent_id=ben.id)
    book(bank, at(10), agent_id=ana.id)

    with pytest.raises(SlotTakenError, match="Ana is not free") as refused:
        manage.reschedule_by_link(bank.deps, booked.token, at(10), agent_id=ana.id)

    nearest = [span.start for span in refused.value.nearest]
    assert nearest == [at(9, 15), at(9, 30), at(10, 30)]


def test_agent_stays_when_the_customer_moves_to_a_time_the_agent_has(bank, ana, ben):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(10), agent_id=ben.id)

    moved = manage.reschedule_by_link(bank.deps, booked.token, at(14)).appointment

    assert moved.agent_id == ben.id
    assert moved.assigned_because == "Chosen by the customer"
    assert ana.id


def test_moved_request_of_a_busy_agent_goes_by_the_rule_of_the_queue(bank, ana, ben):
    use(bank, Mode.FEWEST)
    booked = book(bank, at(10))
    holder, other = lowest(ana, ben), max(ana, ben, key=lambda agent: agent.id)
    max_ = bank.manager("Max", languages=("pl",))
    busy = book(bank, at(14))
    appointments.assign_appointment(bank.deps, max_, busy.appointment.id, holder.id)

    moved = manage.reschedule_by_link(bank.deps, booked.token, at(14)).appointment

    assert moved.agent_id == other.id
    assert moved.assigned_because == "Fewest appointments that day (0)"


def test_counted_agent_who_stays_is_no_longer_explained_by_that_day(bank, ana):
    use(bank, Mode.FEWEST)
    booked = book(bank, at(10))

    moved = manage.reschedule_by_link(
        bank.deps, booked.token, at(10, days=1)
    ).appointment

    assert moved.agent_id == ana.id
    assert moved.assigned_because == "Stayed when the customer moved it"


def test_customer_who_moves_can_choose_somebody_else(bank, ana, ben):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(10), agent_id=ana.id)

    moved = manage.reschedule_by_link(bank.deps, booked.token, at(11), agent_id=ben.id)

    assert moved.appointment.agent_id == ben.id


def test_mail_about_the_move_says_who_does_not_come(bank, postbox, ana, ben):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(10), agent_id=ana.id)
    book(bank, at(14), agent_id=ana.id)
    manage.reschedule_by_link(bank.deps, booked.token, at(14))
    delivery.deliver_due_mails(bank.deps)

    (changed,) = (it for it in postbox.sent if it.subject.startswith("Changed"))

    assert "Ana is not free at the new time" in changed.text
    assert ben.id


def test_history_says_who_got_it_and_why(bank, ana):
    use(bank, Mode.CHOSEN)
    booked = book(bank, at(10), agent_id=ana.id)

    seen = appointment_detail(bank.deps, ana, booked.appointment.id)

    assert seen.history[-1].detail["agent"] == "Ana"
    assert seen.history[-1].detail["because"] == "Chosen by the customer"


def test_outbox_row_written_by_an_earlier_version_is_still_delivered(
    bank, postbox, ana
):
    booked = book(bank, at(10))
    manage.reschedule_by_link(bank.deps, booked.token, at(11))
    with bank.deps.unit_of_work() as work:
        for row in work.session.exec(select(OutboxRow)).all():
            row.payload = {k: v for k, v in row.payload.items() if k != "agent_before"}

    assert delivery.deliver_due_mails(bank.deps).sent == 2
    assert len(postbox.sent) == 2
    assert ana.id


def test_of_two_customers_who_choose_one_agent_at_once_one_is_refused(
    bank, ana, ben, database_url
):
    use(bank, Mode.CHOSEN)

    outcomes = race(*[lambda: book(bank, at(10), agent_id=ana.id)] * 2)

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SlotTakenError}
    assert ben.id
    check(database_url)


def test_requests_at_once_are_shared_out_evenly_and_never_double(
    bank, ana, ben, database_url
):
    use(bank, Mode.FEWEST)
    starts = [at(hour, minute) for hour, minute in product((10, 11, 13), (0, 30))]

    outcomes = race(
        *[lambda start=start: book(bank, start) for start in starts for _ in range(3)]
    )

    gained = [got(it) for it in winners(outcomes)]
    assert len(gained) == 2 * len(starts)
    assert refusals(outcomes) == {SlotTakenError}
    assert gained.count(ana.id) == gained.count(ben.id)
    check(database_url)
