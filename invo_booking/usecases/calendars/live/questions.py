"""Ask a provider once for all bookings of this process that wait at the same time.

Providers limit concurrent calls, but answer about many mailboxes as fast as about a
single mailbox. Questions that arrive while a call is running wait, and share the next
call.

While a provider counts as silent, bookings do not wait for its answers. Instead, a
question is sent from time to time, to notice when the provider answers again.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars import granting, states
from invo_booking.usecases.shared.deps import Deps

MOST_MAILBOXES = 20
"""Maximum number of mailboxes in one call; every provider allows at least this many."""

WIDEST = timedelta(days=31)
"""Longest window of one call; every provider allows windows of this length."""

SILENT_AFTER = 1.8
"""Seconds after which a provider that has not answered a call counts as silent. This is
a little less than the time for which a booking waits."""

TRIED_AGAIN_AFTER = 10.0
"""Seconds after which a silent provider is asked again."""

TRIAL_SECONDS = 60.0
"""How long a test question to a silent provider may wait to be sent, in seconds."""

Answer = Availability | ProviderError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a provider: when is an agent's mailbox busy within a window?"""

    connection: Connection
    agent: UUID
    mailbox: str
    window: Interval


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A question, the end of its wait on the monotonic clock, and its answer."""

    deps: Deps
    question: Question
    ends: float
    answer: queue.SimpleQueue[Answer] = field(default_factory=queue.SimpleQueue[Answer])


class SharedQuestions:
    """The questions of all bookings of one process. Safe for threads.

    Attributes:
        is_asking: Whether a call is running.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._began = 0.0  # when the running call began, by the monotonic clock
        self._trials: dict[UUID, float] = {}  # silent connections: when to ask again
        self.is_asking = False

    def ask(self, deps: Deps, question: Question, seconds: float) -> Answer | None:
        """Return the provider's answer, or ``None`` if no answer comes in time.

        Returns ``None`` at once while the provider counts as silent.
        """
        if self._is_silent(question.connection):
            self._try_again(deps, question)
            return None
        mine = _Waiting(deps, question, time.monotonic() + seconds)
        self._add(mine)
        try:
            return mine.answer.get(timeout=seconds)
        except queue.Empty:
            _log.warning("no look at calendars: no answer within %.1f seconds", seconds)
            self._note_silence(question.connection)
            return None

    def _add(self, mine: _Waiting) -> None:
        with self._lock:
            self._waiting.append(mine)
            begins, self.is_asking = not self.is_asking, True
        if begins:
            threading.Thread(
                target=self._ask_all, name="live check", daemon=True
            ).start()

    def _is_silent(self, connection: Connection) -> bool:
        """Whether the provider was silent in this process, or is stored as down."""
        with self._lock:
            if connection.state is ConnectionState.DOWN:
                self._trials.setdefault(connection.id, 0.0)
            return connection.id in self._trials

    def _try_again(self, deps: Deps, question: Question) -> None:
        """If a new try is due, ask a silent provider without waiting for the answer."""
        now = time.monotonic()
        with self._lock:
            if self.is_asking or now < self._trials.get(question.connection.id, 0.0):
                return
            self._trials[question.connection.id] = now + TRIED_AGAIN_AFTER
        self._add(_Waiting(deps, question, now + TRIAL_SECONDS))

    def _note_silence(self, connection: Connection) -> None:
        """Record the provider as silent if the running call itself takes too long."""
        now = time.monotonic()
        with self._lock:
            if self.is_asking and now - self._began >= SILENT_AFTER:
                self._trials[connection.id] = now + TRIED_AGAIN_AFTER

    def _note_answers(self, batch: Sequence[_Waiting], answers: list[Answer]) -> None:
        """Record whether a silent provider answers again or is still silent."""
        deps, connection = batch[0].deps, batch[0].question.connection
        is_down = all(isinstance(it, ProviderDownError) for it in answers)
        with self._lock:
            was_silent = connection.id in self._trials
            if was_silent and is_down:
                again = time.monotonic() + TRIED_AGAIN_AFTER
                self._trials[connection.id] = again
            else:
                self._trials.pop(connection.id, None)
        if was_silent and not is_down and connection.state is ConnectionState.DOWN:
            with deps.unit_of_work() as work:
                states.record_working(deps, work, connection.id)

    @property
    def queue_length(self) -> int:
        """Number of questions that wait for the next call."""
        return len(self._waiting)

    def _ask_all(self) -> None:
        try:
            while batch := self._next_batch():
                answers = _answers(batch)
                for waiting, answer in zip(batch, answers, strict=True):
                    waiting.answer.put(answer)
                self._note_answers(batch, answers)
        except Exception:  # noqa: BLE001 - a thread of our own has nobody to tell
            _log.exception("no look at calendars")
            with self._lock:  # the next question begins with a new thread
                self.is_asking = False

    def _next_batch(self) -> list[_Waiting]:
        """Take the questions for the next call, and record whether a call runs now."""
        with self._lock:
            now = time.monotonic()
            batch = _one_call([it for it in self._waiting if it.ends > now])
            self._waiting = [
                it for it in self._waiting if it.ends > now and it not in batch
            ]
            self.is_asking, self._began = bool(batch), now
            return batch


def _one_call(waiting: Sequence[_Waiting]) -> list[_Waiting]:
    """Return the question that waits longest, and those that fit into its call."""
    batch = list(waiting[:1])
    for it in waiting[1:]:
        is_alike = it.question.connection.id == batch[0].question.connection.id
        more = [*batch, it]
        if (
            is_alike
            and _window(more).duration <= WIDEST
            and len(_mailboxes(more)) <= MOST_MAILBOXES
        ):
            batch = more
    return batch


def _window(batch: Sequence[_Waiting]) -> Interval:
    windows = [it.question.window for it in batch]
    return Interval(min(it.start for it in windows), max(it.end for it in windows))


def _mailboxes(batch: Sequence[_Waiting]) -> list[str]:
    return list(dict.fromkeys(it.question.mailbox for it in batch))


def _answers(batch: Sequence[_Waiting]) -> list[Answer]:
    """Ask with one call; return the answer to each question."""
    deps, connection = batch[0].deps, batch[0].question.connection
    mailboxes = _mailboxes(batch)
    try:
        calendar = granting.calendar_of_connection(deps, connection)
        availabilities = calendar.free_busy(mailboxes, _window(batch))
    except ProviderError as error:
        return [error for _ in batch]
    by_mailbox = dict(zip(mailboxes, availabilities, strict=True))
    return [_part(by_mailbox[it.question.mailbox], it.question.window) for it in batch]


def _part(answer: Availability, window: Interval) -> Availability:
    """Return the part of an answer that concerns a window."""
    return replace(answer, busy=tuple(it for it in answer.busy if it.overlaps(window)))
