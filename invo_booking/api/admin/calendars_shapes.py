"""What administrators' programs and we tell each other about outside calendars."""

from datetime import date
from typing import Annotated

from pydantic import Field

from invo_booking.api.core.shapes import Body, InstantText, ResponseModel, read_from
from invo_booking.domain.calendars.connection import ConnectionState

ProviderName = Annotated[str, Field(max_length=12)]


class PermissionResponse(ResponseModel):
    """Something the provider must allow."""

    name: str
    purpose: str
    granted: bool


class HostCalendarResponse(ResponseModel):
    """A calendar that hosts appointments, or may."""

    id: str
    name: str
    address: str
    is_owner: bool | None


class HostCalendarsResponse(ResponseModel):
    """The calendars to choose from."""

    hosts: tuple[HostCalendarResponse, ...]


class ConnectionResponse(ResponseModel):
    """State of the connection; nothing of its tokens.

    Attributes:
        problem: Why it is not simply connected, and what to do; empty if it is.
        unreadable: Which events of the host calendar cannot be read; empty if all can.
        succeeded_at: When everything was last read from beginning to end.
        paused_until: Until then the provider asked not to be asked.
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


class CalendarsResponse(ResponseModel):
    """The primary provider, what it needs, and the state of the connection.

    Attributes:
        missing: Labels of settings without which nobody can sign in.
        unknown_agents: Agents the provider does not know; only our own data counts.
        redirect_uri: What the registration at the provider must list.
        conflicts: Appointments staff have to decide about.
        waiting: Appointments still to be written to the host calendar.
    """

    provider: str
    missing: tuple[str, ...] = read_from("missing_fields")
    connection: ConnectionResponse | None
    permissions: tuple[PermissionResponse, ...]
    unknown_agents: tuple[str, ...]
    secret_ends: date | None
    redirect_uri: str
    conflicts: int
    waiting: int = read_from("waiting_writes")


class FindingResponse(ResponseModel):
    """One check and what it found."""

    name: str
    ok: bool
    sentence: str


class FindingsResponse(ResponseModel):
    """All that was looked at."""

    ok: bool
    findings: tuple[FindingResponse, ...]


class ConsequencesResponse(ResponseModel):
    """What changing over to another provider means.

    Attributes:
        word: What to give as `typed` to do it.
        agents: Agents whose busy times are forgotten.
        events: Appointments ahead in the host calendar there was.
    """

    provider: str = read_from("before")
    to: str
    word: str
    agents: int
    events: int
    waiting: int = read_from("waiting_writes")
    conflicts: int
    sentences: tuple[str, ...]


class ProbeBody(Body):
    """A mailbox whose free and busy is asked for as well."""

    probe: Annotated[str, Field(max_length=254)] = ""


class HostBody(Body):
    """The calendar that shall host appointments, by its id."""

    host: Annotated[str, Field(max_length=200)]


class NewHostBody(Body):
    """A calendar that shall be made."""

    name: Annotated[str, Field(max_length=200)]


class SwitchBody(Body):
    """Another provider, and the word that confirms it."""

    to: ProviderName
    typed: Annotated[str, Field(max_length=40)]
    cancel_events: bool
