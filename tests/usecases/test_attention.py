"""What administrators should not overlook."""

from uuid import uuid4

import pytest

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.usecases.upkeep.attention import most_urgent_attention


@pytest.fixture
def connect(deps):
    def connect(state: ConnectionState) -> None:
        with deps.unit_of_work() as work:
            connection = Connection(
                id=uuid4(),
                provider="outlook",
                state=state,
                account="scheduling@bank.example",
                connected_at=deps.now(),
            )
            work.connections.add(connection)

    return connect


def test_nothing_needs_anybody_without_a_connection(deps, grace):
    assert most_urgent_attention(deps, grace) is None


@pytest.mark.parametrize("state", list(ConnectionState))
def test_administrators_are_told_of_what_does_not_pass_by_itself(
    deps, grace, connect, state
):
    connect(state)

    needed = state in {ConnectionState.RECONNECT, ConnectionState.PERMISSION}
    found = most_urgent_attention(deps, grace)
    assert (found.sentence if found else "") == (
        "Outlook 365 needs attention" if needed else ""
    )


def test_others_are_not_bothered(deps, bank, connect):
    connect(ConnectionState.RECONNECT)

    assert most_urgent_attention(deps, bank.agent("Ana")) is None
