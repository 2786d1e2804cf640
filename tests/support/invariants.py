"""What must be true of the database after whatever happened to it.

Numbers are those of the reliability promises: I1 no agent is in two places, I2 nobody
who waits is stranded, I3 what was acknowledged exists, I4 every step has its outbox
row, I5 the audit chain holds.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from invo_booking.config import load_config
from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import UnitOfWork, unit_of_work
from invo_booking.usecases.upkeep import audit_seals
from tests.domain.reference import calendars_of, placeable
from tests.support.keys import KEY, SECRET_KEYS
from tests.support.patience import patient

EVER = Interval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

MAIL_OF = {
    "requested": "requested",
    "held": "limit",
    "created": "confirmed",
    "confirmed": "confirmed",
    "moved": "changed",
    "cancelled": "cancelled",
    "cancelled as late": "late",
    "expired": "expired",
    "reminded": "reminder",
}
"""The mail that belongs to each action of the history; all others have none."""

HANDED_OVER = ("taken", "given back", "undone")
"""Actions that owe a mail only for an earlier change whose mail they take back."""

TAKEN_BACK = "taken back"
"""Marks a mail that was promised and never started, beside the mail's own name."""

BEGINNINGS = ("requested", "held", "created")
BEGUN_AND_PURGED = """
    SELECT count(*) FILTER (WHERE action IN ('requested', 'held', 'created')),
    coalesce(sum((detail ->> 'count')::int) FILTER (WHERE action = 'purged'), 0)
    FROM audit WHERE object_kind IN ('appointment', 'appointments')
"""
UNCOUNTED = frozenset(
    {
        "requested",
        "held",
        "created",
        "reminded",
        "put back",
        "written again",
    }
)
"""Actions that leave an appointment's version as it is."""

OVERLAPS = """
    SELECT one.id, other.id FROM appointment one JOIN appointment other
    ON one.agent_id = other.agent_id AND one.id < other.id
    AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
    WHERE one.status IN ('requested', 'confirmed')
    AND other.status IN ('requested', 'confirmed')
"""
ORPHANS = """
    SELECT outbox.id FROM outbox LEFT JOIN appointment
    ON appointment.id = outbox.appointment_id
    WHERE appointment.id IS NULL AND outbox.kind IN ('mail', 'calendar')
"""
HISTORY = """
    SELECT at, actor, action, object_id, detail FROM audit
    WHERE object_id = ANY(:owners) ORDER BY id
"""
UNPROMISED = """
    SELECT appointment.id, appointment.starts_at, appointment.ends_at,
    appointment.agent_id, event.starts_at, event.ends_at, event.agent_id,
    (SELECT array_agg((state, created_at, ended_at)::text ORDER BY id) FROM outbox
    WHERE outbox.appointment_id = appointment.id AND outbox.kind = 'calendar')
    FROM appointment
    JOIN host_event AS event ON event.appointment_id = appointment.id
    JOIN connection ON connection.id = event.connection_id AND connection.active
    WHERE appointment.status = 'confirmed' AND event.state = 'written'
    AND (event.starts_at, event.ends_at, event.agent_id)
    IS DISTINCT FROM (appointment.starts_at, appointment.ends_at, appointment.agent_id)
    AND NOT EXISTS (SELECT FROM outbox WHERE outbox.appointment_id = appointment.id
    AND outbox.kind = 'calendar'
    AND (outbox.state = 'open' OR outbox.ended_at >= appointment.ends_at))
"""
TWICE_THERE = """
    SELECT event_id FROM host_event WHERE event_id <> '' AND state <> 'gone'
    GROUP BY connection_id, event_id HAVING count(*) > 1
"""
REPEATED_IDS = "SELECT message_id FROM outbox GROUP BY 1 HAVING count(*) > 1"
UNLINKED = """
    SELECT appointment.id FROM appointment LEFT JOIN link_token
    ON link_token.appointment_id = appointment.id WHERE link_token.hash IS NULL
"""
MAILED_OTHERWISE = """
    SELECT appointment.id FROM appointment JOIN LATERAL (
        SELECT payload FROM outbox
        WHERE appointment_id = appointment.id AND kind = 'mail'
        AND NOT (state = 'dropped' AND payload ->> 'last_mailed' IS NOT NULL)
        ORDER BY outbox.id DESC LIMIT 1
    ) AS last ON true
    WHERE appointment.status IN ('requested', 'confirmed')
    AND appointment.customer_email <> ''
    AND appointment.has_proof AND appointment.confirmed_at IS NOT NULL
    AND ((last.payload ->> 'starts_at')::timestamptz,
    (last.payload ->> 'ends_at')::timestamptz)
    IS DISTINCT FROM (appointment.starts_at, appointment.ends_at)
"""


