"""The fake is held to Microsoft's own types, and to Microsoft's own client."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import how_many
from tests.support.microsoft.fixtures import fresh
from tests.support.microsoft.graph import ROUTES
from tests.support.microsoft.node_tools import SOURCES, ask_by_client, made_schema
from tests.support.microsoft.plain_client import (
    new_event,
    plain_client,
    schedule_question,
)
from tests.support.microsoft.schema import answer_type, check_answer
from tests.support.microsoft.vendor_types import MADE, problems, properties_of, type_of
from tests.support.vendor.wire import Call, Reply

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = "ana@bank.example"
LETTERS = st.characters(codec="ascii", exclude_categories=["C"])


def test_schema_says_what_it_is_made_from():
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))

    assert MADE["madeFrom"] == wanted["devDependencies"]
    assert all(version[0].isdigit() for version in MADE["madeFrom"].values())


def test_schema_is_what_microsofts_types_make_of_it():
    assert made_schema() == MADE


def test_lock_of_the_tools_names_no_download_address():
    lock = (SOURCES / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock


def test_types_know_what_we_rely_on():
    wanted = {"transactionId", "changeKey", "iCalUId", "singleValueExtendedProperties"}

    assert wanted < properties_of("event")
    assert problems(type_of("schedule"), {"scheduleItems": [{"status": "busy"}]}) == []
    assert problems(type_of("schedule"), {"scheduleItems": [{"status": "Busy"}]})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subjct", "a word that is misspelt"),
        ("showAs", "BUSY"),
        ("attendees", [{"emailAddress": "ana@bank.example"}]),
        ("isOnlineMeeting", "yes"),
    ],
)
def test_invalid_request_is_noticed(outlook, graph, group, field, value):
    body = new_event(NINE, NINE + HOUR, **{field: value})

    graph.post(f"/groups/{group}/events", json=body)

    assert any("asked: POST" in violation for violation in outlook.violations)
    outlook.violations.clear()


def test_unknown_property_is_refused_as_graph_does(outlook, graph, group):
    body = new_event(NINE, NINE + HOUR, subjct="Misspelt")

    assert graph.post(f"/groups/{group}/events", json=body).status_code == 400

    assert outlook.events(group) == []
    outlook.violations.clear()


def test_body_where_none_belongs_is_noticed(outlook, graph, group):
    event = outlook.foreign_event(group, NINE, NINE + HOUR)

    graph.request("DELETE", f"/groups/{group}/events/{event}", json={"why": "so"})

    assert "nothing may be sent" in outlook.violations.pop()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/me", {"id": "1", "mial": "misspelt"}),
        ("/groups", {"value": {"id": "no list"}}),
        ("/groups/1/events/2", {"id": "2", "showAs": "occupied"}),
        ("/me/drive", {"id": "a call without a type"}),
    ],
)
def test_invalid_answer_is_noticed(outlook, path, body):
    check_answer(outlook, Call("GET", path), Reply(body=body))

    assert "answered: GET" in outlook.violations.pop()


def test_invalid_error_is_noticed(outlook):
    check_answer(outlook, Call("GET", "/me"), Reply(404, {"error": "not found"}))

    assert "answered: GET" in outlook.violations.pop()


def test_body_in_a_batch_says_what_it_is(outlook, graph, group):
    call = {"id": "1", "method": "POST", "url": f"/groups/{group}/events"}
    body = new_event(NINE, NINE + HOUR)
    headers = {"Content-Type": "application/json"}

    graph.post("/$batch", json={"requests": [{**call, "body": body}]})
    assert "headers" in outlook.violations.pop()
    graph.post(
        "/$batch", json={"requests": [{**call, "body": body, "headers": headers}]}
    )

    assert len(outlook.events(group)) == 2


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path.pattern)
@settings(max_examples=how_many(10))
@given(data=st.data())
def test_every_call_has_a_type_of_answer(route, data):
    path = data.draw(st.from_regex(route.path, fullmatch=True, alphabet=LETTERS))

    assert answer_type(Call(route.method, path)) is not None


def test_violation_fails_the_test_that_caused_it(outlook):
    with (
        pytest.raises(AssertionError, match="no such call"),
        fresh(outlook),
        plain_client(outlook) as graph,
    ):
        graph.get("/me/calender")


def steps(group):
    """Ask, create, list, change and delete, as both clients do it."""
    events = f"/groups/{group}/calendar/events"
    window = {
        "startDateTime": "2026-03-09T00:00:00Z",
        "endDateTime": "2026-03-10T00:00:00Z",
        "$select": "subject,start,end",
    }
    return [
        {"method": "GET", "path": "/me"},
        {"method": "GET", "path": f"/groups/{group}"},
        {
            "method": "POST",
            "path": "/me/calendar/getSchedule",
            "body": schedule_question([ANA, "gone@bank.example"], NINE, NINE + HOUR),
            "headers": {"Prefer": 'outlook.timezone="UTC"'},
        },
        {
            "method": "POST",
            "path": events,
            "body": new_event(NINE, NINE + HOUR, subject="By a client"),
        },
        {"method": "PATCH", "path": f"{events}/{{last}}", "body": {"subject": "New"}},
        {"method": "GET", "path": f"{events}/{{last}}"},
        {"method": "GET", "path": f"/groups/{group}/calendarView", "query": window},
        {
            "method": "PATCH",
            "path": f"{events}/{{last}}",
            "body": {"subject": "Too late"},
            "headers": {"If-Match": 'W/"old"'},
        },
        {"method": "DELETE", "path": f"{events}/{{last}}"},
        {"method": "GET", "path": f"{events}/{{last}}"},
    ]


def by_plain_client(graph, calls):
    answers, ids = [], []
    for call in calls:
        path = call["path"].replace("{last}", ids[-1] if ids else "")
        answer = graph.request(
            call["method"],
            path,
            json=call.get("body"),
            headers=call.get("headers"),
            params=call.get("query"),
        )
        found = answer.json() if answer.content else None
        if answer.is_error:
            code = found["error"]["code"]
            answers.append({"statusCode": answer.status_code, "code": code})
            continue
        ids += [found["id"]] if found and "id" in found else []
        answers.append({"answer": found})
    return answers


CHANGING = {
    "@odata.etag",
    "changeKey",
    "createdDateTime",
    "iCalUId",
    "id",
    "lastModifiedDateTime",
    "webLink",
}


def lasting(value):
    """Leave out what differs between two events that say the same."""
    if isinstance(value, list):
        return [lasting(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: lasting(item) for key, item in value.items() if key not in CHANGING}


def test_microsofts_own_client_gets_what_a_plain_one_gets(outlook, graph, group):
    outlook.busy(ANA, NINE, NINE + HOUR)
    outlook.unknown("gone@bank.example")
    calls = steps(group)
    plain = by_plain_client(graph, calls)

    theirs = ask_by_client(outlook.url, outlook.access_token(), outlook.ca_file, calls)

    assert lasting(theirs) == lasting(plain)
    assert plain[-3] == {"statusCode": 412, "code": "ErrorIrresolvableConflict"}
    assert plain[-1] == {"statusCode": 404, "code": "ErrorItemNotFound"}
    assert [item["error"]["responseCode"] for item in plain[2]["answer"]["value"][1:]]
