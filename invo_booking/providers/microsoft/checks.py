"""Check the connection to Outlook 365, without writing anything."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from invo_booking.providers.http import VendorResponse, clock_difference
from invo_booking.providers.microsoft.graph import Call, Graph, RefusedError, rows_of
from invo_booking.providers.microsoft.groups import (
    group_call,
    is_owner,
    missing_group_error,
)
from invo_booking.providers.microsoft.permissions import PROFILE
from invo_booking.providers.microsoft.schedule import read_availabilities, schedule_call

LARGEST_DIFFERENCE = timedelta(minutes=5)
LOOKED_AT = timedelta(days=1)
_ME = Call(
    method="GET",
    path="/me",
    query={"$select": "id,mail,userPrincipalName"},
    needs=(PROFILE,),
    purpose="read its own profile",
)


def connection_findings(
    graph: Graph, host_id: str, probe: str
) -> Iterator[ConnectionFinding]:
    """Yield the findings; stop if the sign-in has ended."""
    try:
        answer = graph.answer(_ME)
        me = graph.ask(_ME)
    except ProviderError as error:
        yield ConnectionFinding(name="Sign-in", ok=False, sentence=str(error))
        return
    address = str(me.get("mail") or me.get("userPrincipalName") or "")
    yield ConnectionFinding(
        name="Sign-in", ok=True, sentence=f"Signed in to Microsoft as {address}."
    )
    yield _clock(graph, answer)
    yield _free_busy(graph, "Free and busy of the connected account", address)
    if probe:
        yield _free_busy(graph, "Free and busy of the mailbox given", probe)
    if host_id:
        yield _finding_of_call("Host calendar", lambda: _read_host(graph, host_id))
        yield _owner(graph, host_id)
    else:
        yield ConnectionFinding(
            name="Host calendar",
            ok=False,
            sentence="No host calendar is chosen. Choose or make one above.",
        )


def _clock(graph: Graph, answer: VendorResponse) -> ConnectionFinding:
    apart = abs(clock_difference(answer, graph.caller.now()))
    if apart <= LARGEST_DIFFERENCE:
        return ConnectionFinding(
            name="Clock", ok=True, sentence="This server's clock is right."
        )
    minutes = round(apart / timedelta(minutes=1))
    return ConnectionFinding(
        name="Clock",
        ok=False,
        sentence=f"This server's clock is {minutes} minutes away from Microsoft's. "
        "Have it set by a time server; sign-ins may fail until then.",
    )


def _free_busy(graph: Graph, name: str, mailbox: str) -> ConnectionFinding:
    def ask() -> str:
        now = graph.caller.now()
        call = schedule_call([mailbox], Interval(now, now + LOOKED_AT))
        answered = rows_of(graph.ask(call))
        found = read_availabilities([mailbox], answered, ZoneInfo("UTC"))[0]
        if found.problem:
            raise found.problem
        return f"Microsoft tells when {mailbox} is busy."

    return _finding_of_call(name, ask)


def _read_host(graph: Graph, host_id: str) -> str:
    try:
        graph.ask(group_call("/calendar", host_id, query={"$select": "id"}))
    except RefusedError as refused:
        if refused.is_missing:
            raise missing_group_error(graph, host_id) from refused
        raise
    return "The calendar that hosts appointments can be read."


def _owner(graph: Graph, host_id: str) -> ConnectionFinding:
    name = "Owner of the host calendar"
    try:
        owns = is_owner(graph, host_id)
    except ProviderError as error:
        return ConnectionFinding(name=name, ok=False, sentence=str(error))
    return ConnectionFinding(
        name=name,
        ok=owns,
        sentence="The connected account owns the group."
        if owns
        else "The connected account does not own the group. Make it an owner, so that "
        "it goes on working when others leave the group.",
    )


def _finding_of_call(name: str, look: Callable[[], str]) -> ConnectionFinding:
    try:
        return ConnectionFinding(name=name, ok=True, sentence=look())
    except ProviderError as error:
        return ConnectionFinding(name=name, ok=False, sentence=str(error))
