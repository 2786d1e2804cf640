# pyright: standard
# exchangelib has no types.
"""Check the connection to an Exchange server, without writing anything."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from exchangelib.fields import FieldPath
from exchangelib.folders import Calendar

from invo_booking.domain.calendars.outside import ConnectionFinding, ServerAccount
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange.free_busy import ask_free_busy
from invo_booking.providers.exchange.services import (
    RIGHTS,
    FolderAnswer,
    GetFolder,
    Services,
)
from invo_booking.providers.exchange.versions import OLDEST, ServerVersion
from invo_booking.providers.responses import clock_difference
from invo_booking.texts import say

LARGEST_DIFFERENCE: Final = timedelta(minutes=5)
LOOKED_AT: Final = timedelta(days=1)
SERVER, CERTIFICATE, SIGN_IN = (
    "exchange.checks.server",
    "exchange.checks.certificate",
    "exchange.checks.sign",
)
VERSION, HOST, CLOCK = (
    "exchange.checks.version",
    "exchange.checks.calendar_name",
    "exchange.checks.clock",
)
_RIGHTS_ONLY = [FieldPath(Calendar.get_field_by_fieldname("effective_rights"))]
NAMES: Final = {
    "exchange2013": "Exchange Server 2013",
    "exchange2016": "Exchange Server 2016",
    "exchange2019": "Exchange Server 2019",
    "exchangese": "Exchange Server Subscription Edition",
}


def connection_findings(
    services: Services, account: ServerAccount, probe: str, now: datetime
) -> Iterator[ConnectionFinding]:
    """Yield the findings in order; stop if the server or the sign-in fails.

    Args:
        services: The server's web services.
        account: The account from the settings.
        probe: A mailbox whose free/busy times are read as a test; empty for none.
        now: The current instant in UTC.
    """
    try:
        answer = services.ask(lambda it: GetFolder(it).answer(_RIGHTS_ONLY))
    except ProviderError as error:
        yield from _why_not_connected(error)
        return
    yield _good(say(SERVER), say("exchange.checks.server_right"))
    yield _good(say(CERTIFICATE), say("exchange.checks.certificate_right"))
    yield _good(say(SIGN_IN), say("exchange.checks.sign_in_right", user=account.user))
    yield _version(answer.version, account.version)
    yield _clock(answer, now)
    yield _host(answer)
    if mailbox := probe or account.mailbox:
        yield _free_busy(services, mailbox, now)


def _why_not_connected(error: ProviderError) -> Iterator[ConnectionFinding]:
    """Yield the steps that succeeded, then the step that failed."""
    name = _failed_step(error)
    if name in {CERTIFICATE, SIGN_IN}:
        yield _good(say(SERVER), say("exchange.checks.server_right"))
    if name == SIGN_IN:
        yield _good(say(CERTIFICATE), say("exchange.checks.certificate_right"))
    yield _bad(say(name), str(error))


def _failed_step(error: ProviderError) -> str:
    if isinstance(error, ReconnectError | PermissionMissingError | ThrottledError):
        return SIGN_IN
    is_certificate = isinstance(error, ProviderDownError) and "certificate" in str(
        error
    )
    return CERTIFICATE if is_certificate else SERVER


def _version(server: ServerVersion | None, chosen: str) -> ConnectionFinding:
    if server is None:
        return _good(say(VERSION), say("exchange.checks.version_untold"))
    label = NAMES.get(server.name, "Exchange Server")
    sentence = say("exchange.checks.answers", label=label, number=server.number)
    if server.major < OLDEST:
        return _bad(
            say(VERSION),
            say("exchange.checks.version_too_old", reason=sentence),
        )
    if chosen and server.name and server.name != chosen:
        return _bad(
            say(VERSION),
            say(
                "exchange.checks.version_differs",
                reason=sentence,
                get=NAMES.get(chosen, chosen),
            ),
        )
    return _good(say(VERSION), sentence)


def _clock(answer: FolderAnswer, now: datetime) -> ConnectionFinding:
    apart = abs(clock_difference(answer.response, now))
    if apart <= LARGEST_DIFFERENCE:
        return _good(say(CLOCK), say("exchange.checks.clock_right"))
    minutes = round(apart / timedelta(minutes=1))
    return _bad(
        say(CLOCK),
        say("exchange.checks.clock_off", minutes=minutes),
    )


def _host(answer: FolderAnswer) -> ConnectionFinding:
    if answer.problem:
        return _bad(say(HOST), str(answer.problem))
    lacking = [
        name for right, name in RIGHTS.items() if not answer.rights.get(right, True)
    ]
    if lacking:
        return _bad(
            say(HOST),
            say("exchange.checks.calendar_read_only", list=", ".join(lacking)),
        )
    return _good(say(HOST), say("exchange.checks.calendar_right"))


def _free_busy(services: Services, mailbox: str, now: datetime) -> ConnectionFinding:
    name = say("exchange.checks.busy_name", mailbox=mailbox)
    try:
        window = Interval(now, now + LOOKED_AT)
        answer = ask_free_busy(services, [mailbox], window)[0]
    except ProviderError as error:
        return _bad(name, str(error))
    if answer.problem:
        return _bad(name, str(answer.problem))
    return _good(name, say("exchange.checks.busy_right", mailbox=mailbox))


def _good(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=True, sentence=sentence)


def _bad(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=False, sentence=sentence)
