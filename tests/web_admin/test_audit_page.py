"""The audit log as its page shows it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from invo_booking.domain.audit import LoggedEntry, Misfit, MisfitReason
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.usecases.admin.audit_log import PAGE_SIZE, AuditPage
from invo_booking.usecases.admin.catalogue import languages
from invo_booking.usecases.upkeep.audit_seals import SealState
from invo_booking.web.admin.audit import view as audit
from invo_booking.web.admin.audit.state import AuditState
from invo_booking.web.admin.audit.view import AuditChangeView
from invo_booking.web.kit.text.words import ViewerContext

CHICAGO = ZoneInfo("America/Chicago")
NAMESAKE = UUID(int=7)
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
EYES = ViewerContext(CHICAGO, Locale("en", "GB"), NOW)


def page(**more):
    fields = {
        "number": 7,
        "at": NOW,
        "actor": "Grace",
        "actor_id": None,
        "action": "changed",
        "object_kind": "queue",
        "object_id": "q1",
        "detail": {},
        "seal": None,
        "interface": "page",
        "address": "203.0.113.7",
        "request_id": "r1",
    }
    return AuditPage(
        entries=(LoggedEntry(**(fields | more)),),
        next_before=None,
        names={"q1": "Lending"},
        namesakes={},
        kinds=(("language", "created"), ("queue", "changed"), ("queue", "created")),
        time_zone=CHICAGO.key,
    )


def changes(detail):
    (entry,) = audit.audit_entry_views(page(detail=detail), EYES)
    return entry.changes


def test_hour_that_occurs_twice_is_shown_with_its_offset():
    hours = {6: "01:30:00 CDT", 7: "01:30:00 CST", 8: "02:30:00"}

    shown = {
        hour: audit.audit_entry_views(
            page(at=datetime(2026, 11, 1, hour, 30, tzinfo=UTC)), EYES
        )[0].clock
        for hour in hours
    }

    assert shown == hours


def test_an_entry_says_what_happened_to_what_by_its_name_of_today():
    (entry,) = audit.audit_entry_views(page(), EYES)

    assert entry.what == "Queue “Lending” changed"
    assert (entry.day, entry.clock, entry.who) == ("Today", "08:00:00", "Grace")
    assert entry.href == "/audit?object=q1"


def test_long_ago_has_its_year():
    (entry,) = audit.audit_entry_views(
        page(at=datetime(2025, 1, 2, 18, tzinfo=UTC)), EYES
    )

    assert entry.day == "Thursday, 2 January 2025"


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        (
            {"before": {"name": "A", "active": True}, "after": {"name": "B"}},
            [AuditChangeView("Active", "yes", ""), AuditChangeView("Name", "A", "B")],
        ),
        (
            {"agent_before": "", "agent": "Ana"},
            [AuditChangeView("Agent", "", "Ana")],
        ),
        (
            {"starts_at": "2026-11-24T16:15:00+00:00"},
            [AuditChangeView("Starts at", "", "Tomorrow, 10:15")],
        ),
        ({"fields": ["notes", "name"]}, [AuditChangeView("Fields", "", "notes, name")]),
        ({"filters": {"who": "x"}}, [AuditChangeView("Filters", "", "Who: x")]),
        (
            {"hours": {"monday": [["09:00", "17:00"]], "closed": True, "break": None}},
            [
                AuditChangeView(
                    "Hours", "", "Monday: 09:00, 17:00; Closed: yes; Break: "
                )
            ],
        ),
        ({"count": 3}, [AuditChangeView("Count", "", "3")]),
        ({"agent": "", "because": None, "queues": []}, []),
    ],
)
def test_facts_are_told_as_people_write_them(detail, shown):
    assert changes(detail) == shown


def test_a_long_value_is_cut():
    (only,) = changes({"text": "x" * 500})

    assert only.after == "x" * audit.LONGEST + "…"


def test_actions_follow_the_kind_that_was_chosen():
    assert [one.value for one in audit.audit_action_options(page(), "")] == [
        "changed",
        "created",
    ]
    assert [one.label for one in audit.audit_action_options(page(), "language")] == [
        "Created"
    ]
    assert [one.label for one in audit.audit_kind_options(page())] == [
        "Language",
        "Queue",
    ]


def test_both_dates_of_a_filter_are_included():
    query = audit.audit_query_of({"from": "2026-11-23", "to": "2026-11-23"}, CHICAGO)

    assert query.since == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize("odd", ["yesterday", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_a_date_that_is_none_is_said_and_does_not_narrow(odd):
    query = audit.audit_query_of({"from": odd, "to": odd}, CHICAGO)

    assert (query.since, query.until) == (None, None)
    assert set(audit.audit_date_problems({"from": odd, "to": odd})) == {"from", "to"}


def test_the_file_has_the_same_entries_as_the_page():
    address = audit.audit_export_address(
        {"who": "Ada & Co", "to": "2026-11-23"}, CHICAGO
    )

    asked = parse_qs(urlsplit(address).query)
    assert asked == {
        "who": ["Ada & Co"],
        "to": ["2026-11-24T06:00:00+00:00"],
        "brief": ["true"],
    }


def test_a_broken_chain_says_where_and_what_to_do():
    whole = SealState(
        total=9,
        sealed=8,
        waiting=1,
        misfits=(),
        problem="",
        unverifiable=(),
        head=None,
    )
    broken = replace(whole, misfits=(Misfit(3, MisfitReason.CHANGED),))

    assert "Entry 3" in audit.audit_seal_view(broken, EYES).sentence
    assert "backup" in audit.audit_seal_view(broken, EYES).sentence
    assert audit.audit_seal_view(whole, EYES).sentence == (
        "All 8 sealed entries are unchanged. 1 more will be sealed within a minute. "
        "Checked at 8:00."
    )


def run(client, *events, at="/audit"):
    async def all_of_them():
        told = [await client.send(AuditState, *event, at=at) for event in events]
        return await client.see(AuditState), told[-1]

    return asyncio.run(all_of_them())


def test_the_page_shows_what_its_address_asks_for(product, grace, sign_in):
    languages.add_language(product, grace, "pl")
    client = sign_in(grace)

    state, _ = run(client, ("open_page",), at="/audit?kind=language")
    assert [entry.what for entry in state.entries] == ["Language “Polish” created"]
    assert state.filters.is_any
    assert "kind=language" in state.export
    _, told = run(client, ("filter_entries", {"who": "Grace", "kind": "", "odd": "x"}))

    assert "/audit?who=Grace" in str(told.args)


def test_older_entries_follow_and_lead_back(product, grace, sign_in):
    with product.unit_of_work() as work:
        for number in range(PAGE_SIZE + 2):
            work.audit.add(
                AuditEntry(
                    at=NOW,
                    actor="Max",
                    actor_id=None,
                    action="moved",
                    object_kind="appointment",
                    object_id=f"a{number}",
                    detail={},
                )
            )
    client = sign_in(grace)

    first, _ = run(client, ("open_page",))
    assert len(first.entries) == PAGE_SIZE
    assert first.newest == ""
    second, _ = run(client, ("open_page",), at=first.older)

    assert len(second.entries) == 2  # the sign-in is hidden
    assert (second.older, second.newest) == ("", "/audit")


def test_seals_are_checked_when_asked(grace, sign_in):
    client = sign_in(grace)

    state, _ = run(client, ("open_page",), ("check_seals",))

    assert state.seals.is_whole


def test_entry_says_from_where_and_tells_namesakes_apart():
    one = page(actor_id=NAMESAKE)
    told = replace(one, namesakes={NAMESAKE: "grace@bank.example"})

    (view,) = audit.audit_entry_views(told, EYES)

    assert view.who == "Grace (grace@bank.example)"
    assert view.theirs == f"/audit?person={NAMESAKE}"
    assert view.origin == "Page, from 203.0.113.7"
    assert "Request r1" in view.ids


def test_changed_setting_shows_what_it_was_before_what_it_is():
    (view,) = audit.audit_entry_views(
        page(detail={"before": "on", "after": "off"}), EYES
    )

    assert view.changes == [AuditChangeView(name="Value", before="on", after="off")]


@pytest.mark.parametrize(
    ("query", "is_brief"),
    [
        ({}, True),
        ({"who": "Ada"}, True),
        ({"all": "1"}, False),
        ({"action": "signed in"}, False),
        ({"object": "a1"}, False),
    ],
)
def test_sign_ins_and_reading_are_hidden_until_they_are_asked_for(query, is_brief):
    assert audit.audit_query_of(query, CHICAGO).is_brief is is_brief
