"""What somebody with all rights on the database, but without the key, can do."""

import hashlib
import json
from datetime import UTC

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from invo_booking.config import load_config
from invo_booking.domain.audit import Misfit, MisfitReason
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.usecases.upkeep import audit_seals
from tests.support.keys import SECRET_KEYS

NEW, OTHER = "new:" + "a1" * 32, "other:" + "b2" * 32


@pytest.fixture
def trail(deps):
    """Four sealed entries."""
    write(deps, 4)
    audit_seals.seal_audit_entries(deps)
    return deps


def write(deps, count):
    with deps.unit_of_work() as work:
        for number in range(count):
            thing = ("appointment", f"a{number}")
            work.audit.add(AuditEntry.by("customer", "requested", thing, deps.now()))


def keyed(deps, keys):
    """Return the same parts after the operator gave other keys."""
    config = load_config(
        {"INVO_DATA_DIR": str(deps.config.data_dir), "INVO_SECRET_KEYS": keys}
    )
    return type(deps)(
        config=config,
        begin=deps.begin,
        now=deps.now,
        mailer=deps.mailer,
        wake=deps.wake,
    )


def tamper(deps, *statements):
    with deps.unit_of_work() as work:
        connection = work.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def changing(what, where=""):
    return f"UPDATE audit SET {what} {where}"  # noqa: S608  (the test's own words)


def head(deps):
    return audit_seals.seal_figures(deps).head


def misfits(deps, given=None):
    return list(audit_seals.check_audit_chain(deps, given).misfits)


def unkeyed_hash(row, previous):
    fields = [
        previous,
        row.at.astimezone(UTC).isoformat(),
        row.actor,
        row.action,
        row.object_kind,
        row.object_id,
        json.dumps(row.detail, sort_keys=True),
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def reseal_unkeyed(deps, until=99):
    """Compute the chain anew the way version 0.1 did, as anybody can."""
    tamper(deps, changing("interface = ''", f"WHERE seal <= {until}"))
    with deps.unit_of_work() as work:
        connection = work.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        rows = connection.execute(
            text("SELECT * FROM audit WHERE seal <= :until ORDER BY seal"),
            {"until": until},
        ).all()
        previous = ""
        for row in rows:
            digest = unkeyed_hash(row, previous)
            connection.execute(
                text(
                    "UPDATE audit SET previous_hash = :previous, hash = :digest, "
                    "seal_key = '' WHERE id = :id"
                ),
                {"previous": previous, "digest": digest, "id": row.id},
            )
            previous = digest


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'x'",
        "actor_id = gen_random_uuid()",
        "action = 'x'",
        "object_kind = 'x'",
        "object_id = 'x'",
        "detail = '{\"x\": 1}'",
        "at = at + interval '1 second'",
        "interface = 'x'",
        "address = '203.0.113.9'",
        "request_id = 'x'",
        "seal_key = 'x'",
        "id = DEFAULT",
    ],
)
def test_no_column_can_be_changed_unnoticed(trail, change):
    tamper(trail, changing(change, "WHERE seal = 2"))

    assert misfits(trail) == [Misfit(2, MisfitReason.CHANGED)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM audit WHERE seal = 4", [Misfit(4, MisfitReason.MISSING)]),
        ("DELETE FROM audit WHERE seal > 1", [Misfit(2, MisfitReason.MISSING)]),
        ("DELETE FROM audit", [Misfit(1, MisfitReason.MISSING)]),
        ("DELETE FROM audit WHERE seal = 2", [Misfit(2, MisfitReason.MISSING)]),
        ("DELETE FROM audit WHERE seal = 1", [Misfit(1, MisfitReason.MISSING)]),
    ],
)
def test_end_middle_and_beginning_cannot_be_cut_off_unnoticed(trail, statement, found):
    tamper(trail, statement)

    assert misfits(trail) == found


def test_what_was_cut_off_stays_visible_when_sealing_goes_on(trail):
    tamper(trail, "DELETE FROM audit WHERE seal > 2")
    write(trail, 3)
    audit_seals.seal_audit_entries(trail)

    assert misfits(trail) == [Misfit(3, MisfitReason.MISSING)]


def test_entry_sealed_by_somebody_else_is_found(trail):
    write(trail, 1)
    tamper(trail, "UPDATE audit SET seal = 5, seal_key = 'test' WHERE seal IS NULL")

    assert misfits(trail) == [Misfit(5, MisfitReason.ADDED)]


