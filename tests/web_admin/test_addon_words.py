"""How the connection to Outlook 365 is put into words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import (
    ConnectionFinding,
    HostCalendar,
    Permission,
)
from invo_booking.usecases.calendars.connections import ConnectionPanel
from invo_booking.web.admin.connection.host_views import host_choice_views
from invo_booking.web.admin.connection.view import (
    STATES,
    connection_findings_summary,
    connection_panel_view,
    time_until_poll,
)
from invo_booking.web.kit.text.words import ViewerContext

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
EYES = ViewerContext(ZoneInfo("America/Chicago"), Locale("en", "US"), NOW)
SIMONE = Actor(
    id=uuid4(),
    name="Simone",
    email="simone@bank.example",
    roles=frozenset({Role.SUPER_ADMIN}),
)
MINUTE = timedelta(minutes=1)
GROUP = HostCalendar(id="1", name="Video", address="video@bank.example", is_owner=True)
LINK = Connection(
    id=uuid4(),
    provider="outlook",
    state=ConnectionState.CONNECTED,
    account="scheduling@bank.example",
    account_name="Scheduling",
    host=GROUP,
    connected_by="Simone",
    connected_at=NOW - 3 * MINUTE,
)
PANEL = ConnectionPanel(
    provider="outlook",
    is_ready=True,
    missing_fields=(),
    connection=LINK,
    permissions=(Permission(name="User.Read", purpose="To see.", granted=True),),
    consent_url="https://login.example/adminconsent",
    unknown_agents=(),
    unread_agents=(),
    secret_ends=None,
    redirect_uri="https://book.bank.example/outlook",
    next_run_at=NOW + 2 * MINUTE,
    last_success=NOW - 3 * MINUTE,
    conflicts=0,
    waiting_writes=0,
)


def shown(**changed):
    return connection_panel_view(replace(PANEL, **changed), SIMONE, EYES)


def facts(**changed):
    return {fact.name: fact.said for fact in shown(**changed).facts}


def linked(**changed):
    return shown(connection=replace(LINK, **changed))


def test_every_state_of_a_connection_has_a_word_and_a_light():
    assert set(STATES) == set(ConnectionState)
    assert {light for light, _ in STATES.values()} == {"ok", "bad", "wait"}


@pytest.mark.parametrize("state", list(ConnectionState))
def test_only_what_needs_a_person_is_red(state):
    view = linked(state=state, problem="Something is wrong.")

    assert (view.light == "bad") is (
        state in {ConnectionState.RECONNECT, ConnectionState.PERMISSION}
    )
    assert view.trouble == "Something is wrong."


def test_facts_tell_age_and_next_run():
    found = facts()

    assert found["Busy times read"] == "3 minutes ago"
    assert found["Read next"] == "in 2 minutes"
    assert found["Connected by"] == "Simone, 3 minutes ago"
    assert found["Invitations from"] == "video@bank.example"
    assert "Waiting to be written" not in found


def test_facts_count_what_waits():
    found = facts(waiting_writes=7, conflicts=2)

    assert found["Waiting to be written"] == "7"
    assert found["For staff to decide"] == "2"


def test_nothing_is_read_before_patience_is_over():
    view = linked(
        state=ConnectionState.THROTTLED,
        problem="Microsoft limits the number of requests at the moment.",
        paused_until=NOW + 9 * MINUTE,
    )

    assert view.trouble.endswith("at the moment. Next attempt in 9 minutes.")
    assert {f.name: f.said for f in view.facts}["Read next"] == "in 9 minutes"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-1, "any moment"), (0, "any moment"), (1, "in a minute"), (5, "in 5 minutes")],
)
def test_how_far_off_a_run_is(minutes, said):
    assert time_until_poll(NOW + minutes * MINUTE, EYES) == said


def test_no_run_is_planned_without_one():
    assert time_until_poll(None, EYES) == "not planned"


def test_agents_outlook_does_not_know_are_listed():
    assert shown(unknown_agents=("Ana (ana@bank.example)",)).unknown == [
        "Ana (ana@bank.example)"
    ]


def test_host_says_on_whose_behalf_agents_are_invited_and_whether_it_is_owned():
    told = shown().hosted
    assert (told.light, told.word) == ("ok", "Passed")
    assert "“Scheduling on behalf of Video”" in told.sentence

    other = linked(host=replace(GROUP, is_owner=False)).hosted
    assert other.word == "Not an owner"


def test_consent_is_offered_only_while_something_is_missing():
    assert shown().consent == ""

    lacking = (Permission(name="User.Read", purpose="To see.", granted=False),)
    view = shown(permissions=lacking)
    assert view.consent == PANEL.consent_url
    assert (view.allowed.light, view.allowed.word) == ("bad", "0 of 1")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (date(2026, 11, 22), "ended on November 22, 2026"),
        (date(2026, 11, 23), "ends today"),
        (date(2026, 11, 24), "ends in 1 day."),
        (date(2027, 1, 22), "ends in 60 days."),
    ],
)
def test_end_of_the_secret_is_warned_of(ends, words):
    assert words in shown(secret_ends=ends).warning


def test_end_of_the_secret_is_no_warning_long_before():
    assert shown(secret_ends=date(2027, 1, 23)).warning == ""


def test_missing_fields_are_named_as_on_the_page():
    missing = shown(is_ready=False, missing_fields=("A", "B", "C")).registered

    assert missing.sentence == "Fill in A, B and C under Outlook 365, and save."


def test_a_test_is_summed_up():
    good = ConnectionFinding(name="Clock", ok=True, sentence="Right.")
    bad = replace(good, ok=False)

    assert connection_findings_summary([good, good]) == "All 2 checks passed."
    assert (
        connection_findings_summary([good, bad])
        == "1 of 2 checks failed. Each says what to do."
    )
    assert (
        connection_findings_summary([good]),
        connection_findings_summary([bad]),
    ) == (
        "It works.",
        "It did not work.",
    )


def test_groups_are_told_apart_by_their_addresses():
    own, other = GROUP, replace(GROUP, id="2", address="v2@b.example", is_owner=False)

    assert [view.label for view in host_choice_views([own, other])] == [
        "Video (video@bank.example)",
        "Video (v2@b.example, not yours)",
    ]
    outside = replace(GROUP, is_member=False)
    assert host_choice_views([outside])[0].label == (
        "Video (video@bank.example, you are not a member)"
    )


def test_events_that_could_not_be_removed_are_told():
    assert shown().removals == ""
    assert shown(removal_problem="2 events remain.").removals == "2 events remain."
