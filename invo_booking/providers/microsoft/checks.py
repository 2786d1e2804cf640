"""Check the connection to Outlook 365, without writing anything."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.interval import Interval
from invo_booking.providers.findings import (
    LOOKED_AT,
    clock_finding,
    finding_of_call,
    right_finding,
    wrong_finding,
)
from invo_booking.providers.microsoft.graph import Graph, RefusedError
from invo_booking.providers.microsoft.groups import (
    accepts_outside_mail,
    is_member,
    is_owner,
    own_profile_call,
)
from invo_booking.providers.microsoft.hosts import Host
from invo_booking.providers.microsoft.schedule import ask_schedules
from invo_booking.providers.responses import VendorResponse
from invo_booking.texts import say


def connection_findings(
    graph: Graph, host: Host, probe: str
) -> Iterator[ConnectionFinding]:
    """Yield the findings; stop if the account itself cannot be read.

    Args:
        graph: The connected account.
        host: The host calendar.
        probe: A mailbox whose free/busy times are read as a test; empty for none.
    """
    try:
        answer = graph.answer(own_profile_call())
        me = graph.ask(own_profile_call())
    except ProviderError as error:
        yield wrong_finding(say("microsoft.checks.sign"), error)
        return
    address = str(me.get("mail") or me.get("userPrincipalName") or "")
    yield right_finding(
        say("microsoft.checks.sign"),
        say("microsoft.checks.sign_in_right", address=address),
    )
    yield _clock(graph, answer)
    yield _free_busy(graph, say("microsoft.checks.busy_name_own"), address)
    if probe:
        yield _free_busy(graph, say("microsoft.checks.busy_name_mailbox"), probe)
    if host.id:
        yield from _host_findings(graph, host)
    else:
        yield wrong_finding(
            say("microsoft.checks.host_calendar"), say("microsoft.checks.no_host")
        )


def _host_findings(graph: Graph, host: Host) -> Iterator[ConnectionFinding]:
    calendar = finding_of_call(
        say("microsoft.checks.host_calendar"), lambda: _read_host(graph, host)
    )
    yield calendar
    if host.is_own:
        return
    yield _membership(graph, host.id)
    yield _owner(graph, host.id)
    if calendar.ok:
        name = say("microsoft.checks.answers_name")
        yield finding_of_call(name, lambda: _outside_mail(graph, host.id))


def _clock(graph: Graph, answer: VendorResponse) -> ConnectionFinding:
    return clock_finding(
        say("microsoft.checks.clock"),
        answer,
        graph.caller.now(),
        right="microsoft.checks.clock_right",
        off="microsoft.checks.clock_off",
    )


def _free_busy(graph: Graph, name: str, mailbox: str) -> ConnectionFinding:
    def ask() -> str:
        now = graph.caller.now()
        window = Interval(now, now + LOOKED_AT)
        schedule = ask_schedules(graph, [mailbox], window, ZoneInfo("UTC"))[0]
        if schedule.problem:
            raise schedule.problem
        return say("microsoft.checks.busy_right", mailbox=mailbox)

    return finding_of_call(name, ask)


def _read_host(graph: Graph, host: Host) -> str:
    try:
        graph.ask(host.read_call())
    except RefusedError as refused:
        raise host.trouble(graph, refused) from refused
    return say("microsoft.checks.host_right")


def _membership(graph: Graph, host_id: str) -> ConnectionFinding:
    name = say("microsoft.checks.member_name")
    try:
        has_joined = is_member(graph, host_id)
    except ProviderError as error:
        return wrong_finding(name, error)
    if has_joined:
        return right_finding(name, say("microsoft.checks.member_right"))
    return wrong_finding(name, say("microsoft.checks.member_wrong"))


def _owner(graph: Graph, host_id: str) -> ConnectionFinding:
    name = say("microsoft.checks.owner_name")
    try:
        owns = is_owner(graph, host_id)
    except ProviderError as error:
        return wrong_finding(name, error)
    if owns:
        return right_finding(name, say("microsoft.checks.owner_right"))
    return wrong_finding(name, say("microsoft.checks.owner_wrong"))


def _outside_mail(graph: Graph, host_id: str) -> str:
    if accepts_outside_mail(graph, host_id):
        return say("microsoft.checks.answers_right")
    return say("microsoft.checks.answers_bounce")