def check(database_url: str, acknowledged: Iterable[str] = ()) -> None:
    """Fail, naming everything that should not be, unless all invariants hold.

    Args:
        database_url: Of a database nobody writes to at the moment.
        acknowledged: Ids of appointments that were acknowledged as booked.
    """
    found = violations(database_url, acknowledged)
    assert not found, "\n".join(found)


def violations(
    database_url: str,
    acknowledged: Iterable[str] = (),
    left: Collection[UUID] = (),
) -> list[str]:
    """Return a line for everything that breaks an invariant; seals the audit trail.

    Args:
        database_url: Of a database nobody writes to at the moment.
        acknowledged: Ids of appointments that were acknowledged as booked.
        left: People counted as if they had not been kept out. Whom that left without
            an agent may wait for nobody; nobody else may.
    """
    engine = patient(make_engine(database_url, pool_size=1))
    try:
        with unit_of_work(engine, KEY)() as work:
            connection = work.session.connection()
            return [
                *_in_two_places(connection),
                *_stranded(work, left),
                *_lost(connection, acknowledged),
                *_untold(connection),
                *_broken_chain(work),
                *_wrong_sheets(work),
            ]
    finally:
        engine.dispose()


def _in_two_places(connection: Connection) -> Iterator[str]:
    for one, other in connection.execute(text(OVERLAPS)):
        yield f"I1: {one} and {other} overlap for one agent"


def _stranded(work: UnitOfWork, left: Collection[UUID]) -> Iterator[str]:
    """Look at those who wait at about the same time, over midnight too."""
    people = work.roster.people
    back = {it: replace(people[it], active=True) for it in left}
    roster = replace(work.roster, people={**people, **back})
    live = work.appointments.live_between(EVER)
    for near in _crowds([it for it in live if it.agent_id is None]):
        first, last = near[0].starts_at, max(it.ends_at for it in near)
        window = Interval(first, last).widen(timedelta(days=1), timedelta(days=1))
        taken = [it for it in live if it.agent_id is not None]
        calendars, waiting = calendars_of(roster, [*taken, *near], window)
        if not placeable(waiting, calendars):
            about = [*near, *(it for it in taken if it.period.overlaps(window))]
            yield "\n".join(
                [
                    f"I2: not everybody who waits from {first} on can get an agent",
                    *_history_of(work, about, left),
                ]
            )


def _history_of(
    work: UnitOfWork, appointments: list[Appointment], left: Collection[UUID]
) -> Iterator[str]:
    """Yield a line for each thing done to appointments and people, in its order."""
    for it in appointments:
        agent = work.roster.person_name(it.agent_id) or "nobody"
        yield (
            f"  {it.id} {it.starts_at:%H:%M}-{it.ends_at:%H:%M} {it.language}"
            f" {it.branch_id} {it.status} {agent}"
        )
    owners = [*(str(it.id) for it in appointments), *map(str, left)]
    rows = work.session.connection().execute(text(HISTORY), {"owners": owners})
    for at, who, action, owner, detail in rows:
        yield f"  {at:%d %H:%M:%S} {who} {action} {owner} {detail}"


def _crowds(waiting: Iterable[Appointment]) -> Iterator[list[Appointment]]:
    """Yield those who wait so that none overlaps another group's, buffers included."""
    crowd: list[Appointment] = []
    for one in sorted(waiting, key=lambda it: it.buffered_period.start):
        start = one.buffered_period.start
        if crowd and start >= max(it.buffered_period.end for it in crowd):
            yield crowd
            crowd = []
        crowd.append(one)
    if crowd:
        yield crowd


def _lost(connection: Connection, acknowledged: Iterable[str]) -> Iterator[str]:
    """Look for what was made; only what was purged, and counted, may be gone."""
    stored = set(connection.execute(text("SELECT id FROM appointment")).scalars())
    missing = sorted({UUID(str(it)) for it in acknowledged} - stored)
    begun, purged = connection.execute(text(BEGUN_AND_PURGED)).one()
    if begun != len(stored) + purged:
        yield f"I3: of {begun}, {len(stored)} are there and {purged} were purged"
    if len(missing) > purged:
        for it in missing:
            yield f"I3: {it} was acknowledged and does not exist"


