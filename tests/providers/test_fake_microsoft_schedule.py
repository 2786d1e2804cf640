"""The fake's ``getSchedule`` does what Microsoft documents, and what was seen of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.microsoft.plain_client import schedule_question

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANA = "ana@bank.example"


def asked(graph, mailboxes, start=NINE, end=NINE + DAY, **fields):
    body = schedule_question(mailboxes, start, end)
    return graph.post("/me/calendar/getSchedule", json={**body, **fields})


def code(answer):
    return answer.json()["error"]["code"]


def test_schedule_has_an_item_per_event_and_does_not_merge(outlook, graph):
    outlook.busy(ANA, NINE, NINE + HOUR)
    outlook.busy(ANA, NINE + HOUR / 2, NINE + 2 * HOUR, status="oof")

    [found] = asked(graph, [ANA]).json()["value"]

    assert [item["status"] for item in found["scheduleItems"]] == ["busy", "oof"]
    assert found["scheduleItems"][0]["start"] == {
        "dateTime": "2026-03-09T09:00:00.0000000",
        "timeZone": "UTC",
    }
    assert found["availabilityView"].startswith("23330")


def test_schedule_is_told_on_the_clock_preferred(outlook, graph):
    outlook.busy(ANA, NINE, NINE + HOUR)
    graph.headers["Prefer"] = 'outlook.timezone="W. Europe Standard Time"'

    [found] = asked(graph, [ANA]).json()["value"]

    start = found["scheduleItems"][0]["start"]
    assert start["dateTime"] == "2026-03-09T10:00:00.0000000"
    assert start["timeZone"] == "W. Europe Standard Time"


def test_mailbox_that_fails_leaves_the_others_answered(outlook, graph):
    outlook.unknown("gone@bank.example")
    outlook.no_access("shy@bank.example")

    found = asked(graph, [ANA, "gone@bank.example", "shy@bank.example"]).json()

    errors = [entry.get("error", {}).get("responseCode") for entry in found["value"]]
    assert errors == [None, "ErrorMailRecipientNotFound", "ErrorNoFreeBusyAccess"]


def test_schedule_takes_62_days_and_not_a_day_more(graph):
    assert asked(graph, [ANA], end=NINE + 62 * DAY).status_code == 200
    assert code(asked(graph, [ANA], end=NINE + 63 * DAY)) == "ErrorTimeIntervalTooBig"


def test_more_than_20_mailboxes_break_the_documentation(outlook, graph):
    many = [f"agent{n}@bank.example" for n in range(21)]

    assert asked(graph, many).status_code == 200

    assert "more than 20 items" in outlook.violations.pop()


def test_more_than_100_mailboxes_are_refused(outlook, graph):
    many = [f"agent{n}@bank.example" for n in range(101)]

    assert code(asked(graph, many)) == "ErrorMailboxDataArrayTooBig"

    outlook.violations.clear()


def test_view_interval_of_null_is_a_server_error(outlook, graph):
    assert asked(graph, [ANA], availabilityViewInterval=None).status_code == 500

    assert "availabilityViewInterval" in outlook.violations.pop()


@pytest.mark.parametrize("minutes", [4, 1441])
def test_view_interval_is_5_to_1440_minutes(outlook, graph, minutes):
    answer = asked(graph, [ANA], availabilityViewInterval=minutes)

    assert code(answer) == "ErrorInvalidMergedFreeBusyInterval"
    outlook.violations.clear()
