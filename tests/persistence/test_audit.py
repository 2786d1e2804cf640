from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.upkeep import audit_seals, periodic
from tests.support.bank import at, confirm


@pytest.fixture
def trail(bank):
    """Three sealed entries."""
    bank.agent()
    token = booking.request_appointment(
        bank.deps, bank.request(at(10)), idempotency_key=str(uuid4())
    ).token
    confirm(bank.deps, token)
    manage.cancel_by_link(bank.deps, token)
    periodic.seal_and_forget(bank.deps)
    return bank.deps


def broken_at(deps):
    return audit_seals.check_audit_chain(deps).broken_at


def tamper(deps, statement):
    """Change the trail as somebody with all rights on the database could."""
    with deps.unit_of_work() as work:
        connection = work.session.connection()
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text(statement))
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER ALL"))


def test_untouched_trail_verifies(trail):
    assert broken_at(trail) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'somebody else' WHERE seal = 2",
        'UPDATE audit SET detail = \'{"by": "staff"}\' WHERE seal = 2',
        "DELETE FROM audit WHERE seal = 2",
        "UPDATE audit SET seal = 9 - seal WHERE seal > 1",
    ],
)
def test_changed_missing_and_reordered_entries_are_found(trail, statement):
    tamper(trail, statement)

    assert broken_at(trail) == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'x' WHERE seal = 1", "DELETE FROM audit"]
)
def test_database_itself_refuses_to_change_the_trail(trail, statement):
    with pytest.raises(DBAPIError, match="append-only"), trail.unit_of_work() as work:
        work.session.connection().execute(text(statement))


def test_sealing_goes_on_where_it_stopped(trail, bank):
    booking.request_appointment(
        bank.deps, bank.request(at(11)), idempotency_key=str(uuid4())
    )
    periodic.seal_and_forget(bank.deps)

    assert broken_at(trail) is None
