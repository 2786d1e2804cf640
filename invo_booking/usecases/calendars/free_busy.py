"""Read the busy times of many mailboxes, in batches and threads and with retries.

For this module, providers differ only in their ``limits``.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

from invo_booking.domain.calendars.outside import Availability, Limits
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.texts import say

STOPS_EVERYTHING = (ThrottledError, ReconnectError, PermissionMissingError)
"""Errors about the whole connection, after which no further mailbox is read."""


KEPT_FREE = 1
"""Number of concurrent calls that are left free for live checks during bookings."""


class NoTimeLeftError(ProviderDownError):
    """The mailbox was not read because the time of the run was used up."""


class FreeBusySource(Protocol):
    """The part of ``BackendCalendar`` that this module uses."""

    @property
    def limits(self) -> Limits:
        """The provider's limits."""
        ...

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        """Return the busy times of mailboxes with one call."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how often calls to the provider are repeated.

    Attributes:
        seconds: Time in seconds after which no further call starts.
        tries: Maximum number of tries of one call.
        pause: Seconds before the second try, doubled before each further try. Jitter
            keeps failed calls from being repeated at the same time.
    """

    seconds: float = 240.0
    tries: int = 3
    pause: float = 1.0


PATIENCE = Patience()


def free_busy(
    calendar: FreeBusySource,
    mailboxes: Iterable[str],
    window: Interval,
    *,
    on_answer: Callable[[Availability], None] | None = None,
    patience: Patience = PATIENCE,
) -> dict[str, Availability]:
    """Return the busy times of any number of mailboxes in a window of any length.

    A failed batch is repeated mailbox by mailbox, so that one broken mailbox does not
    keep the others from being read. If no batch succeeds, the provider is considered
    down and is not called further.

    Args:
        calendar: The calendar to ask; called from several threads.
        mailboxes: Addresses of mailboxes.
        window: Span in which busy times are read, in UTC.
        on_answer: Called in the caller's thread once for each mailbox, as soon as the
            answers for the whole window have arrived. An exception of this function
            ends the run.
        patience: Limits on the time and the number of tries.

    Returns:
        The busy times of each mailbox, or the problem of the mailbox.

    Raises:
        ProviderError: If the connection failed. Before that, ``on_answer`` may have
            been called for some mailboxes.
    """
    addresses = list(dict.fromkeys(mailboxes))
    batches = _cut(addresses, calendar.limits.mailboxes_per_call)
    run = _FreeBusyRun(calendar, _windows(window, calendar.limits), on_answer, patience)
    threads = max(calendar.limits.concurrency - KEPT_FREE, 1)
    with ThreadPoolExecutor(threads) as pool:
        try:
            failed = run.ask(pool, run.jobs(batches))
            if run.is_worth_splitting(failed, batches):
                failed = run.ask(pool, [one for it in failed for one in it.singles()])
            run.give_up(failed)
        finally:
            run.stop(pool)
    return {mailbox: run.answers[mailbox] for mailbox in addresses}


@dataclass(frozen=True, slots=True)
class _Job:
    """One call to make, for the busy times of some mailboxes in one of the windows."""

    mailboxes: tuple[str, ...]
    part: int
    problem: ProviderError | None = None

    def singles(self) -> list["_Job"]:
        """Return one job for each mailbox."""
        return [_Job((mailbox,), self.part) for mailbox in self.mailboxes]


