"""Find and create Microsoft 365 groups as host calendars.

Source:
    learn.microsoft.com/graph/api/group-post-groups
    learn.microsoft.com/graph/api/user-list-memberof
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from invo_booking.domain.calendars.outside import HostCalendar
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
)
from invo_booking.providers.microsoft.graph import (
    Call,
    Graph,
    RefusedError,
    unreadable_answer_error,
)
from invo_booking.providers.microsoft.permissions import GROUPS

_FIELDS = {
    "$select": "id,displayName,mail,groupTypes",
    "$top": "100",
    "$count": "true",
}
_ADVANCED = {"ConsistencyLevel": "eventual"}
"""Parameters that Graph requires for queries of one kind of object."""

_LONGEST_NICKNAME = 40


def host_groups(graph: Graph) -> list[HostCalendar]:
    """Return the groups the account owns or has joined, by name."""
    owned = {host.id for host in _unified_groups(graph, "ownedObjects")}
    joined = _unified_groups(graph, "memberOf")
    found = [replace(host, is_owner=host.id in owned) for host in joined]
    return sorted(found, key=lambda host: (host.name.lower(), host.id))


def create_host_group(graph: Graph, name: str) -> HostCalendar:
    """Create a private group with its creator as owner and member."""
    found = graph.ask(
        Call(
            method="POST",
            path="/groups",
            body={
                "displayName": name,
                "mailNickname": _nickname(name),
                "mailEnabled": True,
                "securityEnabled": False,
                "groupTypes": ["Unified"],
                "visibility": "Private",
            },
            needs=(GROUPS,),
            purpose="make a group",
        )
    )
    return replace(_host(found), is_owner=True)


def is_owner(graph: Graph, host_id: str) -> bool:
    """Whether the account owns a group."""
    return any(host.id == host_id for host in _unified_groups(graph, "ownedObjects"))


def group_call(path: str, group_id: str, **parts: Any) -> Call:
    """Return a call that reads something of a group."""
    return Call(
        method="GET",
        path=f"/groups/{{group}}{path}",
        at={"group": group_id},
        needs=(GROUPS,),
        purpose="read the group whose calendar hosts appointments",
        **parts,
    )


def missing_group_error(graph: Graph, group_id: str) -> ProviderError:
    """Return the error for a missing group calendar."""
    try:
        graph.ask(group_call("", group_id, query={"$select": "id"}))
    except RefusedError as refused:
        if refused.is_missing:
            return PermissionMissingError(
                "The group whose calendar hosts appointments does not exist any more. "
                "Choose or make another one on the page Calendars of Manage Settings.",
                reference=refused.reference,
            )
        return refused
    return ProviderDownError(
        "Microsoft has not finished the mailbox of the group that hosts appointments. "
        "With a new group this takes some minutes; it is tried again by itself."
    )


def _unified_groups(graph: Graph, relation: str) -> list[HostCalendar]:
    found = graph.pages(
        Call(
            method="GET",
            path=f"/me/{relation}/microsoft.graph.group",
            query=_FIELDS,
            headers=_ADVANCED,
            needs=(GROUPS,),
            purpose="see its groups",
        )
    )
    return [_host(row) for row in found if "Unified" in str(row.get("groupTypes"))]


def _host(row: Mapping[str, Any]) -> HostCalendar:
    if not row.get("id"):
        raise unreadable_answer_error(ambiguous=True)
    return HostCalendar(
        id=str(row.get("id", "")),
        name=str(row.get("displayName") or ""),
        address=str(row.get("mail") or ""),
    )


def _nickname(name: str) -> str:
    """Return an unused mail nickname for the group."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_NICKNAME]
    return f"{words or 'booking'}-{secrets.token_hex(3)}"
