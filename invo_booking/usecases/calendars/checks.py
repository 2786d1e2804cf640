"""Whether a connection works, looked at because somebody asked."""

from datetime import timedelta
from uuid import uuid4

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import (
    ConnectionFinding,
    EventDraft,
    HostEvent,
)
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.domain.errors import ConflictError, InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars import connecting
from invo_booking.usecases.calendars.connections import connection_in_use
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.ports import BackendCalendar
from invo_booking.usecases.shared.settings import require_administrator
from invo_booking.usecases.shared.trials import TrialLimit, count_trial

TRIAL = "Test appointment"
SUBJECT = "Invo Booking: test appointment"
BODY = (
    "Invo Booking wrote this to see whether it can, and takes it out again at once. "
    "If it is still here, delete it: no customer is concerned."
)
LASTS = timedelta(minutes=30)

HOUR = timedelta(hours=1)
MOST_TRIALS = 10
"""Test appointments that one administrator can send within an hour."""

_LIMIT = TrialLimit(
    what="trial event",
    most=MOST_TRIALS,
    within=HOUR,
    refusal=f"You sent {MOST_TRIALS} test appointments within an hour. “Test "
    "connection” names what is missing without writing anything.",
)
_WELL, _ILL = "+", "-"
"""Begin what is kept of a trial, so that a repeated press is told the same."""


def test_connection(deps: Deps, actor: Actor, probe: str) -> list[ConnectionFinding]:
    """Look at everything the connection needs; nothing is written at the provider.

    What was mended since the last run is made use of at once.

    Args:
        deps: The product's parts.
        actor: Who asks.
        probe: A mailbox whose free and busy is asked for as well; empty for none.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        InvalidInputError: If the probe is no e-mail address.
    """
    require_administrator(actor)
    mailbox = _mailbox(probe)
    connection = connection_in_use(deps)
    findings = _findings(deps, connection, mailbox)
    with deps.unit_of_work() as work:
        connecting.record_connection_change(deps, work, actor, "tested", connection)
        is_well = all(finding.ok for finding in findings)
        if is_well and connection.needs_person:
            work.connections.schedule_run(connection.id, deps.now())
    deps.wake()
    return findings


def send_test_appointment(
    deps: Deps, actor: Actor, *, key: str = ""
) -> ConnectionFinding:
    """Write half an hour tomorrow to the host calendar, and take it out again.

    Args:
        deps: The product's parts.
        actor: Who asks.
        key: Idempotency key; repeating it writes nothing and returns the first answer.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        ConflictError: If no calendar hosts appointments yet.
        TooManyRequestsError: After ten within an hour, whatever came of them.
    """
    require_administrator(actor)
    connection = connection_in_use(deps)
    if connection.host is None:
        raise ConflictError("Choose the calendar that hosts appointments first.")
    host = connection.host.name

    def write() -> str:
        with deps.unit_of_work() as work:
            count_trial(deps, work, f"trials by {actor.id}", _LIMIT)
            connecting.record_connection_change(
                deps, work, actor, "test appointment sent", connection
            )
        calendar, draft = calendar_of_connection(deps, connection), _draft(deps)
        found = _removal_finding(calendar, host, _write_test_event(calendar, draft))
        return f"{_WELL if found.ok else _ILL}{found.sentence}"

    try:
        answer = submits.make_once_outside(deps, actor, key, TRIAL, write)
    except ProviderError as error:
        return ConnectionFinding(name=TRIAL, ok=False, sentence=str(error))
    return ConnectionFinding(name=TRIAL, ok=answer[:1] == _WELL, sentence=answer[1:])


def _mailbox(probe: str) -> str:
    try:
        return contact.clean_optional_email(probe)
    except ValueError as error:
        raise InvalidInputError({"probe": str(error)}) from error


def _findings(
    deps: Deps, connection: Connection, probe: str
) -> list[ConnectionFinding]:
    try:
        return calendar_of_connection(deps, connection).check(probe)
    except ProviderError as error:
        name = provider_label(connection.provider)
        return [ConnectionFinding(name=name, ok=False, sentence=str(error))]


def _draft(deps: Deps) -> EventDraft:
    hour = deps.now().replace(minute=0, second=0, microsecond=0)
    start = hour + timedelta(days=1)
    period = Interval(start, start + LASTS)
    return EventDraft(key=uuid4(), subject=SUBJECT, body=BODY, period=period)


def _write_test_event(calendar: BackendCalendar, draft: EventDraft) -> HostEvent:
    """Return the event; one whose answer was lost is looked for, not made again."""
    try:
        return calendar.create(draft)
    except ProviderDownError as error:
        found = calendar.find(draft.key, draft.period) if error.ambiguous else None
        if found is None:
            raise
        return found


def _removal_finding(
    calendar: BackendCalendar, host: str, written: HostEvent
) -> ConnectionFinding:
    try:
        calendar.cancel(written.id)
    except ProviderError as error:
        at = f"{written.period.start:%-d %B, %H:%M} UTC"
        sentence = f"It was written to {host} for {at}, but not taken out. {error}"
        return ConnectionFinding(name=TRIAL, ok=False, sentence=sentence)
    sentence = f"It was written to the calendar of {host} and taken out again."
    return ConnectionFinding(name=TRIAL, ok=True, sentence=sentence)
