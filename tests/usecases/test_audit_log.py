"""The audit trail as administrators read it, on a real database."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from invo_booking.domain.audit import AuditQuery
from invo_booking.domain.errors import NotAllowedError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.texts import say
from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.admin.audit_log import COLUMNS, PAGE_SIZE, safe_cell
from invo_booking.usecases.admin.catalogue import languages
from invo_booking.usecases.upkeep import audit_seals

ALL = AuditQuery()
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(deps, count=1, **more):
    fields = {
        "at": deps.now(),
        "actor": "Max",
        "actor_id": None,
        "action": "moved",
        "object_kind": "appointment",
        "object_id": "a1",
        "detail": {},
    }
    with deps.unit_of_work() as work:
        for _ in range(count):
            work.audit.add(AuditEntry(**(fields | more)))


def seal(deps):
    audit_seals.seal_audit_entries(deps)


def exported(deps, actor, query=ALL):
    lines = "".join(audit_log.export_audit_log(deps, actor, query))
    return list(csv.DictReader(io.StringIO(lines)))


def test_newest_come_first_and_pages_follow_each_other(deps, ada):
    write(deps, count=PAGE_SIZE + 3)

    first = audit_log.read_audit_page(deps, ada, ALL)
    second = audit_log.read_audit_page(deps, ada, ALL, before=first.next_before)

    numbers = [entry.number for entry in (*first.entries, *second.entries)]
    assert len(first.entries) == PAGE_SIZE
    assert len(second.entries) == 3
    assert second.next_before is None
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        AuditQuery(actor="ax_"),
        AuditQuery(action="cancelled"),
        AuditQuery(object_kind="language"),
        AuditQuery(object_id="b2"),
    ],
)
def test_each_filter_finds_only_its_own(deps, ada, query):
    write(deps, count=2)
    write(
        deps,
        actor="Max_",
        action="cancelled",
        object_kind="language",
        object_id="b2",
    )

    (only,) = audit_log.read_audit_page(deps, ada, query).entries

    assert only.object_id == "b2"


def test_time_filters_hold_their_first_instant_and_not_their_last(deps, ada, clock):
    starts = clock()
    for hours in range(3):
        write(deps, at=starts + timedelta(hours=hours), object_id=f"h{hours}")
    query = AuditQuery(
        since=starts + timedelta(hours=1), until=starts + timedelta(hours=2)
    )

    found = audit_log.read_audit_page(deps, ada, query).entries

    assert [entry.object_id for entry in found] == ["h1"]


def test_things_are_called_by_their_names_of_today(deps, bank, ada):
    write(deps, object_kind="queue", object_id=str(bank.queue_id))
    languages.add_language(deps, ada, "pl")

    page = audit_log.read_audit_page(deps, ada, ALL)

    assert page.names == {str(bank.queue_id): "Lending", "pl": "Polish"}
    assert ("language", "created") in page.kinds


def test_a_whole_chain_is_said_to_be_whole(deps, ada):
    write(deps, count=4)
    seal(deps)
    write(deps)

    state = audit_seals.check_audit_chain_as(deps, ada)

    assert (state.total, state.sealed, state.waiting) == (5, 4, 1)
    assert state.broken_at is None


def test_a_chain_somebody_touched_names_the_place(deps, ada):
    write(deps, count=4)
    seal(deps)
    with deps.unit_of_work() as work:
        connection = work.session.connection()
        for statement in (
            "ALTER TABLE audit DISABLE TRIGGER ALL",
            "UPDATE audit SET actor = 'Nobody' WHERE seal = 3",
            "ALTER TABLE audit ENABLE TRIGGER ALL",
        ):
            connection.execute(text(statement))

    assert audit_seals.check_audit_chain_as(deps, ada).broken_at == 3


def test_an_export_holds_everything_and_itself(deps, ada):
    write(deps, count=3, detail={"phone": "+1 312 555 0142"})

    rows = exported(deps, ada)

    assert [row["Action"] for row in rows] == ["moved"] * 3 + ["exported"]
    assert rows[-1]["Who"] == "Ada"
    assert list(rows[0]) == [say(key) for key in COLUMNS]
    assert "+1 312 555 0142" in rows[0]["Detail"]


def test_an_export_obeys_the_filters_and_notes_them(deps, ada):
    write(deps)
    write(deps, object_id="b2")

    rows = exported(deps, ada, AuditQuery(object_id="b2"))

    assert [row["Object"] for row in rows] == ["b2"]
    newest = audit_log.read_audit_page(deps, ada, ALL).entries[0]
    assert newest.detail == {"filters": {"object_id": "b2"}}


def test_an_export_is_read_in_batches(deps, ada):
    write(deps, count=audit_log.BATCH + 1)

    assert len(exported(deps, ada)) == audit_log.BATCH + 2


def test_no_cell_is_a_formula_and_each_stays_readable(deps, ada):
    write(deps, actor="=HYPERLINK(1)", action="+1 312", object_id="@x", detail={})
    write(deps, actor='-2 "quoted", and more', object_kind="\tx")

    first, second, _ = exported(deps, ada)

    assert (first["Who"], first["Action"], first["Object"]) == (
        "'=HYPERLINK(1)",
        "'+1 312",
        "'@x",
    )
    assert (second["Who"], second["Kind"]) == ('\'-2 "quoted", and more', "'\tx")


@given(st.text(max_size=20))
def test_a_safe_cell_begins_no_formula_and_loses_nothing(cell):
    safe = safe_cell(cell)

    assert not safe.startswith(FORMULAS)
    assert safe in {cell, f"'{cell}"}


def test_only_administrators_may(deps, bank):
    max_ = bank.manager()

    for ask in (audit_log.read_audit_page, audit_log.export_audit_log):
        with pytest.raises(NotAllowedError):
            ask(deps, max_, ALL)
    with pytest.raises(NotAllowedError):
        audit_seals.check_audit_chain_as(deps, max_)
    with deps.unit_of_work() as work:
        assert work.audit.history("all") == []


def test_branches_are_called_by_their_names_too(deps, bank, ada):
    for kind, thing in (("branch", bank.branch_id), ("holiday", bank.branch_id)):
        write(deps, object_kind=kind, object_id=str(thing), action="changed")

    page = audit_log.read_audit_page(deps, ada, ALL)

    assert page.names == {str(bank.branch_id): "Main branch"}
