"""One question about a start, with and without the appointment that is being moved."""

from datetime import timedelta

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import SlotTakenError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion
from invo_booking.usecases.staff import appointments
from tests.support.bank import at

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def only(bank):
    """The only agent's appointment at ten."""
    ana = bank.agent("Ana")
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=at(10),
        ends_at=at(10, 30),
        agent_id=ana.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    return appointments.create_appointment(
        bank.deps, bank.manager("Max", languages=("es",)), draft
    )


@pytest.fixture
def question(bank, only):
    with bank.deps.unit_of_work() as work:
        yield SlotQuestion.of_public(work, SlotRequest.of(only), bank.clock())


def test_appointment_that_is_moved_is_not_in_its_own_way(question, only):
    morning = Interval(at(10), at(11))

    def starts(there):
        return [slot.start for slot in there.open_slots(morning)]

    assert list(question.open(morning).starts) == list(
        question.around(morning).open_slots(morning).starts
    )
    assert starts(question.around(morning)) == [at(10, 30), at(10, 45)]
    assert starts(question.around(morning, without=only)) == [
        at(10),
        at(10, 15),
        at(10, 30),
        at(10, 45),
    ]
    assert question.nearest(at(10)) == [
        Interval(start, start + HALF_HOUR)
        for start in (at(9, 15), at(9, 30), at(10, 30))
    ]


def test_start_is_required_judged_and_explained_alike(question, only):
    with pytest.raises(SlotTakenError, match="just been taken"):
        question.require_open(only.starts_at)

    assert question.require_open(at(10), without=only) == (only.agent_id,)
    assert not question.judge(at(10)).open
    assert question.judge(at(10), without=only).open
    why = question.around_start(at(10)).busy_reason(only.agent_id, at(10))
    assert why == "Has another appointment 10:00-10:30"
    there = question.around_start(at(10), without=only)
    assert there.busy_reason(only.agent_id, at(10)) is None
