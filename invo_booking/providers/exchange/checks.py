"""Check the connection to an Exchange server, without writing anything."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from invo_booking.domain.calendars.outside import ConnectionFinding, ServerAccount
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import events
from invo_booking.providers.exchange.free_busy import ask_free_busy
from invo_booking.providers.exchange.soap import Services, SoapResponse, single_message
from invo_booking.providers.exchange.versions import OLDEST, ServerVersion
from invo_booking.providers.exchange.xml import TYPES, message_element, type_element
from invo_booking.providers.http import clock_difference

LARGEST_DIFFERENCE: Final = timedelta(minutes=5)
LOOKED_AT: Final = timedelta(days=1)
SERVER, CERTIFICATE, SIGN_IN = "Server", "Certificate", "Sign-in"
VERSION, HOST, CLOCK = "Version", "Calendar of the service account", "Clock"
NAMES: Final = {
    "exchange2013": "Exchange Server 2013",
    "exchange2016": "Exchange Server 2016",
    "exchange2019": "Exchange Server 2019",
    "exchangese": "Exchange Server Subscription Edition",
}


def connection_findings(
    services: Services, account: ServerAccount, probe: str, now: datetime
) -> Iterator[ConnectionFinding]:
    """Yield the findings, in order; the first bad one of the connection is the last.

    Args:
        services: Where to ask.
        account: The account, as the settings name it.
        probe: A mailbox for a free/busy question; empty for none.
        now: The present instant in UTC.
    """
    try:
        answer = services.ask(_folder_question())
    except ProviderError as error:
        yield from _why_not_connected(error)
        return
    yield _good(SERVER, "The Exchange server can be reached.")
    yield _good(CERTIFICATE, "Its certificate is trusted.")
    yield _good(SIGN_IN, f"Signed in to Exchange as {account.user}.")
    yield _version(answer.version, account.version)
    yield _clock(answer, now)
    yield _host(answer)
    if mailbox := probe or account.mailbox:
        yield _free_busy(services, mailbox, now)


def _why_not_connected(error: ProviderError) -> Iterator[ConnectionFinding]:
    """Yield which step failed, and those before it that did not."""
    name = _failed_step(error)
    if name in {CERTIFICATE, SIGN_IN}:
        yield _good(SERVER, "The Exchange server can be reached.")
    if name == SIGN_IN:
        yield _good(CERTIFICATE, "Its certificate is trusted.")
    yield _bad(name, str(error))


def _failed_step(error: ProviderError) -> str:
    if isinstance(error, ReconnectError | PermissionMissingError | ThrottledError):
        return SIGN_IN
    is_certificate = isinstance(error, ProviderDownError) and "certificate" in str(
        error
    )
    return CERTIFICATE if is_certificate else SERVER


def _folder_question() -> ET.Element:
    return message_element(
        "GetFolder",
        message_element(
            "FolderShape",
            type_element("BaseShape", text="IdOnly"),
            type_element(
                "AdditionalProperties",
                type_element("FieldURI", FieldURI="folder:EffectiveRights"),
            ),
        ),
        message_element("FolderIds", events.own_folder()),
    )


def _version(server: ServerVersion | None, chosen: str) -> ConnectionFinding:
    if server is None:
        return _good(VERSION, "The server does not tell its version, which is fine.")
    label = NAMES.get(server.name, "Exchange Server")
    sentence = f"{label} ({server.number}) answers."
    if server.major < OLDEST:
        return _bad(VERSION, f"{sentence} Connect Exchange Server 2013 or newer.")
    if chosen and server.name and server.name != chosen:
        return _bad(
            VERSION,
            f"{sentence} The settings say {NAMES.get(chosen, chosen)}: correct "
            "“Exchange server version”, or the address if this is another server than "
            "meant.",
        )
    return _good(VERSION, sentence)


def _clock(answer: SoapResponse, now: datetime) -> ConnectionFinding:
    apart = abs(clock_difference(answer.response, now))
    if apart <= LARGEST_DIFFERENCE:
        return _good(CLOCK, "This server's clock is right.")
    minutes = round(apart / timedelta(minutes=1))
    return _bad(
        CLOCK,
        f"This server's clock is {minutes} minutes away from that of Exchange. Have it "
        "set by a time server; sign-ins may fail until then.",
    )


def _host(answer: SoapResponse) -> ConnectionFinding:
    try:
        rights = single_message(answer).find(f".//{TYPES}EffectiveRights")
    except ProviderError as error:
        return _bad(HOST, str(error))
    needed = ("Read", "CreateContents", "Modify", "Delete")
    texts = {it.tag.removeprefix(TYPES): it.text for it in rights or ()}
    lacking = [name for name in needed if texts.get(name, "true") != "true"]
    if lacking:
        return _bad(
            HOST,
            "The service account may not write to its own calendar (missing: "
            f"{', '.join(lacking)}). Give it its own mailbox with full access.",
        )
    return _good(HOST, "It can be read, and appointments can be written to it.")


def _free_busy(services: Services, mailbox: str, now: datetime) -> ConnectionFinding:
    name = f"Free and busy of {mailbox}"
    try:
        window = Interval(now, now + LOOKED_AT)
        answer = ask_free_busy(services, [mailbox], window)[0]
    except ProviderError as error:
        return _bad(name, str(error))
    if answer.problem:
        return _bad(name, str(answer.problem))
    return _good(name, f"Exchange tells when {mailbox} is busy.")


def _good(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=True, sentence=sentence)


def _bad(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=False, sentence=sentence)
