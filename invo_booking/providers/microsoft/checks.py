"""Check the connection to Outlook 365, without writing anything."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from invo_booking.providers.http import VendorResponse, clock_difference
from invo_booking.providers.microsoft.graph import Graph, RefusedError
from invo_booking.providers.microsoft.groups import (
    OWN_PROFILE,
    HostGroup,
    accepts_outside_mail,
    group_call,
    is_member,
    is_owner,
    missing_group_error,
)
from invo_booking.providers.microsoft.schedule import ask_schedules

LARGEST_DIFFERENCE = timedelta(minutes=5)
LOOKED_AT = timedelta(days=1)


def connection_findings(
    graph: Graph, host: HostGroup, probe: str
) -> Iterator[ConnectionFinding]:
    """Yield the findings; stop if the sign-in has ended."""
    try:
        answer = graph.answer(OWN_PROFILE)
        me = graph.ask(OWN_PROFILE)
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
    if host.id:
        yield from _host_findings(graph, host)
    else:
        yield ConnectionFinding(
            name="Host calendar",
            ok=False,
            sentence="No host calendar is chosen. Choose or make one above.",
        )


def _host_findings(graph: Graph, host: HostGroup) -> Iterator[ConnectionFinding]:
    calendar = _finding_of_call("Host calendar", lambda: _read_host(graph, host))
    yield calendar
    yield _membership(graph, host.id)
    yield _owner(graph, host.id)
    if calendar.ok:
        name = "Answers of customers"
        yield _finding_of_call(name, lambda: _outside_mail(graph, host.id))


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
        window = Interval(now, now + LOOKED_AT)
        schedule = ask_schedules(graph, [mailbox], window, ZoneInfo("UTC"))[0]
        if schedule.problem:
            raise schedule.problem
        return f"Microsoft tells when {mailbox} is busy."

    return _finding_of_call(name, ask)


def _read_host(graph: Graph, host: HostGroup) -> str:
    try:
        graph.ask(group_call("/calendar", host.id, query={"$select": "id"}))
    except RefusedError as refused:
        if refused.is_missing:
            raise missing_group_error(graph, host) from refused
        raise
    return "The calendar that hosts appointments can be read."


def _membership(graph: Graph, host_id: str) -> ConnectionFinding:
    name = "Member of the host calendar"
    try:
        has_joined = is_member(graph, host_id)
    except ProviderError as error:
        return ConnectionFinding(name=name, ok=False, sentence=str(error))
    return ConnectionFinding(
        name=name,
        ok=has_joined,
        sentence="The connected account is a member of the group."
        if has_joined
        else "The connected account is no member of the group, so Microsoft keeps it "
        "out of the group's calendar, even if it owns the group. Add it to the group "
        "as a member in Outlook or in the Microsoft 365 admin center.",
    )


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


def _outside_mail(graph: Graph, host_id: str) -> str:
    if accepts_outside_mail(graph, host_id):
        return "Customers who are invited can accept and decline."
    return (
        "The group takes no mail from outside. If customers are invited from the host "
        "calendar, their answers bounce: let people outside the organization write to "
        "the group, in its settings in Outlook."
    )


def _finding_of_call(name: str, look: Callable[[], str]) -> ConnectionFinding:
    try:
        return ConnectionFinding(name=name, ok=True, sentence=look())
    except ProviderError as error:
        return ConnectionFinding(name=name, ok=False, sentence=str(error))
