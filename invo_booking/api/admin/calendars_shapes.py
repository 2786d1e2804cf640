"""What administrators' programs and we tell each other about outside calendars."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from invo_booking.api.core.shapes import Answer, Body, InstantText
from invo_booking.domain.connection import Connection, State
from invo_booking.domain.outside import Finding, HostCalendar, Permission
from invo_booking.usecases.admin.switching import Consequences
from invo_booking.usecases.calendars.connections import Panel

ProviderName = Annotated[str, Field(max_length=12)]


class PermissionOut(Answer):
    """Something the provider must allow."""

    name: str
    purpose: str
    granted: bool

    @classmethod
    def of(cls, permission: Permission) -> Self:
        """Return the permission as told to callers."""
        return cls(
            name=permission.name,
            purpose=permission.purpose,
            granted=permission.granted,
        )


class HostOut(Answer):
    """A calendar that hosts appointments, or may."""

    id: str
    name: str
    address: str
    is_owner: bool | None

    @classmethod
    def of(cls, host: HostCalendar) -> Self:
        """Return the calendar as told to callers."""
        return cls(
            id=host.id, name=host.name, address=host.address, is_owner=host.is_owner
        )


class HostsOut(Answer):
    """The calendars to choose from."""

    hosts: tuple[HostOut, ...]

    @classmethod
    def of(cls, hosts: Iterable[HostCalendar]) -> Self:
        """Return the calendars as told to callers."""
        return cls(hosts=tuple(map(HostOut.of, hosts)))


class ConnectionOut(Answer):
    """How the connection stands; nothing of its tokens.

    Attributes:
        problem: Why it is not simply connected, and what to do; empty if it is.
        unreadable: Which events of the host calendar cannot be read; empty if all can.
        succeeded_at: When everything was last read from beginning to end.
        paused_until: Until then the provider asked not to be asked.
    """

    provider: str
    state: State
    problem: str
    unreadable: str
    account: str
    account_name: str
    host: HostOut | None
    connected_by: str
    connected_at: InstantText
    succeeded_at: InstantText | None
    next_run_at: InstantText | None
    paused_until: InstantText | None

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Return the connection as told to callers."""
        return cls(
            provider=connection.provider,
            state=connection.state,
            problem=connection.problem,
            unreadable=connection.unreadable,
            account=connection.account,
            account_name=connection.account_name,
            host=HostOut.of(connection.host) if connection.host else None,
            connected_by=connection.connected_by,
            connected_at=connection.connected_at,
            succeeded_at=connection.succeeded_at,
            next_run_at=connection.next_run_at,
            paused_until=connection.paused_until,
        )


class CalendarsOut(Answer):
    """The primary provider, what it needs, and how the connection stands.

    Attributes:
        missing: Labels of settings without which nobody can sign in.
        unknown_agents: Agents the provider does not know; only our own data counts.
        redirect_uri: What the registration at the provider must list.
        conflicts: Appointments staff have to decide about.
        waiting: Appointments still to be written to the host calendar.
    """

    provider: str
    missing: tuple[str, ...]
    connection: ConnectionOut | None
    permissions: tuple[PermissionOut, ...]
    unknown_agents: tuple[str, ...]
    secret_ends: date | None
    redirect_uri: str
    conflicts: int
    waiting: int

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """Return the panel as told to callers."""
        found = panel.connection
        return cls(
            provider=panel.provider,
            missing=panel.missing_fields,
            connection=ConnectionOut.of(found) if found else None,
            permissions=tuple(map(PermissionOut.of, panel.permissions)),
            unknown_agents=panel.unknown_agents,
            secret_ends=panel.secret_ends,
            redirect_uri=panel.redirect_uri,
            conflicts=panel.conflicts,
            waiting=panel.waiting_writes,
        )


class FindingOut(Answer):
    """One check and what it found."""

    name: str
    ok: bool
    sentence: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Return the finding as told to callers."""
        return cls(name=finding.name, ok=finding.ok, sentence=finding.sentence)


class FindingsOut(Answer):
    """All that was looked at."""

    ok: bool
    findings: tuple[FindingOut, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Self:
        """Return the findings as told to callers."""
        told = tuple(map(FindingOut.of, findings))
        return cls(ok=all(it.ok for it in told), findings=told)


class ConsequencesOut(Answer):
    """What changing over to another provider means.

    Attributes:
        word: What to give as `typed` to do it.
        agents: Agents whose busy times are forgotten.
        events: Appointments ahead in the host calendar there was.
    """

    provider: str
    to: str
    word: str
    agents: int
    events: int
    waiting: int
    conflicts: int
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, found: Consequences) -> Self:
        """Return the consequences as told to callers."""
        return cls(
            provider=found.before,
            to=found.to,
            word=found.word,
            agents=found.agents,
            events=found.events,
            waiting=found.waiting_writes,
            conflicts=found.conflicts,
            sentences=found.sentences,
        )


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
