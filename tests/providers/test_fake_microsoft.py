"""The fake Graph does what Microsoft documents, and what was seen of the real one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.microsoft.people import SCHEDULER
from tests.support.microsoft.plain_client import (
    new_event,
    plain_client,
    schedule_question,
)

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANA = "ana@bank.example"
SCHEDULE = "/me/calendar/getSchedule"


def made(graph, group, **fields):
    answer = graph.post(
        f"/groups/{group}/calendar/events",
        json=new_event(NINE, NINE + HOUR, **fields),
    )
    assert answer.status_code == 201
    return answer.json()


def invited(*addresses):
    return [{"emailAddress": {"address": address}} for address in addresses]


def view(graph, group, **query):
    window = {
        "startDateTime": (NINE - DAY).isoformat(),
        "endDateTime": (NINE + DAY).isoformat(),
    }
    return graph.get(f"/groups/{group}/calendarView", params={**window, **query})


def addresses(event):
    return [a["emailAddress"]["address"] for a in event["attendees"]]


def asked(graph, mailbox):
    return graph.post(SCHEDULE, json=schedule_question([mailbox], NINE, NINE + DAY))


def code(answer):
    return answer.json()["error"]["code"]


def test_event_of_a_group_is_organized_by_the_group(graph, group):
    event = made(graph, group, attendees=invited(ANA))

    assert event["organizer"]["emailAddress"]["address"] == "invobooking@bank.example"
    assert addresses(event) == [ANA, "invobooking@bank.example", SCHEDULER]


def test_group_and_creator_are_invited_even_to_an_empty_list(graph, group):
    assert addresses(made(graph, group)) == ["invobooking@bank.example", SCHEDULER]


def test_whoever_is_invited_becomes_busy(graph, group):
    made(graph, group, attendees=invited(ANA))

    [found] = asked(graph, ANA).json()["value"]

    assert [item["subject"] for item in found["scheduleItems"]] == ["Mortgage"]


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        ("accepted", ["busy"]),
        ("tentativelyAccepted", ["tentative"]),
        ("declined", []),
    ],
)
def test_reply_decides_whether_somebody_is_busy(outlook, graph, group, response, shown):
    event = made(graph, group, attendees=invited(ANA))

    outlook.reply(event["id"], ANA, response)

    assert [item["status"] for item in outlook.schedule_of(ANA)] == shown
    assert outlook.event(event["id"])["changeKey"] != event["changeKey"]


def test_reply_stands_until_the_time_changes(outlook, graph, group):
    event = made(graph, group, attendees=invited(ANA))
    address = f"/groups/{group}/events/{event['id']}"
    outlook.reply(event["id"], ANA)

    same = graph.patch(address, json={"attendees": invited(ANA)}).json()
    moved = graph.patch(address, json=new_event(NINE + DAY, NINE + DAY + HOUR)).json()

    assert same["attendees"][0]["status"]["response"] == "accepted"
    assert moved["attendees"][0]["status"]["response"] == "none"


def test_invitation_can_arrive_as_tentative(outlook, graph, group):
    outlook.invited_as = "tentative"
    made(graph, group, attendees=invited(ANA))

    assert [item["status"] for item in outlook.schedule_of(ANA)] == ["tentative"]


def test_cancelled_event_stays_and_takes_no_time(outlook, graph, group):
    event = made(graph, group, attendees=invited(ANA))
    outlook.cancel(event["id"])

    [found] = asked(graph, ANA).json()["value"]

    assert found["scheduleItems"] == []
    assert view(graph, group).json()["value"][0]["isCancelled"] is True


def test_repeated_creation_makes_one_event(outlook, graph, group):
    first = made(graph, group, transactionId="7")

    assert made(graph, group, transactionId="7")["id"] == first["id"]
    assert len(outlook.events(group)) == 1


def test_transaction_id_of_another_event_is_refused(graph, group):
    made(graph, group, transactionId="7")
    other = new_event(NINE, NINE + HOUR, subject="Other", transactionId="7")

    answer = graph.post(f"/groups/{group}/events", json=other)

    assert answer.status_code == 400
    assert code(answer) == "ErrorDuplicateTransactionId"


def test_each_change_makes_another_version(outlook, graph, group):
    event = made(graph, group)
    outlook.move(event["id"], NINE + HOUR, NINE + 2 * HOUR)

    now = graph.get(f"/groups/{group}/events/{event['id']}").json()

    assert now["changeKey"] != event["changeKey"]
    assert now["lastModifiedDateTime"] > event["lastModifiedDateTime"]
    assert now["iCalUId"] == event["iCalUId"]
    assert now["start"]["dateTime"] == "2026-03-09T10:00:00.0000000"


def test_change_of_an_old_version_is_refused(outlook, graph, group):
    event = made(graph, group)
    address = f"/groups/{group}/calendar/events/{event['id']}"
    headers = {"If-Match": event["@odata.etag"]}
    assert graph.patch(address, json={"subject": "A"}, headers=headers).is_success

    answer = graph.patch(address, json={"subject": "B"}, headers=headers)

    assert answer.status_code == 412
    assert outlook.event(event["id"])["subject"] == "A"


def test_change_without_a_version_overwrites(graph, group):
    event = made(graph, group)

    changed = graph.patch(
        f"/groups/{group}/events/{event['id']}",
        json=new_event(NINE + DAY, NINE + DAY + HOUR),
    ).json()

    assert changed["start"]["dateTime"] == "2026-03-10T09:00:00.0000000"
    assert changed["subject"] == "Mortgage"


def test_deleted_event_is_gone_for_all(outlook, graph, group):
    event = made(graph, group, attendees=invited(ANA))
    address = f"/groups/{group}/events/{event['id']}"

    assert graph.delete(address).status_code == 204

    assert code(graph.get(address)) == "ErrorItemNotFound"
    assert graph.delete(address).status_code == 404
    assert outlook.schedule_of(ANA) == []


def test_calendar_is_read_page_by_page(outlook, graph, group):
    ids = [outlook.foreign_event(group, NINE, NINE + HOUR) for _ in range(5)]
    outlook.foreign_event(group, NINE + 2 * DAY, NINE + 3 * DAY)
    answer, seen = view(graph, group, **{"$top": "2", "$select": "subject"}), []

    while True:
        page = answer.json()
        seen += [event["id"] for event in page["value"]]
        if "@odata.nextLink" not in page:
            break
        answer = graph.get(page["@odata.nextLink"])

    assert seen == ids
    assert page["value"][0].keys() == {"id", "subject", "@odata.etag"}


def test_property_that_events_do_not_have_cannot_be_selected(graph, group):
    answer = view(graph, group, **{"$select": "subjct"})

    assert answer.status_code == 400
    assert "subjct" in answer.json()["error"]["message"]


def test_own_property_is_told_only_to_who_expands_it(graph, group):
    name = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name InvoKey"
    held = [{"id": name, "value": "42"}]
    made(graph, group, singleValueExtendedProperties=held)
    expand = f"singleValueExtendedProperties($filter=id eq '{name}')"

    [plain] = view(graph, group).json()["value"]
    [expanded] = view(graph, group, **{"$expand": expand}).json()["value"]

    assert "singleValueExtendedProperties" not in plain
    assert expanded["singleValueExtendedProperties"] == held


def test_events_can_be_found_by_an_own_property(graph, group):
    name = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name InvoKey"
    made(graph, group)
    event = made(
        graph, group, singleValueExtendedProperties=[{"id": name, "value": "42"}]
    )
    wanted = (
        f"singleValueExtendedProperties/any(p: p/id eq '{name}' and p/value eq '42')"
    )

    found = graph.get(f"/groups/{group}/events", params={"$filter": wanted}).json()

    assert [one["id"] for one in found["value"]] == [event["id"]]


def test_online_meeting_has_a_link_to_join(graph, group):
    event = made(graph, group, isOnlineMeeting=True)

    assert event["onlineMeeting"]["joinUrl"].startswith("https://")
    assert made(graph, group)["onlineMeeting"] is None


def test_mailbox_of_a_new_group_appears_after_a_while(outlook, graph):
    outlook.new_group_hides = 2
    asked_for = {
        "displayName": "Appointments",
        "mailNickname": "appointments",
        "mailEnabled": True,
        "securityEnabled": False,
        "groupTypes": ["Unified"],
        "members@odata.bind": [
            f"{outlook.graph}/users/{outlook.person(SCHEDULER).oid}"
        ],
    }

    group = graph.post("/groups", json=asked_for).json()["id"]

    statuses = [graph.get(f"/groups/{group}/calendar").status_code for _ in range(3)]
    assert statuses == [404, 404, 200]
    owners = graph.get(f"/groups/{group}/owners").json()["value"]
    assert [owner["mail"] for owner in owners] == [SCHEDULER]


def test_who_makes_a_group_owns_it_and_has_not_joined_it(graph):
    asked_for = {
        "displayName": "Appointments",
        "mailNickname": "appointments",
        "mailEnabled": True,
        "securityEnabled": False,
        "groupTypes": ["Unified"],
    }

    group = graph.post("/groups", json=asked_for).json()["id"]

    assert len(graph.get(f"/groups/{group}/owners").json()["value"]) == 1
    assert graph.get(f"/groups/{group}/members").json()["value"] == []
    assert graph.get(f"/groups/{group}/calendar").status_code == 403


def test_groups_are_found_by_owner_kind_and_name(outlook, graph):
    mine = outlook.group("Invo Booking")
    other = outlook.group("Invoices", owners=("cfo@bank.example",))

    def ids(path, **query):
        asked = {"$count": "true", **query}
        return [one["id"] for one in graph.get(path, params=asked).json()["value"]]

    unified = "groupTypes/any(c:c eq 'Unified')"
    graph.headers["ConsistencyLevel"] = "eventual"
    assert ids("/me/ownedObjects/microsoft.graph.group") == [mine]
    assert ids("/me/memberOf/microsoft.graph.group") == [mine]
    assert set(ids("/groups", **{"$filter": unified})) == {mine, other}
    assert ids("/groups", **{"$filter": "startswith(displayName,'Invoi')"}) == [other]
    assert ids("/groups", **{"$search": '"displayName:booking"'}) == [mine]


def test_search_needs_the_header_the_documentation_names(graph):
    answer = graph.get("/groups", params={"$search": '"displayName:booking"'})

    assert code(answer) == "Request_UnsupportedQuery"


def test_only_members_may_see_a_groups_calendar(outlook, graph):
    group = outlook.group(owners=("cfo@bank.example",))

    assert graph.get(f"/groups/{group}/events").status_code == 403


@pytest.mark.parametrize(
    ("held", "method", "path", "is_allowed"),
    [
        ("User.Read", "GET", "/me", True),
        ("User.Read", "POST", SCHEDULE, False),
        ("Calendars.ReadBasic", "POST", SCHEDULE, True),
        ("Group.Read.All", "GET", "/groups/{}/events", True),
        ("Group.Read.All", "POST", "/groups/{}/events", False),
        ("Group.ReadWrite.All", "POST", "/groups/{}/events", True),
        ("Calendars.Read", "GET", "/groups/{}/calendar", False),
    ],
)
def test_each_call_needs_its_permission(outlook, group, held, method, path, is_allowed):
    body = new_event(NINE, NINE + HOUR)
    if path == SCHEDULE:
        body = schedule_question([ANA], NINE, NINE + DAY)
    with plain_client(outlook, SCHEDULER, held) as client:
        json = body if method == "POST" else None
        answer = client.request(method, path.format(group), json=json)

    assert answer.is_success is is_allowed
    if not is_allowed:
        assert answer.status_code == 403
        assert answer.json()["error"]["innerError"]["request-id"]


def test_own_calendar_shows_own_events_and_invitations(outlook, graph, group):
    outlook.busy(SCHEDULER, NINE, NINE + HOUR, subject="Dentist")
    made(graph, group)
    window = {
        "startDateTime": (NINE - DAY).isoformat(),
        "endDateTime": (NINE + DAY).isoformat(),
    }

    found = graph.get("/me/calendarView", params=window).json()["value"]

    assert [event["subject"] for event in found] == ["Dentist", "Mortgage"]


def test_windows_and_iana_names_of_zones_mean_the_same(outlook, graph, group):
    for zone in ("W. Europe Standard Time", "Europe/Berlin"):
        body = {
            "subject": zone,
            "start": {"dateTime": "2026-03-09T10:00:00", "timeZone": zone},
            "end": {"dateTime": "2026-03-09T11:00:00.0000000", "timeZone": zone},
        }
        assert graph.post(f"/groups/{group}/events", json=body).status_code == 201

    starts = {event["start"]["dateTime"] for event in outlook.events(group)}
    assert starts == {"2026-03-09T09:00:00.0000000"}
    assert NINE.astimezone(ZoneInfo("Europe/Berlin")).hour == 10


def test_batch_answers_each_call_for_itself(outlook, graph, group):
    outlook.misbehave("GET", "/me", status=429, retry_after=7)
    calls = [
        {"id": "1", "method": "GET", "url": "/me"},
        {"id": "2", "method": "GET", "url": f"/groups/{group}/calendar"},
        {"id": "3", "method": "GET", "url": "/groups/none/calendar"},
    ]

    found = graph.post("/$batch", json={"requests": calls}).json()["responses"]

    assert {one["id"]: one["status"] for one in found} == {"1": 429, "2": 200, "3": 404}
    assert found[0]["headers"]["Retry-After"] == "7"


def test_batch_has_20_calls_at_most(outlook, graph):
    calls = [{"id": str(n), "method": "GET", "url": "/me"} for n in range(21)]

    assert graph.post("/$batch", json={"requests": calls}).status_code == 400

    assert "more than 20 items" in outlook.violations.pop()


def test_call_that_graph_does_not_have_is_a_violation(outlook, graph):
    answer = graph.get("/me/calender")

    assert answer.status_code == 400
    assert "GET /me/calender" in outlook.violations.pop()
