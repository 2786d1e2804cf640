"""What only a worker may call is asked through it, and comes back as it was."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventDraft,
    EventListing,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
    ServerAccount,
    UnreadableEvent,
)
from invo_booking.domain.calendars.provider_errors import (
    EventGoneError,
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ReconnectError,
    ThrottledError,
    WorkerFailedError,
    WorkerSilentError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars.through_worker.asking import (
    answer_question,
    servers_through_worker,
)
from invo_booking.usecases.shared.sealing import SealBrokenError
from tests.support.bank import at

SPAN = Interval(at(10), at(11))
EVENT = HostEvent(id="e", version="v", uid="u", period=SPAN, key=uuid4())
DRAFT = EventDraft(
    key=uuid4(), subject="Mortgage", body="Ana", period=SPAN, attendees=(("a@b", "A"),)
)
ACCOUNT = ServerAccount(address="https://mail.bank", user="u", password="pass-word")
LIMITS = Limits(mailboxes_per_call=3, longest_window=timedelta(days=42))

ANSWERS = {
    "free_busy": [
        Availability("ana@bank", (SPAN,), unreadable=1),
        Availability("ben@bank", problem=MailboxUnknownError("Nobody.")),
    ],
    "events": EventListing(events=(EVENT,), unreadable=(UnreadableEvent(id="x"),)),
    "event": EVENT,
    "find": None,
    "create": EVENT,
    "change": EVENT,
    "cancel": None,
    "permissions": [Permission(name="p", purpose="To see.", granted=True)],
    "hosts": [HostCalendar(id="h", name="Host", address="", chosen_at=at(9))],
    "create_host": HostCalendar(id="h", name="Host", address=""),
    "check": [ConnectionFinding(name="Server", ok=True, sentence="Fine.")],
}
ASKED = {
    "free_busy": (("ana@bank", "ben@bank"), SPAN),
    "events": (SPAN,),
    "event": ("e",),
    "find": (EVENT.key, SPAN),
    "create": (DRAFT,),
    "change": (EVENT, DRAFT),
    "cancel": ("e",),
    "permissions": (frozenset(),),
    "hosts": (),
    "create_host": ("Team",),
    "check": ("ana@bank",),
}


class Known:
    """A provider for workers only, which notes what it is asked and answers it."""

    runs_in_worker, limits = True, LIMITS

    def __init__(self) -> None:
        self.asked, self.answers = [], dict(ANSWERS)

    def open(self, account):
        self.account = account()
        return self

    def __getattr__(self, name):
        def method(*arguments):
            self.asked.append((name, arguments))
            if isinstance(self.answers[name], Exception):
                raise self.answers[name]
            return self.answers[name]

        return method


@pytest.fixture
def known():
    return Known()


@pytest.fixture
def line(deps, known):
    """What goes to the worker and comes back, and a calendar at this end of it."""
    worker = replace(deps, servers={"exchange": known})
    sent = []

    def ask(question, seconds):
        answer = answer_question(worker, question)
        sent.append((question, seconds, answer))
        return answer

    servers = servers_through_worker(deps.config, worker.servers, ask)
    return sent, servers["exchange"].open(lambda: ACCOUNT)


@pytest.mark.parametrize("method", ANSWERS)
def test_each_question_arrives_and_each_answer_returns_as_it_was(line, known, method):
    _, calendar = line

    answer = getattr(calendar, method)(*ASKED[method])

    [(asked, arguments)] = known.asked
    assert (asked, known.account) == (method, ACCOUNT)
    assert [_plain(it) for it in arguments] == [_plain(it) for it in ASKED[method]]
    if method == "free_busy":
        assert (answer[0], str(answer[1].problem)) == (ANSWERS[method][0], "Nobody.")
        assert type(answer[1].problem) is MailboxUnknownError
    else:
        assert answer == ANSWERS[method]


def _plain(value):
    is_many = isinstance(value, list | tuple | frozenset)
    return tuple(value) if is_many else value


@pytest.mark.parametrize(
    ("error", "known_by"),
    [
        (ReconnectError("Sign in.", reference="r"), {"reference": "r"}),
        (ThrottledError("Wait.", timedelta(seconds=7)), {"wait": timedelta(seconds=7)}),
        (PermissionMissingError("No.", ["a", "b"]), {"missing": ("a", "b")}),
        (ProviderDownError("Down.", ambiguous=True), {"ambiguous": True}),
        (EventGoneError("Gone."), {}),
    ],
)
def test_error_of_the_provider_is_raised_here_as_it_was_there(
    line, known, error, known_by
):
    known.answers["create"] = error

    with pytest.raises(type(error), match=str(error)) as raised:
        line[1].create(DRAFT)

    assert type(raised.value) is type(error)
    assert vars(raised.value) | known_by == vars(raised.value)


def test_error_that_only_one_provider_knows_is_of_the_kind_it_belongs_to(line, known):
    class OwnError(ThrottledError):
        pass

    known.answers["check"] = OwnError("Wait.", timedelta(seconds=1))

    with pytest.raises(ThrottledError, match="Wait") as raised:
        line[1].check()

    assert type(raised.value) is ThrottledError


def test_nothing_of_question_and_answer_can_be_read_on_the_way(line):
    sent, calendar = line
    calendar.create(DRAFT)
    calendar.free_busy(["ana@bank"], SPAN)

    texts = "".join(f"{question}{answer}" for question, _, answer in sent)
    for word in ("pass-word", "Mortgage", "ana@bank", "Nobody", "create"):
        assert word not in texts


def test_question_that_was_changed_is_not_answered(deps, line):
    sent, calendar = line
    calendar.check()
    question = sent[0][0]

    with pytest.raises(SealBrokenError):
        answer_question(deps, f"{question[:-4]}AAA=")


def test_answer_to_another_question_is_not_taken(deps, known, line):
    sent, calendar = line
    calendar.check()
    stale = servers_through_worker(
        deps.config, {"exchange": known}, lambda *_: sent[0][2]
    )

    with pytest.raises(WorkerSilentError, match="INVO_SECRET_KEYS"):
        stale["exchange"].open(lambda: ACCOUNT).check()


def test_looking_has_the_time_of_one_call_and_the_rest_that_of_two(line):
    sent, calendar = line
    calendar.free_busy(["ana@bank"], SPAN)
    calendar.create(DRAFT)

    [one, two] = [seconds for _, seconds, _ in sent]
    assert LIMITS.call_seconds < one < two < 2 * one


def silent(deps, servers, *, is_taken, kind=WorkerSilentError):
    def ask(*_):
        raise kind("The worker does not answer.", ambiguous=is_taken)

    return replace(deps, servers=servers_through_worker(deps.config, servers, ask))


@pytest.mark.parametrize("kind", [WorkerSilentError, WorkerFailedError])
@pytest.mark.parametrize("is_taken", [False, True])
def test_only_a_change_that_was_taken_may_have_happened(deps, known, is_taken, kind):
    calendar = (
        silent(deps, {"exchange": known}, is_taken=is_taken, kind=kind)
        .servers["exchange"]
        .open(lambda: ACCOUNT)
    )

    with pytest.raises(kind) as looked:
        calendar.find(DRAFT.key, SPAN)
    with pytest.raises(kind) as changed:
        calendar.create(DRAFT)

    assert not looked.value.ambiguous
    assert changed.value.ambiguous is is_taken