def test_another_key_of_the_same_name_fits_nothing(trail):
    other = keyed(trail, f"{SECRET_KEYS.partition(':')[0]}:{'a1' * 32}")

    assert "changed outside the product" in audit_seals.check_audit_chain(other).problem
    assert audit_seals.seal_audit_entries(other) == 0


def test_chain_computed_anew_without_the_key_is_found(trail):
    reseal_unkeyed(trail)

    assert audit_seals.check_audit_chain(trail).broken_at == 1


def test_head_cannot_be_made_to_fit_without_the_key(trail):
    tamper(trail, "DELETE FROM audit WHERE seal = 4", "UPDATE audit_head SET place = 3")

    assert "changed outside" in audit_seals.check_audit_chain(trail).problem
    write(trail, 1)
    assert audit_seals.seal_audit_entries(trail) == 0


def test_removed_head_stops_sealing_instead_of_starting_anew(trail):
    tamper(trail, "DELETE FROM audit_head")
    write(trail, 1)

    assert audit_seals.seal_audit_entries(trail) == 0
    assert audit_seals.check_audit_chain(trail).problem.startswith(
        "The head of the chain was rem"
    )
    assert "was removed" in audit_seals.audit_trouble(audit_seals.seal_figures(trail))


def test_after_a_removed_head_a_restart_leaves_a_gap_and_the_old_entries_verifiable(
    trail,
):
    tamper(trail, "DELETE FROM audit_head")

    gap = audit_seals.restart_audit_chain(trail)
    audit_seals.seal_audit_entries(trail)

    assert misfits(trail) == [Misfit(gap, MisfitReason.MISSING)]
    tamper(trail, changing("actor = 'x'", "WHERE seal = 2"))
    assert misfits(trail) == [
        Misfit(2, MisfitReason.CHANGED),
        Misfit(gap, MisfitReason.MISSING),
    ]


def test_head_kept_elsewhere_finds_what_was_emptied_to_look_new(trail):
    kept = head(trail)
    tamper(trail, "TRUNCATE audit, audit_head")

    assert misfits(trail, (kept.place, kept.hash)) == [Misfit(4, MisfitReason.GIVEN)]


def test_what_version_0_1_sealed_is_whole_before_anything_is_sealed_anew(trail):
    tamper(trail, "DELETE FROM audit_head")
    reseal_unkeyed(trail)

    assert audit_seals.check_audit_chain(trail).is_whole
    tamper(trail, changing("actor = 'x'", "WHERE seal = 2"))
    assert misfits(trail) == [Misfit(2, MisfitReason.CHANGED)]


def test_all_made_to_look_like_version_0_1_differs_from_the_head_in_the_log(trail):
    kept = head(trail)
    tamper(trail, "DELETE FROM audit WHERE seal = 4", "DELETE FROM audit_head")
    reseal_unkeyed(trail)
    audit_seals.seal_audit_entries(trail)

    assert misfits(trail, (kept.place, kept.hash)) == [Misfit(4, MisfitReason.GIVEN)]


def test_head_kept_elsewhere_is_found_again_in_a_whole_chain(trail):
    kept = head(trail)
    write(trail, 2)
    audit_seals.seal_audit_entries(trail)

    assert misfits(trail, (kept.place, kept.hash)) == []
    assert misfits(trail, (2, kept.hash)) == [Misfit(2, MisfitReason.GIVEN)]


def test_what_version_0_1_sealed_stays_verifiable_and_nothing_later_passes_for_it(deps):
    write(deps, 3)
    tamper(deps, "UPDATE audit SET seal = id - (SELECT min(id) FROM audit) + 1")
    reseal_unkeyed(deps)
    write(deps, 2)

    audit_seals.seal_audit_entries(deps)

    assert misfits(deps) == []
    assert head(deps).keyed_from == 4
    tamper(deps, "UPDATE audit SET action = 'x' WHERE seal = 5")
    reseal_unkeyed(deps)
    assert misfits(deps)[0] == Misfit(4, MisfitReason.CHANGED)


def test_old_entries_cannot_be_recomputed_once_the_keyed_ones_follow(deps):
    write(deps, 3)
    tamper(deps, "UPDATE audit SET seal = id - (SELECT min(id) FROM audit) + 1")
    reseal_unkeyed(deps)
    write(deps, 2)
    audit_seals.seal_audit_entries(deps)

    tamper(deps, "UPDATE audit SET action = 'x' WHERE seal = 2")
    reseal_unkeyed(deps, until=3)

    assert misfits(deps) == [Misfit(4, MisfitReason.CHANGED)]


