"""Call the calendar that hosts appointments: a group's, or the account's own.

Source:
    learn.microsoft.com/graph/api/user-post-events on a person's calendar
    learn.microsoft.com/graph/outlook-immutable-id on ids that survive a move
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invo_booking.domain.calendars.outside import OWN_HOST, HostCalendar
from invo_booking.domain.calendars.provider_errors import (
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
)
from invo_booking.providers.calls import Call
from invo_booking.providers.microsoft import groups
from invo_booking.providers.microsoft.graph import PREFER, Graph, RefusedError
from invo_booking.providers.microsoft.permissions import GROUPS, OWN_CALENDAR
from invo_booking.providers.microsoft.schedule import NO_MAILBOX
from invo_booking.texts import say

LASTING_IDS = f'{PREFER},IdType="ImmutableId"'
"""Value of ``Prefer`` for ids that do not change when an event is moved."""


@dataclass(frozen=True, slots=True)
class Host:
    """The calendar that hosts appointments.

    Attributes:
        id: ``OWN_HOST``, or the id of a group; empty if no calendar is chosen.
        is_new: Whether the calendar was created so recently that it is perhaps not
            usable yet.
    """

    id: str
    is_new: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the host calendar is the account's own calendar."""
        return self.id == OWN_HOST

    def call(
        self,
        method: str,
        path: str,
        at: Mapping[str, str] | None = None,
        **parts: Any,
    ) -> Call:
        """Return a request to the host calendar that can be sent later.

        Raises:
            ProviderRefusedError: If no calendar is chosen.
        """
        if not self.id:
            raise ProviderRefusedError(say("microsoft.provider.no_host"))
        ids = {"Prefer": LASTING_IDS} if self.is_own else {}
        return Call(
            method=method,
            path=f"/me{path}" if self.is_own else f"/groups/{{group}}{path}",
            at={**({} if self.is_own else {"group": self.id}), **(at or {})},
            headers={**ids, **parts.pop("headers", {})},
            needs=(OWN_CALENDAR if self.is_own else GROUPS,),
            purpose=say("microsoft.provider.purpose_host"),
            **parts,
        )

    def fields(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Return the fields to read of an event.

        For a person's calendar, which also holds invitations from others, the field
        ``isOrganizer`` is added.
        """
        if not self.is_own:
            return dict(fields)
        return {**fields, "$select": f"{fields['$select']},isOrganizer"}

    def read_call(self) -> Call:
        """Return a call that succeeds if the host calendar can be read."""
        return self.call("GET", "/calendar", query={"$select": "id"})

    def trouble(self, graph: Graph, refused: RefusedError) -> ProviderError:
        """Return the error for a refused call to the host calendar."""
        if not refused.is_missing:
            return refused
        if not self.is_own:
            return groups.missing_group_error(graph, self.id, is_new=self.is_new)
        if refused.word not in NO_MAILBOX:
            return refused
        return ReconnectError(
            say("microsoft.schedule.account_without_mailbox"),
            reference=refused.reference,
        )


def own_host(graph: Graph) -> HostCalendar:
    """Return the account's own calendar."""
    me = graph.ask(groups.own_profile_call())
    address = str(me.get("mail") or me.get("userPrincipalName") or "")
    return HostCalendar(id=OWN_HOST, name=address, address=address, is_owner=True)
