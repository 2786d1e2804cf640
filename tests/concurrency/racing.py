"""Threads that do different things at the same moment."""

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from invo_booking.domain.access.caller import Caller
from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import InvoError, OvertakenError
from invo_booking.persistence.appointments import Appointments
from invo_booking.persistence.calendars.indexes import AvailabilityCache
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.roster import RosterCache
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.deps import Deps
from tests.support.patience import patient

ClockOf = Callable[[Appointment], ZoneInfo]
Share = Callable[[], None]

PATIENCE = 90.0
"""Seconds until a contender who never comes is given up on."""


def race(*contenders: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment; return what each returned, or its refusal."""
    line = Barrier(len(contenders), timeout=PATIENCE)

    def run(contender: Callable[[], Any]) -> Any:
        line.wait()
        try:
            return contender()
        except InvoError as refusal:
            return refusal

    with ThreadPoolExecutor(len(contenders)) as pool:
        return list(pool.map(run, contenders))


def winners(outcomes: Sequence[Any]) -> list[Any]:
    """Return what those got who were not refused."""
    return [it for it in outcomes if not isinstance(it, InvoError)]


def refusals(outcomes: Sequence[Any]) -> set[type[InvoError]]:
    """Return how the others were refused."""
    return {type(it) for it in outcomes if isinstance(it, InvoError)}


@contextmanager
def working_with(
    deps: Deps, kind: type[UnitOfWork], change: Callable[[UnitOfWork, Session], None]
) -> Generator[Deps]:
    """Yield parts whose transactions are of another kind, each changed as it begins.

    Args:
        deps: The parts to change.
        kind: What the use cases get.
        change: Puts something else in place of one of its parts.
    """
    engine = patient(make_engine(deps.config.database_url))
    caches = RosterCache(), AvailabilityCache()
    digest = partial(digest_of, deps.config.mail_link_key)

    @contextmanager
    def begin(caller: Caller) -> Generator[UnitOfWork]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            work = kind(session, *caches, caller, digest)
            change(work, session)
            yield work

    changed: Callable[[Caller], AbstractContextManager[UnitOfWork]] = begin
    try:
        yield replace(deps, begin=changed)
    finally:
        engine.dispose()


@contextmanager
def meeting_before_writing(
    deps: Deps, contenders: int, *, locks: bool = True, versions: bool = True
) -> Generator[Deps]:
    """Yield parts whose transactions wait for one another between check and write.

    So all have looked before the first one writes, and the race is certain.

    Args:
        deps: The parts to change.
        contenders: How many transactions wait for one another.
        locks: Whether the locks of days and customers are still taken.
        versions: Whether who stores second is still refused.
    """
    line = Barrier(contenders, timeout=PATIENCE)

    def wait(work: UnitOfWork, session: Session) -> None:
        kind = _Waiting if versions else _Overwriting
        work.appointments = kind(session, clock_of(work), work.share_roster, line)

    with working_with(deps, UnitOfWork if locks else _Lockless, wait) as parts:
        yield parts


@contextmanager
def overtaken(deps: Deps, deed: Callable[[], Any]) -> Generator[Deps]:
    """Yield parts with which the first who stores a change comes too late.

    Args:
        deps: The parts to change; with them no lock of days or customers is taken.
        deed: What somebody else does between the reading and the storing, once.
    """
    deeds = [deed]

    def slow_down(work: UnitOfWork, session: Session) -> None:
        work.appointments = _Slow(session, clock_of(work), work.share_roster, deeds)

    with working_with(deps, _Lockless, slow_down) as parts:
        yield parts


def clock_of(work: UnitOfWork) -> ClockOf:
    """Return what says in which zone an appointment is agreed."""

    def find(appointment: Appointment) -> ZoneInfo:
        return work.roster.clock_of(appointment)

    return find


class _Lockless(UnitOfWork):
    def lock_days(self, days: Iterable[date], contacts: Iterable[str] = ()) -> None:
        del days, contacts

    def lock_customer(self, *contacts: str) -> None:
        del contacts


class _Waiting(Appointments):
    def __init__(
        self, session: Session, zone: ClockOf, share: Share, line: Barrier
    ) -> None:
        super().__init__(session, zone, share)
        self._line = line

    def add(self, appointment: Appointment) -> None:
        self._line.wait()
        super().add(appointment)

    def save(self, appointment: Appointment) -> Appointment:
        self._line.wait()
        return super().save(appointment)


class _Overwriting(_Waiting):
    def save(self, appointment: Appointment) -> Appointment:
        try:
            return super().save(appointment)
        except OvertakenError:
            self._session.expire_all()
            stored = self.get(appointment.id)
            return Appointments.save(self, replace(appointment, version=stored.version))


class _Slow(Appointments):
    def __init__(
        self,
        session: Session,
        zone: ClockOf,
        share: Share,
        deeds: list[Callable[[], Any]],
    ) -> None:
        super().__init__(session, zone, share)
        self._deeds = deeds

    def save(self, appointment: Appointment) -> Appointment:
        if self._deeds:
            self._deeds.pop()()
        return super().save(appointment)
