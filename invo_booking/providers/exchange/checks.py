# pyright: standard
# exchangelib has no types.
"""Check the connection to an Exchange server, without writing anything."""

from collections.abc import Iterator
from datetime import datetime
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
from invo_booking.providers.findings import (
    LOOKED_AT,
    clock_finding,
    right_finding,
    wrong_finding,
)
from invo_booking.texts import say

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
    yield right_finding(say(SERVER), say("exchange.checks.server_right"))
    yield right_finding(say(CERTIFICATE), say("exchange.checks.certificate_right"))
    yield right_finding(
        say(SIGN_IN), say("exchange.checks.sign_in_right", user=account.user)
    )
    yield _version(answer.version, account.version)
    yield _clock(answer, now)
    yield _host(answer)
    if mailbox := probe or account.mailbox:
        yield _free_busy(services, mailbox, now)


def _why_not_connected(error: ProviderError) -> Iterator[ConnectionFinding]:
    """Yield the steps that succeeded, then the step that failed."""
    name = _failed_step(error)
    if name in {CERTIFICATE, SIGN_IN}:
        yield right_finding(say(SERVER), say("exchange.checks.server_right"))
    if name == SIGN_IN:
        yield right_finding(say(CERTIFICATE), say("exchange.checks.certificate_right"))
    yield wrong_finding(say(name), error)


def _failed_step(error: ProviderError) -> str:
    if isinstance(error, ReconnectError | PermissionMissingError | ThrottledError):
        return SIGN_IN
    is_certificate = isinstance(error, ProviderDownError) and "certificate" in str(
        error
    )
    return CERTIFICATE if is_certificate else SERVER


def _version(server: ServerVersion | None, chosen: str) -> ConnectionFinding:
    if server is None:
        return right_finding(say(VERSION), say("exchange.checks.version_untold"))
    label = NAMES.get(server.name, "Exchange Server")
    sentence = say("exchange.checks.answers", label=label, number=server.number)
    if server.major < OLDEST:
        too_old = say("exchange.checks.version_too_old", reason=sentence)
        return wrong_finding(say(VERSION), too_old)
    if chosen and server.name and server.name != chosen:
        return wrong_finding(
            say(VERSION),
            say(
                "exchange.checks.version_differs",
                reason=sentence,
                get=NAMES.get(chosen, chosen),
            ),
        )
    return right_finding(say(VERSION), sentence)


def _clock(answer: FolderAnswer, now: datetime) -> ConnectionFinding:
    return clock_finding(
        say(CLOCK),
        answer.response,
        now,
        right="exchange.checks.clock_right",
        off="exchange.checks.clock_off",
    )


def _host(answer: FolderAnswer) -> ConnectionFinding:
    if answer.problem:
        return wrong_finding(say(HOST), answer.problem)
    lacking = [
        name for right, name in RIGHTS.items() if not answer.rights.get(right, True)
    ]
    if lacking:
        return wrong_finding(
            say(HOST),
            say("exchange.checks.calendar_read_only", list=", ".join(lacking)),
        )
    return right_finding(say(HOST), say("exchange.checks.calendar_right"))


def _free_busy(services: Services, mailbox: str, now: datetime) -> ConnectionFinding:
    name = say("exchange.checks.busy_name", mailbox=mailbox)
    try:
        window = Interval(now, now + LOOKED_AT)
        answer = ask_free_busy(services, [mailbox], window)[0]
    except ProviderError as error:
        return wrong_finding(name, error)
    if answer.problem:
        return wrong_finding(name, answer.problem)
    return right_finding(name, say("exchange.checks.busy_right", mailbox=mailbox))
