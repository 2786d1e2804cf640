"""Check the connection to Google Calendar, without writing anything."""

from collections.abc import Iterator

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from invo_booking.providers.calls import Call
from invo_booking.providers.findings import (
    LOOKED_AT,
    clock_finding,
    finding_of_call,
    right_finding,
    wrong_finding,
)
from invo_booking.providers.google import calendars
from invo_booking.providers.google.api import Api
from invo_booking.providers.google.free_busy import ask_free_busy
from invo_booking.texts import say


def connection_findings(
    api: Api, read_host: Call | None, probe: str
) -> Iterator[ConnectionFinding]:
    """Yield the findings; stop if the account itself cannot be read.

    Args:
        api: The connected account.
        read_host: The call that reads the host calendar; ``None`` if none is chosen.
        probe: A mailbox whose free/busy times are read as a test; empty for none.
    """
    try:
        address = str(calendars.own_entry(api).get("id") or "")
    except ProviderError as error:
        yield wrong_finding(say("google.checks.sign"), error)
        return
    yield right_finding(
        say("google.checks.sign"), say("google.checks.sign_in_right", address=address)
    )
    yield _clock(api)
    yield _free_busy(api, say("google.checks.busy_name_own"), address, address)
    if probe:
        yield _free_busy(api, say("google.checks.busy_name_mailbox"), probe, address)
    if read_host is None:
        text = say("google.checks.no_host")
        yield wrong_finding(say("google.checks.host_calendar"), text)
        return
    yield from _host(api, read_host)


def _host(api: Api, read_host: Call) -> Iterator[ConnectionFinding]:
    def read() -> str:
        api.ask(read_host)
        return say("google.checks.host_right")

    yield finding_of_call(say("google.checks.host_calendar"), read)
    name = say("google.checks.owner_name")
    try:
        role = calendars.host_role(api, read_host.at["calendar"])
    except ProviderError as error:
        yield wrong_finding(name, error)
        return
    if role == calendars.OWNER:
        yield right_finding(name, say("google.checks.owner_right"))
    else:
        yield wrong_finding(name, say("google.checks.owner_wrong"))


def _clock(api: Api) -> ConnectionFinding:
    answer = api.answer(
        Call(
            method="GET",
            path="/users/me/calendarList",
            query={"maxResults": "1", "fields": "kind"},
            purpose=say("google.calendars.purpose_list"),
        )
    )
    return clock_finding(
        say("google.checks.clock"),
        answer,
        api.caller.now(),
        right="google.checks.clock_right",
        off="google.checks.clock_off",
    )


def _free_busy(api: Api, name: str, mailbox: str, account: str) -> ConnectionFinding:
    def ask() -> str:
        now = api.caller.now()
        window = Interval(now, now + LOOKED_AT)
        answer = ask_free_busy(api, [mailbox], window, account)[0]
        if answer.problem:
            raise answer.problem
        return say("google.checks.busy_right", mailbox=mailbox)

    return finding_of_call(name, ask)
