"""Define the task by which a worker calls a provider for another process."""

from invo_booking import bootstrap, broker
from invo_booking.broker import ANSWER, celery
from invo_booking.usecases.calendars.through_worker import asking


@celery.task(name=ANSWER)
def answer_question_task(number: str) -> None:
    """Call a provider for another process, and return the provider's response.

    A repeated run finds no question to answer and does nothing.
    """
    broker.answer_question(
        number, lambda it: asking.answer_question(bootstrap.deps(), it)
    )