def test_rotated_key_keeps_old_seals_verifiable(trail):
    both = keyed(trail, f"{NEW},{SECRET_KEYS}")
    write(trail, 2)
    audit_seals.seal_audit_entries(both)

    state = audit_seals.check_audit_chain(both)
    assert (state.is_whole, state.unverifiable) == (True, ())
    assert head(both).spans == ((1, "test"), (5, "new"))
    tamper(trail, "UPDATE audit SET action = 'x' WHERE seal = 2")
    assert misfits(both) == [Misfit(2, MisfitReason.CHANGED)]


def test_rotation_alone_hands_the_head_to_the_new_key(trail):
    audit_seals.seal_audit_entries(keyed(trail, f"{NEW},{SECRET_KEYS}"))

    only_new = keyed(trail, NEW)

    assert audit_seals.seal_figures(only_new).problem == ""
    assert audit_seals.check_audit_chain(only_new).unverifiable == ("test",)
    assert "test" in audit_seals.audit_trouble(audit_seals.seal_figures(only_new))


def test_removed_old_key_still_lets_gaps_be_found(trail):
    audit_seals.seal_audit_entries(keyed(trail, f"{NEW},{SECRET_KEYS}"))
    tamper(trail, "DELETE FROM audit WHERE seal = 2")

    assert misfits(keyed(trail, NEW)) == [Misfit(2, MisfitReason.MISSING)]


def test_key_removed_before_it_was_rotated_stops_sealing_and_says_so(trail):
    strange = keyed(trail, OTHER)
    write(trail, 1)

    assert audit_seals.seal_audit_entries(strange) == 0
    assert "“test”" in audit_seals.check_audit_chain(strange).problem
    assert audit_seals.seal_audit_entries(trail) == 1


def test_restart_goes_on_and_leaves_a_gap_for_ever(trail):
    tamper(trail, "UPDATE audit_head SET mac = ''")

    gap = audit_seals.restart_audit_chain(trail)
    audit_seals.seal_audit_entries(trail)
    write(trail, 1)
    audit_seals.seal_audit_entries(trail)

    assert gap == 5
    assert misfits(trail) == [Misfit(5, MisfitReason.MISSING)]
    with trail.unit_of_work() as work:
        (entry,) = work.audit.history("chain")
    assert (entry.actor, entry.action, entry.detail["gap"]) == (
        "operator",
        "restarted",
        5,
    )
    with pytest.raises(ConflictError):
        audit_seals.restart_audit_chain(trail)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE audit",
        "TRUNCATE audit_head",
        "TRUNCATE audit CASCADE",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET place = place - 1",
        "DELETE FROM audit",
        *(
            changing(f"{column} = {value}")
            for column, value in {
                "actor_id": "gen_random_uuid()",
                "interface": "'x'",
                "address": "'x'",
                "request_id": "'x'",
                "seal_key": "'x'",
                "seal": "NULL",
                "hash": "'x'",
            }.items()
        ),
    ],
)
def test_database_itself_refuses(trail, statement):
    with pytest.raises(DBAPIError, match="audit trail"), trail.unit_of_work() as work:
        work.session.connection().execute(text(statement))


@pytest.mark.parametrize(
    "column", ["actor_id", "interface", "address", "request_id", "actor", "detail"]
)
def test_entry_cannot_be_changed_while_it_is_sealed(deps, column):
    write(deps, 1)
    values = {"actor_id": "gen_random_uuid()", "detail": "'{\"x\": 1}'"}
    value = values.get(column, "'x'")
    with pytest.raises(DBAPIError, match="append-only"), deps.unit_of_work() as work:
        work.session.connection().execute(
            text(changing(f"{column} = {value}, seal = 1"))
        )


def test_head_is_told_in_the_log_with_its_place_and_hash(trail, caplog):
    with caplog.at_level("INFO"):
        audit_seals.log_audit_head(trail)

    (line,) = [it for it in caplog.records if it.message == "audit head"]
    assert (line.place, line.hash) == (4, head(trail).hash)


def test_more_than_a_batch_is_sealed_at_once(deps):
    write(deps, audit_seals.SEALED_AT_ONCE + 5)

    assert audit_seals.seal_audit_entries(deps) == audit_seals.SEALED_AT_ONCE + 5
    assert misfits(deps) == []
