"""Mail administrators about problems of a connection, once for each problem."""

from datetime import date, datetime, timedelta

from invo_booking.domain.calendars.connection import (
    NEEDS_PERSON,
    Connection,
    ConnectionState,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import CACHE_INTERVAL
from invo_booking.texts import say
from invo_booking.texts.dates import date_text
from invo_booking.usecases.calendars.registration import FIELDS, provider_label
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

DOWN_FOR = timedelta(hours=1)
"""How long the reading of calendars must be overdue before administrators are
mailed."""

WARNED_DAYS = (60, 30, 7, 1)
"""Numbers of days before the client secret expires at which a warning is sent."""

_PASSES_BY_ITSELF = frozenset({ConnectionState.DOWN, ConnectionState.THROTTLED})
_OUT_OF_REACH = "connections.alerts.unreachable_body"
_NEEDS_YOU = "connections.alerts.needs_person_body"
_LAST_DAYS = "connections.alerts.secret_ends_body"


def alert_state_change(
    deps: Deps,
    work: UnitOfWork,
    connection: Connection,
    state: ConnectionState,
    problem: str,
) -> None:
    """Mail all administrators, once per state, if a person must repair a connection."""
    if state not in NEEDS_PERSON or not work.connections.mark_reported(
        connection.id, state
    ):
        return
    subject = say(
        "connections.alerts.needs_person_subject",
        provider=provider_label(connection.provider),
    )
    text = say(_NEEDS_YOU, problem=problem, page=connection_page_address(deps))
    notices.notify_administrators(work, subject, text, deps.now())


def warn_of_secret(deps: Deps) -> None:
    """Warn administrators ``WARNED_DAYS`` days before the client secret expires.

    May be called at any time. If several warnings are due because this function was not
    called in time, one mail is sent.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        ends = secret_end_date(work, connection.provider) if connection else None
        if connection is None or ends is None:
            return
        left = (ends - _today(work, now)).days
        due = [days for days in WARNED_DAYS if left <= days]
        if due and work.connections.mark_warned(connection.id, min(due)):
            _warn(deps, work, connection, ends)


def warn_of_outage(deps: Deps) -> None:
    """Mail administrators once if the provider has been down or throttled for an hour.

    May be called at any time.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        if connection is None or connection.state not in _PASSES_BY_ITSELF:
            return
        since = connection.succeeded_at or connection.connected_at
        if now - since < work.settings[CACHE_INTERVAL] + DOWN_FOR:
            return
        if work.connections.mark_reported(connection.id, ConnectionState.DOWN):
            name = provider_label(connection.provider)
            text = say(
                _OUT_OF_REACH,
                provider=name,
                problem=connection.problem,
                page=connection_page_address(deps),
            )
            notices.notify_administrators(
                work,
                say("connections.alerts.unreachable_subject", name=name),
                text,
                now,
            )


def report_kept_sign_in(deps: Deps, provider: str, problem: str) -> None:
    """Mail administrators that a sign-in was not revoked at the provider, and why."""
    subject = say(
        "connections.alerts.not_revoked_subject", provider=provider_label(provider)
    )
    with deps.unit_of_work() as work:
        notices.notify_administrators(work, subject, problem, deps.now())


def secret_end_date(work: UnitOfWork, provider: str) -> date | None:
    """Return the expiry date of a provider's client secret, if it was entered."""
    fields = FIELDS.get(provider)
    ends = fields.secret_ends if fields else None
    text = work.settings[ends] if ends else ""
    return date.fromisoformat(text) if text else None


def connection_page_address(deps: Deps) -> str:
    """Return the URL of the page about the connection."""
    return f"{deps.config.public_url.rstrip('/')}/settings/calendars"


def _warn(deps: Deps, work: UnitOfWork, connection: Connection, ends: date) -> None:
    now, name = deps.now(), provider_label(connection.provider)
    text = say(
        _LAST_DAYS,
        provider=name,
        ends=date_text(ends),
        in_days=_in_days((ends - _today(work, now)).days),
        page=connection_page_address(deps),
    )
    subject = say(
        "connections.alerts.secret_ends_subject", name=name, ends=date_text(ends)
    )
    notices.notify_administrators(work, subject, text, now)


def _in_days(left: int) -> str:
    if left <= 0:
        return ""
    return (
        say("connections.alerts.in_one_day")
        if left == 1
        else say("connections.alerts.in_days", left=left)
    )


def _today(work: UnitOfWork, now: datetime) -> date:
    return now.astimezone(work.roster.institution.zone).date()
