"""Asking for many mailboxes: nobody is lost, nobody is asked twice for nothing."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_booking.domain.calendars.outside import Availability, Limits
from invo_booking.domain.calendars.provider_errors import (
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars import free_busy as asking
from invo_booking.usecases.calendars.free_busy import Patience, free_busy
from tests.support.examples import how_many

START = datetime(2027, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LIMITS = Limits(mailboxes_per_call=20, longest_window=42 * DAY, call_seconds=20.0)
QUICK = Patience(seconds=10, tries=3, pause=0.001)
WEEK = Interval(START, START + 7 * DAY)


class Team:
    """A calendar of people with known hours; some of them make trouble."""

    def __init__(self, busy=None, trouble=None, limits=LIMITS):
        self.limits = limits
        self.busy = busy or {}
        self.trouble = trouble or (lambda *_: None)
        self.calls = []
        self.threads = set()
        self._guard = threading.Lock()

    def free_busy(self, mailboxes, window):
        with self._guard:
            self.calls.append((tuple(mailboxes), window))
            self.threads.add(threading.get_ident())
            number = len(self.calls)
        self.trouble(mailboxes, window, number)
        return [
            Availability(
                mailbox,
                tuple(b for b in self.busy.get(mailbox, ()) if b.overlaps(window)),
            )
            for mailbox in mailboxes
        ]


def take(seconds):
    """Let a call take so long."""
    threading.Event().wait(seconds)


def people(count):
    return [f"agent{number:03}@bank.example" for number in range(count)]


def problems(answers):
    return {mailbox for mailbox, answer in answers.items() if answer.problem}


def failing(error, *mailboxes):
    """Fail whenever one of these is asked for; anybody, if none is named."""

    def trouble(asked, _window, _number):
        if not mailboxes or set(mailboxes) & set(asked):
            raise error

    return trouble


def test_nobody_asked_for_is_nobody_answered():
    team = Team()

    assert free_busy(team, [], WEEK) == {}
    assert team.calls == []


def test_many_are_asked_for_in_batches_the_provider_takes():
    team = Team()

    answers = free_busy(team, people(45), WEEK)

    assert list(answers) == people(45)
    assert sorted(len(mailboxes) for mailboxes, _ in team.calls) == [5, 20, 20]


def test_mailbox_named_twice_is_asked_for_once():
    team = Team()

    free_busy(team, ["ana@bank.example"] * 3, WEEK)

    assert team.calls == [(("ana@bank.example",), WEEK)]


def test_long_window_is_asked_for_in_parts_that_adjoin():
    team = Team()

    free_busy(team, people(1), Interval(START, START + 100 * DAY))

    windows = sorted(window for _, window in team.calls)
    assert [window.duration / DAY for window in windows] == [42, 42, 16]
    assert windows[0].end == windows[1].start
    assert windows[1].end == windows[2].start


def test_what_spans_two_windows_counts_once():
    over_the_edge = Interval(START + 42 * DAY - HOUR, START + 42 * DAY + HOUR)
    team = Team({people(1)[0]: [over_the_edge]})

    [answer] = free_busy(team, people(1), Interval(START, START + 84 * DAY)).values()

    assert len(team.calls) == 2
    assert answer.busy == (over_the_edge,)


def test_two_entries_at_the_same_time_are_both_told():
    twice = [Interval(START, START + HOUR)] * 2
    team = Team({people(1)[0]: twice})

    [answer] = free_busy(team, people(1), WEEK).values()

    assert list(answer.busy) == twice


@settings(max_examples=how_many(30))
@given(
    st.lists(st.tuples(st.integers(0, 24 * 90), st.integers(1, 24 * 60)), max_size=12),
    st.integers(1, 50),
)
def test_windows_change_nothing_of_what_is_answered(hours, longest):
    busy = [
        Interval(START + start * HOUR, START + (start + length) * HOUR)
        for start, length in hours
    ]
    window = Interval(START, START + 90 * DAY)
    parts = replace(LIMITS, longest_window=longest * DAY)

    cut = free_busy(Team({"ana": busy}, limits=parts), ["ana"], window)["ana"]

    whole = sorted(span for span in busy if span.overlaps(window))
    assert sorted(cut.busy) == whole


def test_mailbox_is_known_only_if_all_its_windows_are():
    def trouble(asked, window, _number):
        if window.start > START and people(3)[1] in asked:
            raise ProviderDownError("Down.")

    answers = free_busy(
        Team(trouble=trouble),
        people(3),
        Interval(START, START + 60 * DAY),
        patience=QUICK,
    )

    assert problems(answers) == {people(3)[1]}
    assert answers[people(3)[1]].busy == ()


def test_each_is_told_of_as_soon_as_all_is_known_and_in_the_callers_thread():
    heard = []

    answers = free_busy(
        Team(),
        people(45),
        Interval(START, START + 60 * DAY),
        on_answer=lambda answer: heard.append((answer, threading.get_ident())),
    )

    assert {answer.mailbox: answer for answer, _ in heard} == answers
    assert len(heard) == 45
    assert {thread for _, thread in heard} == {threading.get_ident()}


def test_listener_that_raises_ends_the_run():
    class LostError(Exception):
        pass

    def listen(_answer):
        raise LostError

    team = Team()

    with pytest.raises(LostError):
        free_busy(team, people(2000), WEEK, on_answer=listen)

    assert len(team.calls) < 100


def test_trouble_that_passes_is_not_noticed():
    def trouble(_asked, _window, number):
        if number <= 2:
            raise ProviderDownError("Down.")

    team = Team(trouble=trouble)

    answers = free_busy(team, people(20), WEEK, patience=QUICK)

    assert problems(answers) == set()
    assert len(team.calls) == 3


def test_one_that_breaks_its_batch_costs_the_others_nothing():
    bad = people(60)[33]
    team = Team(trouble=failing(ProviderDownError("Down."), bad))

    answers = free_busy(team, people(60), WEEK, patience=QUICK)

    assert problems(answers) == {bad}


def test_one_that_makes_the_batch_be_refused_is_found():
    bad = people(20)[3]
    team = Team(trouble=failing(ProviderRefusedError("Bad address."), bad))

    answers = free_busy(team, people(20), WEEK, patience=QUICK)

    assert problems(answers) == {bad}
    assert isinstance(answers[bad].problem, ProviderRefusedError)
    assert len(team.calls) == 21


def test_slow_failure_is_not_waited_for_three_times():
    bad = people(20)[3]

    def trouble(asked, _window, _number):
        if bad in asked:
            take(0.25)  # what a call that times out costs
            raise ProviderDownError("Too late.")

    team = Team(trouble=trouble, limits=replace(LIMITS, call_seconds=0.4))

    answers = free_busy(team, people(20), WEEK, patience=QUICK)

    assert problems(answers) == {bad}
    assert len(team.calls) == 21


def test_provider_that_is_down_is_not_asked_mailbox_by_mailbox():
    team = Team(trouble=failing(ProviderDownError("Down.")))

    answers = free_busy(team, people(100), WEEK, patience=QUICK)

    assert problems(answers) == set(people(100))
    assert len(team.calls) == 5 * QUICK.tries


@pytest.mark.parametrize("count", [20, 2000])
def test_provider_that_is_down_is_left_alone_after_some_failures(count):
    team = Team(trouble=failing(ProviderDownError("Down.")))

    answers = free_busy(team, people(count), WEEK, patience=QUICK)

    assert problems(answers) == set(people(count))
    assert {str(answer.problem) for answer in answers.values()} == {"Down."}
    assert len(team.calls) < 50


@pytest.mark.parametrize(
    "error",
    [
        ThrottledError("Patience.", timedelta(minutes=1)),
        ReconnectError("Sign in."),
        PermissionMissingError("Not allowed."),
    ],
)
def test_trouble_of_the_whole_connection_ends_the_run(error):
    team = Team(trouble=failing(error))

    with pytest.raises(type(error)):
        free_busy(team, people(2000), WEEK, patience=QUICK)

    assert len(team.calls) <= LIMITS.concurrency


def test_trouble_of_one_mailbox_alone_does_not_end_the_run():
    class Unsure(Team):
        def free_busy(self, mailboxes, window):
            super().free_busy(mailboxes, window)
            unknown = MailboxUnknownError("Nobody.")
            return [Availability(mailbox, problem=unknown) for mailbox in mailboxes]

    answers = free_busy(Unsure(), people(30), WEEK)

    assert problems(answers) == set(people(30))


def test_when_time_is_up_the_rest_are_unknown(monkeypatch):
    seconds = [0.0]
    clock = SimpleNamespace(monotonic=lambda: seconds[0])
    monkeypatch.setattr(asking, "time", clock)

    def trouble(_asked, _window, number):
        if number == 5:
            seconds[0] = QUICK.seconds + 1

    team = Team(trouble=trouble)

    answers = free_busy(team, people(1000), WEEK, patience=QUICK)

    assert len(answers) == 1000
    assert 0 < len(problems(answers)) < 1000
    assert len(team.calls) <= 5 + LIMITS.concurrency


def test_no_more_threads_ask_than_the_provider_takes():
    team = Team(trouble=lambda *_: take(0.005))

    free_busy(team, people(400), WEEK)

    assert len(team.threads) <= LIMITS.concurrency


def test_mistake_of_our_own_is_not_hidden():
    team = Team(trouble=failing(KeyError("a bug")))

    with pytest.raises(KeyError):
        free_busy(team, people(3), WEEK)


def test_wait_that_is_asked_for_with_a_mailbox_ends_the_run_and_keeps_the_others():
    busy, stored = people(3)[1], []
    wait = ThrottledError("Patience.", timedelta(minutes=1))
    team = Team()
    ask = team.free_busy

    def answer(mailboxes, window):
        rows = ask(mailboxes, window)
        return [replace(it, problem=wait) if it.mailbox == busy else it for it in rows]

    team.free_busy = answer
    with pytest.raises(ThrottledError, match="Patience"):
        free_busy(team, people(3), WEEK, on_answer=stored.append, patience=QUICK)

    assert [it.mailbox for it in stored if it.problem is None] == [
        people(3)[0],
        people(3)[2],
    ]
    assert len(team.calls) == 1
