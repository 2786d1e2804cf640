"""Graph: which call is whose, who may make it, and accounts and groups."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from tests.support.microsoft import delta, events
from tests.support.microsoft.entries import Group
from tests.support.microsoft.instants import stamp
from tests.support.microsoft.options import matching, number, only, page, select
from tests.support.microsoft.people import Person
from tests.support.microsoft.schedule import get_schedule
from tests.support.microsoft.state import State
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

Answer = Callable[..., Reply]
READ_GROUPS = ("Group.Read.All", "Group.ReadWrite.All")
WRITE_GROUPS = ("Group.ReadWrite.All",)
LOOK_AT_GROUPS = (*READ_GROUPS, "GroupMember.Read.All")
SCHEDULES = ("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite")
READ_OWN = ("Calendars.Read", "Calendars.ReadWrite")
WRITE_OWN = ("Calendars.ReadWrite",)
BOUND = ("owners", "members")
PATCHABLE_LATER = {
    "allowExternalSenders",
    "autoSubscribeNewMembers",
    "hideFromAddressLists",
    "hideFromOutlookClients",
}


class Route(NamedTuple):
    """A call Graph has; ``scopes`` are alternatives."""

    method: str
    path: re.Pattern[str]
    answer: Answer
    scopes: tuple[str, ...]


def answer(state: State, call: Call) -> Reply:
    """Answer a call to Graph.

    Raises:
        RefusalError: If Graph would refuse it.
    """
    person, scopes = _caller(state, call)
    route, names = _route(state, call)
    if not set(route.scopes) & set(scopes):
        raise _not_allowed(call)
    return route.answer(state, person, call, **names)


def _caller(state: State, call: Call) -> tuple[Person, tuple[str, ...]]:
    token = call.headers.get("authorization", "").removeprefix("Bearer ")
    grant = state.access_tokens.get(token)
    if grant is None:
        words = "Access token is empty." if not token else "Invalid access token."
        raise RefusalError(401, "InvalidAuthenticationToken", words)
    if grant.is_revoked or grant.expires_at <= state.now():
        words = "Lifetime validation failed, the token is expired."
        raise RefusalError(401, "InvalidAuthenticationToken", words)
    return grant.person, grant.scopes


def _route(state: State, call: Call) -> tuple[Route, dict[str, str]]:
    for route in ROUTES:
        found = route.path.fullmatch(call.path)
        if found and route.method == call.method:
            return route, {k: unquote(v) for k, v in found.groupdict().items()}
    segment = call.path.rsplit("/", 1)[-1]
    state.violations.append(f"asked: no such call: {call.method} {call.path}")
    raise RefusalError(
        400, "BadRequest", f"Resource not found for the segment '{segment}'."
    )


def _not_allowed(call: Call) -> RefusalError:
    if re.search(r"/(calendar|events|calendarView)", call.path):
        return RefusalError(
            403,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    return RefusalError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


def _me(state: State, person: Person, call: Call) -> Reply:
    only(call, "$select", of="user")
    found = {
        "id": person.oid,
        "displayName": person.name,
        "mail": person.email,
        "userPrincipalName": person.email,
        "givenName": None,
        "surname": None,
        "jobTitle": None,
        "officeLocation": None,
        "mobilePhone": None,
        "businessPhones": [],
        "preferredLanguage": None,
    }
    return _entity(state, call, "users", found)


def _organization(state: State, person: Person, call: Call) -> Reply:
    only(call, "$select", of="organization")
    domain = next(d for d, tenant in state.tenants.items() if tenant == person.tenant)
    found = {"id": person.tenant, "displayName": domain.partition(".")[0].title()}
    return Reply(body={"value": [select(call, found)]})


def _schedule(state: State, person: Person, call: Call) -> Reply:
    only(call)
    events.own_mailbox(state, person)
    return get_schedule(state, call)


def _groups(state: State, _: Person, call: Call) -> Reply:
    known = ("$filter", "$search", "$select", "$top", "$skip", "$count", "$orderby")
    only(call, *known, of="group")
    return _listed(state, call, list(state.group_of.values()))


def _own_groups(state: State, person: Person, call: Call) -> Reply:
    only(call, "$select", "$top", "$skip", "$filter", "$count", of="group")
    is_advanced = call.headers.get("consistencylevel") == "eventual"
    if not is_advanced or call.query.get("$count") != "true":
        raise RefusalError(
            400,
            "Request_UnsupportedQuery",
            "OData cast needs $count=true and the header 'ConsistencyLevel: eventual'.",
        )
    of = "owners" if "ownedObjects" in call.path else "members"
    mine = [g for g in state.group_of.values() if person.email in getattr(g, of)]
    return _listed(state, call, mine)


def _listed(state: State, call: Call, found: list[Group]) -> Reply:
    fits = matching(call)
    rows = [row for row in map(group_json, found) if fits(row)]
    rows = [select(call, row) for row in sorted(rows, key=lambda r: r["displayName"])]
    size = min(number(call, "$top", 100, 999), state.page_size)
    return Reply(body=page(call, state.graph, rows, size))


def _make_group(state: State, person: Person, call: Call) -> Reply:
    """Make a group; who makes it owns it, and has not joined it unless bound to it.

    Source:
        learn.microsoft.com/graph/api/group-post-groups on owners and members to bind
        learn.microsoft.com/graph/api/planner-post-plans: who creates a group is not
        added to it as a member
    """
    only(call)
    body = dict(call.body) if isinstance(call.body, dict) else {}
    for name in ("displayName", "mailEnabled", "mailNickname", "securityEnabled"):
        if name not in body:
            raise RefusalError(
                400,
                "Request_BadRequest",
                f"A value is required for property '{name}' of resource 'Group'.",
            )
    if early := PATCHABLE_LATER & body.keys():
        raise RefusalError(
            400, "Request_BadRequest", f"{min(early)} cannot be set at creation."
        )
    if not state.may_make_groups:
        raise _not_allowed(call)
    if state.name_trouble:
        wrong = {"code": state.name_trouble, "target": "displayName", "message": "No."}
        raise RefusalError(
            400, "Request_BadRequest", "The name breaks a policy.", details=[wrong]
        )
    _check_nickname(state, body["mailNickname"])
    bound = {name: _bound(state, body.pop(f"{name}@odata.bind", ())) for name in BOUND}
    made = state.group(
        body["displayName"],
        bound["owners"] or (person.email,),
        bound["members"],
        ready_after=state.new_group_hides,
        **body,
    )
    state.group_of[made].absent = state.new_group_absent
    found = group_json(state.group_of[made])
    return Reply(201, found, {"Location": f"{state.graph}/groups/{made}"})


def _bound(state: State, links: list[str]) -> tuple[str, ...]:
    """Return the addresses of people a request names by links.

    Raises:
        RefusalError: If there is no such person.
    """
    known = {f"{state.graph}/users/{p.oid}": p.email for p in state.people.values()}
    for link in links:
        if link not in known:
            raise RefusalError(
                400,
                "Request_BadRequest",
                f"Invalid object identifier '{link.rsplit('/', 1)[-1]}'.",
            )
    return tuple(known[link] for link in links)


def _check_nickname(state: State, nickname: str) -> None:
    if not re.fullmatch(r"[!-~]{1,64}", nickname) or re.search(
        r"[@()\\\[\]\";:<>, ]", nickname
    ):
        raise RefusalError(
            400, "Request_BadRequest", "Invalid value specified for mailNickname."
        )
    if nickname.lower() in {g.mail.partition("@")[0] for g in state.group_of.values()}:
        raise RefusalError(
            400,
            "Request_BadRequest",
            "Another object with the same value for property mailNickname already "
            "exists.",
        )


def _group(state: State, _: Person, call: Call, group: str) -> Reply:
    only(call, "$select", of="group")
    return _entity(state, call, "groups", group_json(group_of(state, group)))


def _change_group(state: State, person: Person, call: Call, group: str) -> Reply:
    only(call)
    found = group_of(state, group)
    if person.email not in found.owners:
        raise _not_allowed(call)
    found.fields.update(call.body)
    found.name = found.fields.get("displayName", found.name)
    return Reply(204)


def _people_of(state: State, _: Person, call: Call, group: str, which: str) -> Reply:
    only(call, "$select", "$top", "$skip", of="user")
    people = [state.person(email) for email in getattr(group_of(state, group), which)]
    rows = [
        {
            "@odata.type": "#microsoft.graph.user",
            "id": p.oid,
            "displayName": p.name,
            "mail": p.email,
            "userPrincipalName": p.email,
        }
        for p in people
    ]
    size = min(number(call, "$top", 100, 999), state.page_size)
    return Reply(body=page(call, state.graph, rows, size))


def group_of(state: State, group_id: str) -> Group:
    """Return a group.

    Raises:
        RefusalError: If there is none.
    """
    found = state.group_of.get(group_id)
    if found is not None and found.absent:
        found.absent -= 1
        found = None
    if found is None:
        raise RefusalError(
            404,
            "Request_ResourceNotFound",
            f"Resource '{group_id}' does not exist or one of its queried "
            "reference-property objects are not present.",
        )
    return found


def group_json(group: Group) -> dict[str, Any]:
    """Return a group as Graph writes it."""
    return {
        "id": group.id,
        "createdDateTime": stamp(group.created),
        "description": None,
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "mailNickname": group.mail.partition("@")[0],
        "securityEnabled": False,
        "visibility": "Private",
        "proxyAddresses": [f"SMTP:{group.mail}"],
        **group.fields,
        "displayName": group.name,
        "mail": group.mail,
    }


def _entity(state: State, call: Call, what: str, found: dict[str, Any]) -> Reply:
    context = {"@odata.context": f"{state.graph}/$metadata#{what}/$entity"}
    return Reply(body={**context, **select(call, found)})


def _r(method: str, path: str, answer: Answer, scopes: tuple[str, ...]) -> Route:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Route(method, re.compile(pattern), answer, scopes)


OWN = "/me(?:/calendar)?"
IN_GROUP = "/groups/{group}(?:/calendar)?"
KIND = r"/microsoft\.graph\.group"
ME = r"/(?:me|users/[^/]+)"
ROUTES = (
    _r("GET", "/me", _me, ("User.Read", "User.ReadBasic.All", "User.ReadWrite")),
    _r("GET", "/organization", _organization, ("User.Read", "Organization.Read.All")),
    _r("POST", f"{ME}/calendar/getSchedule", _schedule, SCHEDULES),
    _r("GET", "/me/calendars", events.calendars, SCHEDULES),
    _r("GET", "/me/calendar", events.own_calendar, SCHEDULES),
    _r("GET", "/me(?:/calendar)?/calendarView", events.own_view, SCHEDULES),
    _r("GET", f"{OWN}/calendarView/delta", delta.own_delta, READ_OWN),
    _r("POST", f"{OWN}/events", events.create, WRITE_OWN),
    _r("GET", f"{OWN}/events/{{event}}", events.read, READ_OWN),
    _r("PATCH", f"{OWN}/events/{{event}}", events.update, WRITE_OWN),
    _r("DELETE", f"{OWN}/events/{{event}}", events.remove, WRITE_OWN),
    _r("GET", "/me/calendars/{calendar}/calendarView", events.own_view, SCHEDULES),
    _r("GET", f"/me/ownedObjects{KIND}", _own_groups, LOOK_AT_GROUPS),
    _r("GET", f"/me/(?:transitiveM|m)emberOf{KIND}", _own_groups, LOOK_AT_GROUPS),
    _r("GET", "/groups", _groups, LOOK_AT_GROUPS),
    _r("POST", "/groups", _make_group, WRITE_GROUPS),
    _r("GET", "/groups/{group}", _group, LOOK_AT_GROUPS),
    _r("PATCH", "/groups/{group}", _change_group, WRITE_GROUPS),
    _r("GET", "/groups/{group}/(?P<which>owners|members)", _people_of, LOOK_AT_GROUPS),
    _r("GET", "/groups/{group}/calendar", events.calendar, READ_GROUPS),
    _r("GET", f"{IN_GROUP}/calendarView", events.view, READ_GROUPS),
    _r("GET", f"{IN_GROUP}/events", events.listed, READ_GROUPS),
    _r("POST", f"{IN_GROUP}/events", events.create, WRITE_GROUPS),
    _r("GET", f"{IN_GROUP}/events/{{event}}", events.read, READ_GROUPS),
    _r("PATCH", f"{IN_GROUP}/events/{{event}}", events.update, WRITE_GROUPS),
    _r("DELETE", f"{IN_GROUP}/events/{{event}}", events.remove, WRITE_GROUPS),
)
