"""Administrators and customers at the same moment, on a real database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import ConflictError, SlotClosedError
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import answers, closures, queues
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.booking import booking
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at
from tests.support.invariants import check

THANKSGIVING = date(2026, 11, 26)


def test_of_two_administrators_who_save_one_answer_at_once_one_does(bank, ada):
    def save(title):
        draft = AnswerDraft(
            title=title,
            queue_id=bank.queue_id,
            languages=("en",),
            channels=(Channel.VIDEO,),
        )
        return answers.change_answer(bank.deps, ada, bank.answer_id, draft, version=1)

    outcomes = race(lambda: save("First"), lambda: save("Second"))

    (winner,) = winners(outcomes)
    assert refusals(outcomes) == {ConflictError}
    with bank.deps.unit_of_work() as work:
        stored = work.roster.answers[bank.answer_id]
    assert (stored.title, stored.version) == (winner.title, 2)


def test_of_two_administrators_who_save_one_queue_at_once_one_does(bank, ada):
    outcomes = race(
        *(
            lambda name=name: queues.change_queue(
                bank.deps, ada, bank.queue_id, QueueDraft(name=name), version=1
            )
            for name in ("First", "Second")
        )
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {ConflictError}


@pytest.mark.parametrize("weeks", range(4))
def test_a_day_is_not_closed_over_somebody_who_books_it_at_once(
    bank, ada, database_url, weeks
):
    bank.agent("Ana")
    day = THANKSGIVING + timedelta(weeks=weeks)
    wanted = bank.request(at(10, days=3 + 7 * weeks))

    outcomes = race(
        lambda: closures.change_closed_days(bank.deps, ada, close={day: "Closed"}),
        lambda: booking.request_appointment(
            bank.deps, wanted, idempotency_key=uuid4().hex
        ),
    )

    assert len(refusals(outcomes)) == 1
    assert refusals(outcomes) <= {AffectedAppointmentsError, SlotClosedError} | set(
        AffectedAppointmentsError.__subclasses__()
    )
    check(database_url)
