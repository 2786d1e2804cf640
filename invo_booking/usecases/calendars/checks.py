"""Let administrators check a connection and send a test appointment."""

from dataclasses import replace
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
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ProviderError,
)
from invo_booking.domain.errors import ConflictError, InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import ONLINE_MEETING
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.calendars import connecting
from invo_booking.usecases.calendars.connections import connection_in_use
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require_administrator
from invo_booking.usecases.shared.trials import TrialLimit, count_trial

TRIAL = "connections.checks.title"
SUBJECT = "connections.checks.event_title"
BODY = "connections.checks.event_text"
LASTS = timedelta(minutes=30)

HOUR = timedelta(hours=1)
MOST_TRIALS = 10
"""Maximum number of test appointments that one administrator can send within an
hour."""

_LIMIT = TrialLimit(
    what="trial event",
    most=MOST_TRIALS,
    within=HOUR,
    refusal="connections.checks.too_often",
)
_NO_MEETING = "connections.checks.no_meeting"
_WELL, _ILL = "+", "-"
"""Prefixes of the stored result of a test appointment: successful or failed. A repeated
submission returns the stored result."""


def test_connection(deps: Deps, actor: Actor, probe: str) -> list[ConnectionFinding]:
    """Check everything the connection needs. Writes nothing at the provider.

    If all checks pass and the connection was waiting for a person to repair it, the
    calendars are read at once.

    Args:
        probe: Mailbox whose free/busy times are read as a test; empty to skip this
            test.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        InvalidInputError: If the probe is not an e-mail address.
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
    """Write a half-hour event for tomorrow to the host calendar, and remove it again.

    The event invites the actor. The event has an online meeting if the settings give
    video appointments an online meeting.

    Args:
        key: Idempotency key; a repeated key writes nothing and returns the first
            result.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If nothing is connected.
        ConflictError: If no host calendar is chosen yet.
        TooManyRequestsError: After ten test appointments within an hour, successful or
            not.
    """
    require_administrator(actor)
    connection = connection_in_use(deps)
    if connection.host is None:
        raise ConflictError(say("connections.checks.no_host"))
    host = connection.host.name

    def write() -> str:
        with deps.unit_of_work() as work:
            count_trial(deps, work, f"trials by {actor.id}", _LIMIT)
            connecting.record_connection_change(
                deps, work, actor, "test appointment sent", connection
            )
        calendar, draft = calendar_of_connection(deps, connection), _draft(deps, actor)
        finding = _trial_finding(calendar, host, draft)
        return f"{_WELL if finding.ok else _ILL}{finding.sentence}"

    try:
        answer = submits.make_once_outside(deps, actor, key, say(TRIAL), write)
    except ProviderError as error:
        return ConnectionFinding(name=say(TRIAL), ok=False, sentence=str(error))
    return ConnectionFinding(
        name=say(TRIAL), ok=answer[:1] == _WELL, sentence=answer[1:]
    )


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


def _draft(deps: Deps, actor: Actor) -> EventDraft:
    with deps.unit_of_work() as work:
        meets_there = work.settings[ONLINE_MEETING]
    hour = deps.now().replace(minute=0, second=0, microsecond=0)
    start = hour + timedelta(days=1)
    period = Interval(start, start + LASTS)
    return EventDraft(
        key=uuid4(),
        subject=say(SUBJECT),
        body=say(BODY),
        period=period,
        attendees=((actor.email, actor.name),),
        online_meeting=meets_there,
    )


def _trial_finding(
    calendar: BackendCalendar, host: str, draft: EventDraft
) -> ConnectionFinding:
    event = _write_test_event(calendar, draft)
    if draft.online_meeting and not event.join_url:  # the meeting may exist by now
        event = calendar.event(event.id)
    removal = _removal_finding(calendar, host, event)
    if removal.ok and draft.online_meeting and not event.join_url:
        sentence = f"{removal.sentence} {say(_NO_MEETING)}"
        return replace(removal, ok=False, sentence=sentence)
    return removal


def _write_test_event(calendar: BackendCalendar, draft: EventDraft) -> HostEvent:
    """Create the event; if the provider's response was lost, search for the event."""
    try:
        return calendar.create(draft)
    except ProviderDownError as error:
        event = calendar.find(draft.key, draft.period) if error.ambiguous else None
        if event is None:
            raise
        return event


def _removal_finding(
    calendar: BackendCalendar, host: str, written: HostEvent
) -> ConnectionFinding:
    try:
        calendar.cancel(written.id)
    except ProviderError as error:
        at = say("connections.checks.at_utc", start=instant_text(written.period.start))
        sentence = say("connections.checks.not_deleted", host=host, at=at, error=error)
        return ConnectionFinding(name=say(TRIAL), ok=False, sentence=sentence)
    sentence = say("connections.checks.written", host=host)
    return ConnectionFinding(name=say(TRIAL), ok=True, sentence=sentence)
