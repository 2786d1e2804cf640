"""Provide a transaction with its repositories."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from invo_booking.domain.access.caller import BACKGROUND, Caller
from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.clock import DatabaseClock
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.notifications import SETTINGS
from invo_booking.domain.slots.index import AvailabilityIndex
from invo_booking.persistence.accounts.guesses import Guesses
from invo_booking.persistence.accounts.links import AccountLinks
from invo_booking.persistence.accounts.people import People, Sessions
from invo_booking.persistence.accounts.programs import Programs
from invo_booking.persistence.accounts.sign_ins import SignIns
from invo_booking.persistence.accounts.staffing import Staffing
from invo_booking.persistence.accounts.tokens import ApiTokens
from invo_booking.persistence.appointments import Appointments
from invo_booking.persistence.audit.entries import Audit
from invo_booking.persistence.calendars.agent_days import AgentDays
from invo_booking.persistence.calendars.busy import Busy
from invo_booking.persistence.calendars.connections import Connections
from invo_booking.persistence.calendars.ended_grants import EndedGrants
from invo_booking.persistence.calendars.host_changes import HostChanges
from invo_booking.persistence.calendars.host_events import HostEvents
from invo_booking.persistence.calendars.indexes import AvailabilityCache, View
from invo_booking.persistence.calendars.inviters import Inviters
from invo_booking.persistence.calendars.listed_events import ListedEvents
from invo_booking.persistence.calendars.removals import Removals
from invo_booking.persistence.catalogue import Catalogue
from invo_booking.persistence.images import Images
from invo_booking.persistence.links import Links, Submits
from invo_booking.persistence.mail_failures import MailFailures
from invo_booking.persistence.notifications import send_notification
from invo_booking.persistence.outbox import Outbox
from invo_booking.persistence.roster import RosterCache, raise_roster_revision
from invo_booking.persistence.settings import StoredSettings
from invo_booking.persistence.tables.core import HeartbeatRow, InstitutionRow
from invo_booking.persistence.upkeep.admission_log import AdmissionLog
from invo_booking.persistence.upkeep.contact_uses import ContactUses
from invo_booking.persistence.upkeep.due import Due
from invo_booking.persistence.upkeep.floods import Floods
from invo_booking.persistence.upkeep.identity import DatabaseIdentity
from invo_booking.persistence.upkeep.incidents import Incidents
from invo_booking.persistence.upkeep.mail_servers import MailServers
from invo_booking.persistence.upkeep.notices import Notices
from invo_booking.persistence.upkeep.periodic_tasks import PeriodicTasks
from invo_booking.persistence.upkeep.purge import Purge
from invo_booking.persistence.wall_times import WallTimes
from invo_booking.settings.spec import Values

DAY_LOCKS, ROSTER_LOCK, CUSTOMER_LOCKS = 7_000, 7_002, 7_004
_LOCK_DAYS = text("""
SELECT pg_advisory_xact_lock_shared(:roster, 0)::text
UNION ALL
SELECT pg_advisory_xact_lock(:locks, day)::text FROM unnest(CAST(:days AS int[])) AS day
UNION ALL
SELECT pg_advisory_xact_lock(:customers, hashtext(contact))::text
FROM unnest(CAST(:contacts AS text[])) AS contact
""").bindparams(roster=ROSTER_LOCK, locks=DAY_LOCKS, customers=CUSTOMER_LOCKS)

_SHARE_ROSTER = text(f"SELECT pg_advisory_xact_lock_shared({ROSTER_LOCK}, 0)")
_LOCK_CUSTOMER = text(
    "SELECT pg_advisory_xact_lock(:locks, hashtext(:who))"
).bindparams(locks=CUSTOMER_LOCKS)


class UnitOfWork:
    """A transaction with its repositories."""

    def __init__(
        self,
        session: Session,
        cache: RosterCache,
        books: AvailabilityCache,
        caller: Caller,
        digest: Callable[[str], str],
    ) -> None:
        self.session = session
        self._cache = cache
        self._indexes = books
        self._known: tuple[Roster, Values] | None = None
        self._changed_roster = False
        self._locked_customers: set[str] = set()
        self._holds_roster = False
        self.account_links = AccountLinks(session)
        self.appointments = Appointments(session, self._clock_of, self.share_roster)
        self.request_counts = AdmissionLog(session)
        self.audit = Audit(session, caller)
        self.busy = Busy(session)
        self.catalogue = Catalogue(session)
        self.connections = Connections(session)
        self.contact_uses = ContactUses(session, digest)
        self.due = Due(session)
        self.ended_grants = EndedGrants(session)
        self.floods = Floods(session)
        self.guesses = Guesses(session)
        self.host_changes = HostChanges(session)
        self.host_events = HostEvents(session)
        self.identity = DatabaseIdentity(session)
        self.images = Images(session)
        self.incidents = Incidents(session)
        self.inviters = Inviters(session)
        self.links = Links(session)
        self.listed_events = ListedEvents(session)
        self.mail_failures = MailFailures(session)
        self.mail_servers = MailServers(session)
        self.notices = Notices(session)
        self.outbox = Outbox(session)
        self.removals = Removals(session)
        self.people = People(session)
        self.periodic_tasks = PeriodicTasks(session)
        self.programs = Programs(session)
        self.purge = Purge(session)
        self.sessions = Sessions(session)
        self.agent_days = AgentDays(session)
        self.sign_ins = SignIns(session)
        self.staffing = Staffing(session)
        self.stored_settings = StoredSettings(session)
        self.submits = Submits(session)
        self.tokens = ApiTokens(session)
        self.wall_times = WallTimes(session)

    @property
    def roster(self) -> Roster:
        """The roster as this transaction sees it."""
        return self._read()[0]

    def _clock_of(self, appointment: Appointment) -> ZoneInfo:
        return self.roster.clock_of(appointment)

    @property
    def settings(self) -> Values:
        """The settings as this transaction sees them."""
        return self._read()[1]

    def availability(
        self, window: Interval, now: datetime
    ) -> AbstractContextManager[AvailabilityIndex]:
        """Return a context manager that yields an availability index for a window."""
        view = View(self.agent_days, self.roster, self.settings, now)
        return self._indexes.open(view, window)

    def index_preparation(self, now: datetime) -> Iterator[None]:
        """Return the preparation of the index; it may be used after the transaction."""
        return self._indexes.preparation(now)

    def linked_spans(self, spans: Sequence[Interval], now: datetime) -> list[Interval]:
        """Return the result of ``AvailabilityIndex.linked_span`` for each span.

        Args:
            spans: At least one span.
            now: The current instant, in UTC.
        """
        window = Interval(min(it.start for it in spans), max(it.end for it in spans))
        with self.availability(window, now) as index:
            return [index.linked_span(it) for it in spans]

    def peek_linked_spans(self, spans: Iterable[Interval]) -> list[Interval]:
        """Return what ``linked_spans`` returns, from a cache that may be outdated."""
        return self._indexes.peek_linked_spans(spans)

    @property
    def is_set_up(self) -> bool:
        """Whether the database holds an institution."""
        return self.session.exec(select(InstitutionRow.id)).first() is not None

    def lock_days(self, days: Iterable[date], contacts: Iterable[str] = ()) -> None:
        """Lock dates against other bookings until the commit.

        Locks the sorted dates and then the sorted contacts, so that bookings never
        deadlock. Changes to the roster wait until the commit too, so the checks of this
        transaction stay valid.

        Args:
            days: Dates in the institution's zone.
            contacts: E-mail addresses and phone numbers to lock as well.
        """
        self._known = None
        ordinals = sorted({day.toordinal() for day in days})
        wanted = self._contacts_to_lock(contacts)
        locks = {"days": ordinals, "contacts": wanted}
        self.session.connection().execute(_LOCK_DAYS, locks)
        self._holds_roster = True
        self._locked_customers.update(wanted)

    def try_lock_days(self, days: Iterable[date]) -> bool:
        """Lock more dates; return ``False`` instead of waiting for a lock."""
        lock = text("SELECT pg_try_advisory_xact_lock(:locks, :day)")
        run = self.session.connection().execute
        return all(
            run(lock, {"locks": DAY_LOCKS, "day": day.toordinal()}).scalar_one()
            for day in days
        )

    def lock_customer(self, *contacts: str) -> None:
        """Lock a customer's contacts against other bookings until the commit.

        Must be called after ``lock_days``, so that bookings never deadlock.
        """
        self.share_roster()
        for contact in self._contacts_to_lock(contacts):
            self.session.connection().execute(_LOCK_CUSTOMER, {"who": contact})
            self._locked_customers.add(contact)

    def _contacts_to_lock(self, contacts: Iterable[str]) -> list[str]:
        return sorted({*contacts} - {""} - self._locked_customers)

    def try_lock_customer(self, *contacts: str) -> bool:
        """Lock like ``lock_customer``; return ``False`` instead of waiting."""
        lock = text(
            f"SELECT pg_try_advisory_xact_lock({CUSTOMER_LOCKS}, hashtext(:who))"
        )
        run = self.session.connection().execute
        return all(
            run(lock, {"who": contact}).scalar_one()
            for contact in sorted(filter(None, contacts))
        )

    def lock_roster(self) -> None:
        """Lock the roster, and make changes of appointments wait until the commit.

        First waits until running transactions that change appointments have ended. Must
        be called before anything is changed.
        """
        self._known = None
        self.session.connection().execute(
            text(f"SELECT pg_advisory_xact_lock({ROSTER_LOCK}, 0)")
        )
        self._holds_roster = True

    def share_roster(self) -> None:
        """Make changes to the roster wait until the commit.

        A change to the roster may change many appointments, one after the other. If
        another transaction changed one of these appointments meanwhile, the two
        transactions could wait for each other.
        """
        if not self._holds_roster:
            self.session.connection().execute(_SHARE_ROSTER)
            self._holds_roster = True

    def publish_roster_change(self) -> None:
        """Make all processes read roster and settings again after the commit."""
        raise_roster_revision(self.session)
        self._known, self._changed_roster = None, True
        self.notify({SETTINGS: True})

    def notify(self, payload: dict[str, Any]) -> None:
        """Notify the web processes of a change when this transaction commits."""
        send_notification(self.session, payload)

    def database_now(self) -> datetime:
        """Return the current instant by the database's clock, in UTC."""
        result = self.session.connection().execute(text("SELECT clock_timestamp()"))
        return result.scalar_one().astimezone(UTC)

    def beat(self, name: str, now: datetime) -> None:
        """Record, under its name, that a process is running."""
        statement = insert(HeartbeatRow).values(name=name, at=now)
        self.session.connection().execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"at": now})
        )

    def last_beat(self, name: str) -> datetime | None:
        """Return when a process last reported that it is running."""
        row = self.session.get(HeartbeatRow, name)
        return row.at if row else None

    def _read(self) -> tuple[Roster, Values]:
        if self._known is None:
            keep = not self._changed_roster
            self._known = self._cache.read(self.session, keep=keep)
        return self._known


def unit_of_work(
    engine: Engine, key: bytes, clock: DatabaseClock | None = None
) -> Callable[..., AbstractContextManager[UnitOfWork]]:
    """Return a factory of transactions that share one pool and the cached roster.

    ``with factory(caller) as work`` commits when the block ends and rolls back when the
    block raises an error. Without ``caller``, the caller is the product itself.

    Args:
        engine: The database engine.
        key: Secret of this installation, for digests of contacts.
        clock: Clock that is set to the database's time.
    """
    cache, books = RosterCache(clock), AvailabilityCache()
    digest = partial(digest_of, key)

    @contextmanager
    def begin(caller: Caller = BACKGROUND) -> Generator[UnitOfWork]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield UnitOfWork(session, cache, books, caller, digest)

    return begin
