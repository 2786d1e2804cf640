"""Find and create Microsoft 365 groups as host calendars.

Source:
    learn.microsoft.com/graph/api/group-post-groups
    learn.microsoft.com/graph/api/user-list-memberof
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from invo_booking.domain.calendars.outside import HostCalendar
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ProviderRefusedError,
)
from invo_booking.providers.calls import Call
from invo_booking.providers.microsoft.graph import (
    Graph,
    RefusedError,
    unreadable_answer_error,
)
from invo_booking.providers.microsoft.permissions import GROUPS, PROFILE
from invo_booking.texts import say

_FIELDS = {
    "$select": "id,displayName,mail,groupTypes",
    "$top": "100",
    "$count": "true",
}
_ADVANCED = {"ConsistencyLevel": "eventual"}
"""Headers that Graph requires to list only the groups among a user's objects."""

_OUTSIDE = "allowExternalSenders"
"""Property of a group; unless it is true, customers' replies to invitations bounce.

Source:
    learn.microsoft.com/graph/api/resources/group
"""

_LONGEST_NICKNAME = 40


_BLOCKED_WORD, _AFFIX_MISSING = "ContainsBlockedWord", "MissingPrefixSuffix"


def own_profile_call() -> Call:
    """Return the call that reads the connected account's id and addresses."""
    return Call(
        method="GET",
        path="/me",
        query={"$select": "id,mail,userPrincipalName"},
        needs=(PROFILE,),
        purpose=say("microsoft.groups.purpose_profile"),
    )


def host_groups(graph: Graph) -> list[HostCalendar]:
    """Return the groups the account owns or has joined, sorted by name."""
    owned = {host.id: host for host in _unified_groups(graph, "ownedObjects")}
    joined = {host.id: host for host in _unified_groups(graph, "memberOf")}
    groups = (
        replace(host, is_owner=host.id in owned, is_member=host.id in joined)
        for host in {**owned, **joined}.values()
    )
    return sorted(groups, key=lambda host: (host.name.lower(), host.id))


def create_host_group(graph: Graph, name: str) -> HostCalendar:
    """Create a private group, of which the account is owner and member.

    Microsoft makes the creator of a group its owner, but not a member. Only members can
    use the group's calendar; owners and administrators cannot, unless they are members.

    Source:
        learn.microsoft.com/graph/api/planner-post-plans on owners who are no members
        github.com/microsoftgraph/microsoft-graph-docs/issues/12536
        github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/666
    """
    account = graph.user_link(own_id(graph))
    try:
        group = graph.ask(_group_to_make(name, account))
    except PermissionMissingError as error:
        raise PermissionMissingError(
            say("microsoft.groups.cannot_create", groups=GROUPS),
            error.missing,
            reference=error.reference,
        ) from error
    except RefusedError as refused:
        raise _naming_trouble(refused) from refused
    host = replace(_host(group), is_owner=True, is_member=True)
    with suppress(ProviderError):  # the connection check reports this
        _accept_outside_mail(graph, host.id)
    return host


def accepts_outside_mail(graph: Graph, host_id: str) -> bool:
    """Whether customers' replies to invitations reach a group."""
    query = {"$select": f"id,{_OUTSIDE}"}
    return graph.ask(group_call("", host_id, query=query)).get(_OUTSIDE) is True


def _accept_outside_mail(graph: Graph, host_id: str) -> None:
    """Let a group accept outside mail, which cannot be set while it is created."""
    graph.ask(
        Call(
            method="PATCH",
            path="/groups/{group}",
            at={"group": host_id},
            body={_OUTSIDE: True},
            needs=(GROUPS,),
            purpose=say("microsoft.groups.purpose_answers"),
        )
    )


def _group_to_make(name: str, account: str) -> Call:
    return Call(
        method="POST",
        path="/groups",
        body={
            "displayName": name,
            "mailNickname": _nickname(name),
            "mailEnabled": True,
            "securityEnabled": False,
            "groupTypes": ["Unified"],
            "visibility": "Private",
            "owners@odata.bind": [account],
            "members@odata.bind": [account],
        },
        needs=(GROUPS,),
        purpose=say("microsoft.groups.purpose_create"),
    )


def _naming_trouble(refused: RefusedError) -> ProviderError:
    """Return the error for a refused group name; other refusals are returned unchanged.

    Source:
        learn.microsoft.com/graph/api/directoryobject-validateproperties on error codes
        learn.microsoft.com/entra/identity/users/groups-naming-policy
    """
    if _BLOCKED_WORD in refused.details:
        why = say("microsoft.groups.word_not_allowed")
    elif _AFFIX_MISSING in refused.details:
        why = say("microsoft.groups.naming_policy")
    else:
        return refused
    return ProviderRefusedError(
        say("microsoft.groups.other_name", why=why),
        reference=refused.reference,
    )


def is_owner(graph: Graph, host_id: str) -> bool:
    """Whether the account owns a group."""
    return any(host.id == host_id for host in _unified_groups(graph, "ownedObjects"))


def is_member(graph: Graph, host_id: str) -> bool:
    """Whether the account has joined a group."""
    return any(host.id == host_id for host in _unified_groups(graph, "memberOf"))


def own_id(graph: Graph) -> str:
    """Return the id of the connected account."""
    user_id = graph.ask(own_profile_call()).get("id")
    if not isinstance(user_id, str) or not user_id:
        raise unreadable_answer_error()
    return user_id


def group_call(path: str, group_id: str, **parts: Any) -> Call:
    """Return a call that reads something of a group."""
    return Call(
        method="GET",
        path=f"/groups/{{group}}{path}",
        at={"group": group_id},
        needs=(GROUPS,),
        purpose=say("microsoft.groups.purpose_read"),
        **parts,
    )


def missing_group_error(graph: Graph, host_id: str, *, is_new: bool) -> ProviderError:
    """Return the error for a missing group calendar.

    For some time, Graph may fail to find a new group: "If the group was created less
    than 15 minutes ago, it's possible for the Create team call to fail with a 404 error
    code due to replication delays".

    Source:
        learn.microsoft.com/graph/api/team-put-teams
    """
    try:
        graph.ask(group_call("", host_id, query={"$select": "id"}))
    except RefusedError as refused:
        if refused.is_missing and is_new:
            return ProviderDownError(say("microsoft.groups.host_not_ready"))
        if refused.is_missing:
            return PermissionMissingError(
                say("microsoft.groups.host_gone"),
                reference=refused.reference,
            )
        return refused
    return ProviderDownError(say("microsoft.groups.mailbox_not_ready"))


def _unified_groups(graph: Graph, relation: str) -> list[HostCalendar]:
    groups = graph.pages(
        Call(
            method="GET",
            path=f"/me/{relation}/microsoft.graph.group",
            query=_FIELDS,
            headers=_ADVANCED,
            needs=(GROUPS,),
            purpose=say("microsoft.groups.purpose_list"),
        )
    )
    return [_host(row) for row in groups if "Unified" in str(row.get("groupTypes"))]


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
