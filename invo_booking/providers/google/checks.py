"""Check the connection to Google Calendar, without writing anything."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.google import calendars
from invo_booking.providers.google.api import Api
from invo_booking.providers.google.free_busy import ask_free_busy
from invo_booking.providers.http import clock_difference

LARGEST_DIFFERENCE = timedelta(minutes=5)
LOOKED_AT = timedelta(days=1)


def connection_findings(
    api: Api, read_host: Call | None, probe: str
) -> Iterator[ConnectionFinding]:
    """Yield the findings; stop if the sign-in has ended.

    Args:
        api: Where to ask.
        read_host: The call that reads the host calendar; ``None`` if none is chosen.
        probe: A mailbox for a free/busy question; empty for none.
    """
    try:
        address = str(calendars.own_entry(api).get("id") or "")
    except ProviderError as error:
        yield _bad("Sign-in", str(error))
        return
    yield _good("Sign-in", f"Signed in to Google as {address}.")
    yield _clock(api)
    yield _free_busy(api, "Free and busy of the connected account", address, address)
    if probe:
        yield _free_busy(api, "Free and busy of the mailbox given", probe, address)
    if read_host is None:
        text = "No host calendar is chosen. Choose or make one above."
        yield _bad("Host calendar", text)
        return
    yield from _host(api, read_host)


def _host(api: Api, read_host: Call) -> Iterator[ConnectionFinding]:
    def read() -> str:
        api.ask(read_host)
        return "The calendar that hosts appointments can be read."

    yield _finding_of_call("Host calendar", read)
    name = "Owner of the host calendar"
    try:
        role = calendars.host_role(api, read_host.at["calendar"])
    except ProviderError as error:
        yield _bad(name, str(error))
        return
    if role == calendars.OWNER:
        yield _good(name, "The connected account owns the calendar.")
        return
    yield _bad(
        name,
        "The connected account does not own the calendar that hosts appointments, so "
        "it may not write there. Choose one that it owns, or make one.",
    )


def _clock(api: Api) -> ConnectionFinding:
    answer = api.answer(
        Call(
            method="GET",
            path="/users/me/calendarList",
            query={"maxResults": "1", "fields": "kind"},
            purpose="see the list of its calendars",
        )
    )
    apart = abs(clock_difference(answer, api.caller.now()))
    if apart <= LARGEST_DIFFERENCE:
        return _good("Clock", "This server's clock is right.")
    minutes = round(apart / timedelta(minutes=1))
    return _bad(
        "Clock",
        f"This server's clock is {minutes} minutes away from Google's. Have it set by "
        "a time server; sign-ins may fail until then.",
    )


def _free_busy(api: Api, name: str, mailbox: str, account: str) -> ConnectionFinding:
    def ask() -> str:
        now = api.caller.now()
        window = Interval(now, now + LOOKED_AT)
        answer = ask_free_busy(api, [mailbox], window, account)[0]
        if answer.problem:
            raise answer.problem
        return f"Google tells when {mailbox} is busy."

    return _finding_of_call(name, ask)


def _finding_of_call(name: str, look: Callable[[], str]) -> ConnectionFinding:
    try:
        return _good(name, look())
    except ProviderError as error:
        return _bad(name, str(error))


def _good(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=True, sentence=sentence)


def _bad(name: str, sentence: str) -> ConnectionFinding:
    return ConnectionFinding(name=name, ok=False, sentence=sentence)