class _FreeBusyRun:
    """The state of reading many mailboxes; changed by one thread only."""

    def __init__(
        self,
        calendar: FreeBusySource,
        windows: list[Interval],
        on_answer: Callable[[Availability], None] | None,
        patience: Patience,
    ) -> None:
        self.answers: dict[str, Availability] = {}
        self._calendar, self._windows = calendar, windows
        self._on_answer = on_answer
        self._patience = patience
        self._ends = time.monotonic() + patience.seconds
        self._parts: dict[str, dict[int, Availability]] = {}
        self._stopped = threading.Event()
        self._down: ProviderError | None = None

    def jobs(self, batches: Iterable[tuple[str, ...]]) -> list[_Job]:
        """Return the calls to make: one for each batch in each window."""
        parts = range(len(self._windows))
        return [_Job(batch, part) for batch in batches for part in parts]

    def ask(self, pool: ThreadPoolExecutor, jobs: Iterable[_Job]) -> list[_Job]:
        """Make calls and collect the answers; return failed jobs with their problems.

        Raises:
            ProviderError: If an error means that no further calls can succeed.
        """
        failed: list[_Job] = []
        running = {pool.submit(self._ask_job, job): job for job in jobs}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                failed += self._next_jobs(running.pop(future), future)
            if len(failed) >= self._hopeless and not self._parts:
                self._down = failed[0].problem
        return failed

    def is_worth_splitting(
        self, failed: Sequence[_Job], batches: Sequence[tuple[str, ...]]
    ) -> bool:
        """Whether single mailboxes may have caused the failure of their batches."""
        return any(len(job.mailboxes) > 1 for job in failed) and (
            bool(self._parts) or len(batches) == 1
        )

    def give_up(self, failed: Iterable[_Job]) -> None:
        """Record the problem of mailboxes that could not be read."""
        for job in failed:
            for mailbox in job.mailboxes:
                self._note_answers(job.part, Availability(mailbox, problem=job.problem))

    def stop(self, pool: ThreadPoolExecutor) -> None:
        """Start no further calls; let running calls finish."""
        self._stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)

    @property
    def _hopeless(self) -> int:
        """Number of failed calls that show that a provider is down if none succeeds."""
        return 2 * self._calendar.limits.concurrency

    def _next_jobs(self, job: _Job, future: Future[list[Availability]]) -> list[_Job]:
        try:
            answers = future.result()
        except STOPS_EVERYTHING:
            raise
        except ProviderError as error:
            return [_Job(job.mailboxes, job.part, error)]
        for answer in answers:
            self._note_answers(job.part, answer)
        for answer in answers:
            if isinstance(answer.problem, ThrottledError):
                raise answer.problem
        return []

    def _note_answers(self, part: int, answer: Availability) -> None:
        known = self._parts.setdefault(answer.mailbox, {})
        known[part] = answer
        if len(known) == len(self._windows):
            whole = _join_answers(answer.mailbox, known, self._windows)
            self.answers[answer.mailbox] = whole
            if self._on_answer:
                self._on_answer(whole)

    def _ask_job(self, job: _Job) -> list[Availability]:
        """Make one call, and repeat it if it failed quickly; runs in any thread."""
        for pause in self._pauses():
            began = time.monotonic()
            self._check_time(began)
            try:
                return self._calendar.free_busy(job.mailboxes, self._windows[job.part])
            except STOPS_EVERYTHING:
                self._stopped.set()
                raise
            except ProviderDownError:
                took = time.monotonic() - began
                is_slow = took > self._calendar.limits.call_seconds / 2
                if pause is None or is_slow or self._stopped.wait(pause):
                    raise
        raise AssertionError("the last try returns or raises")

    def _pauses(self) -> list[float | None]:
        """Return the pause after each try in seconds; ``None`` after the last try."""
        again = range(self._patience.tries - 1)
        shaken = (random.uniform(0.5, 1.5) for _ in again)  # noqa: S311
        return [
            *(self._patience.pause * 2**n * by for n, by in enumerate(shaken)),
            None,
        ]

    def _check_time(self, now: float) -> None:
        if self._down is not None:
            raise self._down
        if now > self._ends or self._stopped.is_set():
            raise NoTimeLeftError(say("connections.free_busy.no_time"))


def _windows(window: Interval, limits: Limits) -> list[Interval]:
    """Divide a window into as few spans as the provider's limits allow."""
    windows: list[Interval] = []
    start = window.start
    while start < window.end:
        end = min(start + limits.longest_window, window.end)
        windows.append(Interval(start, end))
        start = end
    return windows


def _cut(mailboxes: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(mailboxes[at : at + size]) for at in range(0, len(mailboxes), size)]


def _join_answers(
    mailbox: str, parts: dict[int, Availability], windows: Sequence[Interval]
) -> Availability:
    """Join a mailbox's answers for all windows, or return the first problem.

    A calendar entry that spans two windows is in both answers, and is returned once.
    """
    ordered = [parts[n] for n in range(len(windows))]
    for part in ordered:
        if part.problem is not None:
            return Availability(mailbox, problem=part.problem)
    first = windows[0].start
    return Availability(
        mailbox,
        unreadable=max(part.unreadable for part in ordered),
        is_merged=any(part.is_merged for part in ordered),
        busy=tuple(
            span
            for part, window in zip(ordered, windows, strict=True)
            for span in part.busy
            if window.start == first or span.start >= window.start
        ),
    )
