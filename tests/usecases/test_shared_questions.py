"""Bookings that wait at the same time ask the provider together."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.providers.exchange.provider import LIMITS as EXCHANGE
from invo_booking.providers.google.provider import LIMITS as GOOGLE
from invo_booking.providers.microsoft.provider import LIMITS as MICROSOFT
from invo_booking.usecases.calendars.live import questions as live
from invo_booking.usecases.calendars.live.questions import Question, SharedQuestions
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import span
from tests.support.servers import until

__all__ = ["deps", "elsewhere"]

FIRST, BEN, CLEO = "first@bank.example", "ben@bank.example", "cleo@bank.example"
ENOUGH = 60


class Asking:
    """Questions from threads, while a first call is held."""

    def __init__(self, bank, elsewhere, pool: ThreadPoolExecutor) -> None:
        self.questions, self.released = SharedQuestions(), threading.Event()
        self._deps, self._pool = bank.deps, pool
        self._connection = connected(bank)
        self._asked = elsewhere.asked
        elsewhere.meanwhile = lambda: self.released.wait(ENOUGH)
        self.first = self.ask(FIRST, span(9, 10))
        until(lambda: bool(self._asked))

    def ask(self, mailbox, window, seconds=ENOUGH) -> Future:
        question = Question(self._connection, uuid4(), mailbox, window)
        deps = replace(self._deps)  # each request has its own
        return self._pool.submit(self.questions.ask, deps, question, seconds)

    def wait_and_release(self, number: int) -> None:
        until(lambda: self.questions.queue_length == number)
        self.released.set()


@pytest.fixture
def asking(bank, elsewhere) -> Iterator[Asking]:
    with ThreadPoolExecutor(40) as pool:
        asking = Asking(bank, elsewhere, pool)
        yield asking
        asking.released.set()


def test_questions_that_wait_are_one_call_and_each_gets_its_own_answer(
    asking, elsewhere
):
    elsewhere.busy = {BEN: [span(10, 11), span(14, 15)], CLEO: [span(16, 17)]}

    morning = asking.ask(BEN, span(9, 12))
    evening = asking.ask(BEN, span(13, 18))
    other = asking.ask(CLEO, span(9, 12))
    asking.wait_and_release(3)

    answers = [it.result(ENOUGH) for it in (morning, evening, other)]
    assert [(it.mailbox, it.busy) for it in answers] == [
        (BEN, (span(10, 11),)),
        (BEN, (span(14, 15),)),
        (CLEO, ()),
    ]
    assert [sorted(it) for it in elsewhere.asked] == [[FIRST], [BEN, CLEO]]


def test_question_about_a_far_day_has_a_call_of_its_own(asking, elsewhere):
    asking.ask(BEN, span(9, 12))
    asking.ask(CLEO, span(9, 12, days=live.WIDEST.days + 1))
    asking.wait_and_release(2)

    until(lambda: len(elsewhere.asked) == 3)
    assert sorted(elsewhere.asked[1:]) == [[BEN], [CLEO]]


def test_call_asks_about_so_many_mailboxes_at_most(asking, elsewhere):
    number = live.MOST_MAILBOXES + 5
    for one in range(number):
        asking.ask(f"agent{one}@bank.example", span(9, 12))
    asking.wait_and_release(number)

    until(lambda: len(elsewhere.asked) == 3)
    assert [len(it) for it in elsewhere.asked] == [1, live.MOST_MAILBOXES, 5]


def test_refusal_is_the_answer_to_all_who_waited(asking, elsewhere):
    error = ProviderDownError("Down.")
    waiting = [asking.ask(it, span(9, 12)) for it in (BEN, CLEO)]
    elsewhere.refusal = error
    asking.wait_and_release(2)

    assert [it.result(ENOUGH) for it in waiting] == [error, error]


def test_question_whose_time_is_over_is_not_asked(asking, elsewhere):
    assert asking.ask(BEN, span(9, 12), seconds=0.1).result(ENOUGH) is None
    asking.released.set()

    assert asking.ask(CLEO, span(9, 12)).result(ENOUGH).mailbox == CLEO
    assert elsewhere.asked == [[FIRST], [CLEO]]


def test_questions_go_on_after_an_error_of_our_own(bank, elsewhere):
    questions = SharedQuestions()
    question = Question(connected(bank), uuid4(), CLEO, span(9, 12))
    elsewhere.refusal = RuntimeError("not a refusal of the provider")
    assert questions.ask(bank.deps, question, 0.5) is None
    until(lambda: not questions.is_asking)
    elsewhere.refusal = None

    assert questions.ask(bank.deps, question, ENOUGH).mailbox == CLEO


@pytest.mark.parametrize("limits", [MICROSOFT, GOOGLE, EXCHANGE])
def test_every_provider_allows_the_largest_call(limits):
    assert limits.mailboxes_per_call >= live.MOST_MAILBOXES
    assert limits.longest_window >= live.WIDEST
