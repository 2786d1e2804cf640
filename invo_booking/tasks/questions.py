"""The task that answers questions of other processes."""

from invo_booking import bootstrap, broker
from invo_booking.broker import ANSWER, celery
from invo_booking.usecases.calendars.through_worker import asking


@celery.task(name=ANSWER)
def answer_question_task(number: str) -> None:
    """Call a provider that only workers call. A repeated run finds no question."""
    broker.answer_question(
        number, lambda it: asking.answer_question(bootstrap.deps(), it)
    )