def _untold(connection: Connection) -> Iterator[str]:
    for message_id in connection.execute(text(REPEATED_IDS)).scalars():
        yield f"I4: Message-ID {message_id} is used twice"
    for promise in connection.execute(text(ORPHANS)).scalars():
        yield f"I4: outbox row {promise} is about no appointment"
    for stale, *facts in connection.execute(text(UNPROMISED)):
        yield f"I4: nobody promised to write {stale} to the host calendar: {facts}"
    for event in connection.execute(text(TWICE_THERE)).scalars():
        yield f"I4: event {event} stands for two appointments"
    for orphan in connection.execute(text(UNLINKED)).scalars():
        yield f"I4: {orphan} has no link"
    for misled in connection.execute(text(MAILED_OTHERWISE)).scalars():
        yield f"I4: the last mail about {misled} names another time"
    yield from _told_otherwise(connection)


def _told_otherwise(connection: Connection) -> Iterator[str]:
    """Compare every appointment with its history and its mails."""
    told, mailed = _histories(connection), _mails(connection)
    rows = connection.execute(
        text(
            "SELECT id::text, version, status, customer_email <> '', has_proof"
            " FROM appointment"
        )
    )
    for owner, version, status, has_mail, has_proof in rows:
        actions = told.get(owner, Counter())
        mails = mailed.get(owner, Counter())
        steps = sum(n for action, n in actions.items() if action not in UNCOUNTED)
        fits = {
            "beginning": sum(actions[it] for it in BEGINNINGS) == 1,
            f"version {version}": version == steps + 1,
            f"state {status}": _is_told(status, actions),
            f"mails {dict(mails)}": _owed(
                mails,
                _due(actions, mails) if has_mail else Counter(),
                has_proof=has_proof,
            ),
        }
        for what, is_so in fits.items():
            if not is_so:
                yield f"I4: {owner} has the wrong {what} after {dict(actions)}"


def _owed(mails: Counter[str], due: Counter[str], *, has_proof: bool) -> bool:
    """Whether mails are those owed; an address nobody has proven may get fewer."""
    return mails == due or (not has_proof and mails <= due)


def _histories(connection: Connection) -> dict[str, Counter[str]]:
    return _counted(
        connection,
        "SELECT object_id, action FROM audit WHERE object_kind = 'appointment'",
    )


def _mails(connection: Connection) -> dict[str, Counter[str]]:
    return _counted(
        connection,
        "SELECT appointment_id::text, payload ->> 'mail' FROM outbox"
        " WHERE payload ->> 'mail' <> 'links' UNION ALL "
        "SELECT appointment_id::text, 'taken back' FROM outbox"
        " WHERE state = 'dropped' AND payload ->> 'last_mailed' IS NOT NULL",
    )


def _counted(connection: Connection, query: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for owner, what in connection.execute(text(query)):
        found.setdefault(owner, Counter())[what] += 1
    return found


def _due(actions: Counter[str], mails: Counter[str]) -> Counter[str]:
    """Return the mails that the steps owe.

    A correction may or may not be told. Who moves an appointment back before its mail
    has begun takes that mail back, and there is nothing else to tell. Whoever does
    anything else to it by then takes it back too, and tells of the change in its place.
    """
    due: Counter[str] = Counter()
    for action, times in actions.items():
        if action in MAIL_OF:
            due[MAIL_OF[action]] += times
    handed_over = sum(actions[it] for it in HANDED_OVER)
    due["agent"] = min(mails["agent"], actions["changed"] + handed_over)
    due[TAKEN_BACK] = mails[TAKEN_BACK]
    corrections = mails["changed"] - due["changed"]
    told_anew = min(mails[TAKEN_BACK], handed_over)
    if -mails[TAKEN_BACK] <= corrections <= actions["changed"] + told_anew:
        due["changed"] += corrections
    return due


def _is_told(status: str, actions: Counter[str]) -> bool:
    """Whether the last word of the history is the state, and there is one such word."""
    ends = {
        Status.CANCELLED: actions["cancelled"] + actions["cancelled as late"],
        Status.EXPIRED: actions["expired"],
        Status.COMPLETED: actions["completed"],
        Status.ENDED: actions["ended"],
    }
    return sum(ends.values()) == (status in ends) and (
        status not in ends or ends[Status(status)] == 1
    )


def _wrong_sheets(work: UnitOfWork) -> Iterator[str]:
    for owner, language, day in work.agent_days.wrong(date.min):
        yield f"I2: the sheet of {owner} {language} on {day} is not what is taken"


def _broken_chain(work: UnitOfWork) -> Iterator[str]:
    config = load_config({"INVO_SECRET_KEYS": SECRET_KEYS})
    chain = audit_seals.audit_chain(config, work)
    while chain.seal(1000, utc_now()):
        pass
    for misfit in chain.misfits(utc_now())[:1]:
        yield f"I5: entry {misfit.place} of the audit chain {misfit.why.value}"
