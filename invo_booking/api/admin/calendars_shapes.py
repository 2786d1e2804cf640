"""Requests and responses about outside calendars."""

from datetime import date
from typing import Annotated

from pydantic import Field

from invo_booking.api.core.shapes import Body, InstantText, ResponseModel, read_from
from invo_booking.domain.calendars.connection import ConnectionState

ProviderName = Annotated[str, Field(max_length=12)]


class PermissionResponse(ResponseModel):
    """A permission at the provider."""

    name: str
    purpose: str
    granted: bool


class HostCalendarResponse(ResponseModel):
    """A calendar that is or can be the host calendar."""

    id: str
    name: str
    address: str
    is_owner: bool | None


class HostCalendarsResponse(ResponseModel):
    """The calendars to choose from."""

    hosts: tuple[HostCalendarResponse, ...]


class ConnectionResponse(ResponseModel):
    """The state of the connection, without its tokens.

    Attributes:
        problem: Why the connection does not work, and what to do; empty if it does.
        unreadable: Events of the host calendar that cannot be read; empty if all can.
        succeeded_at: Time at which all outside calendars were last read completely.
        paused_until: The provider allows no calls before this instant.
    """

    provider: str
    state: ConnectionState
    problem: str
    unreadable: str
    account: str
    account_name: str
    host: HostCalendarResponse | None
    connected_by: str
    connected_at: InstantText
    succeeded_at: InstantText | None
    next_run_at: InstantText | None
    paused_until: InstantText | None


class UnreadAgentResponse(ResponseModel):
    """An agent whose calendar cannot be read.

    Attributes:
        code: The provider's own name of the failure; empty if it gave none.
        sentence: What is wrong and what to do.
        since: Time of the first failure after the last successful reading.
    """

    name: str
    mailbox: str
    code: str
    sentence: str
    since: InstantText


class CalendarsResponse(ResponseModel):
    """The primary provider, its requirements, and the state of the connection.

    Attributes:
        missing: Labels of the settings that a sign-in needs but that are not set.
        unknown_agents: Names and mailboxes of agents whom the provider does not know;
            only appointments make these agents busy.
        unread_agents: Agents whose calendar cannot be read; the calendar unread for the
            longest time comes first.
        redirect_uri: Redirect address for the registration at the provider.
        conflicts: Number of appointments with a conflict that staff must resolve.
        waiting: Number of appointments still to be written to the host calendar.
        removals_failed: Number of events that could not be removed from a host calendar
            in the last 30 days.
    """

    provider: str
    missing: tuple[str, ...] = read_from("missing_fields")
    connection: ConnectionResponse | None
    permissions: tuple[PermissionResponse, ...]
    unknown_agents: tuple[str, ...]
    unread_agents: tuple[UnreadAgentResponse, ...]
    secret_ends: date | None
    redirect_uri: str
    conflicts: int
    waiting: int = read_from("waiting_writes")
    removals_failed: int


class EndedConnectionResponse(CalendarsResponse):
    """The primary provider and the connection's state, after a connection has ended.

    Attributes:
        revocation_problem: Why the sign-in was not revoked at the provider, and what to
            do; empty if the sign-in was revoked or did not need to be revoked.
    """

    revocation_problem: str


class FindingResponse(ResponseModel):
    """The result of one check."""

    name: str
    ok: bool
    sentence: str


class FindingsResponse(ResponseModel):
    """The results of all checks."""

    ok: bool
    findings: tuple[FindingResponse, ...]


class ConsequencesResponse(ResponseModel):
    """The consequences of switching to another provider.

    Attributes:
        word: The value of `typed` that confirms the switch.
        agents: Number of agents whose busy times are deleted.
        events: Number of future appointments in the old host calendar.
    """

    provider: str = read_from("before")
    to: str
    word: str
    agents: int
    events: int
    waiting: int = read_from("waiting_writes")
    conflicts: int
    sentences: tuple[str, ...]


class HostConsequencesResponse(ResponseModel):
    """The consequences of switching to another kind of host calendar.

    Attributes:
        word: The value of `typed` that confirms the switch; empty if nothing is
            connected.
        events: Number of future appointments in the old host calendar.
    """

    to: str
    word: str
    events: int
    sentences: tuple[str, ...]


class ProbeBody(Body):
    """A mailbox whose free/busy times the check reads as a test; empty for none."""

    probe: Annotated[str, Field(max_length=254)] = ""


class HostBody(Body):
    """The id of the new host calendar."""

    host: Annotated[str, Field(max_length=200)]


class NewHostBody(Body):
    """The name of a new host calendar."""

    name: Annotated[str, Field(max_length=200)]


class SwitchBody(Body):
    """Another provider, and the word that confirms the switch."""

    to: ProviderName
    typed: Annotated[str, Field(max_length=40)]
    cancel_events: bool


class HostSwitchBody(Body):
    """Another kind of host calendar, and the word that confirms the switch."""

    to: ProviderName
    typed: Annotated[str, Field(max_length=60)] = ""
    cancel_events: bool
