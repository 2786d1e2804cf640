"""Outside calendars that can never be read, for a reason nobody foresaw, are told."""

from contextlib import suppress
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.calendars import connection_upkeep, poll
from invo_booking.usecases.upkeep import delivery, health, task_runs
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere

__all__ = ["deps", "elsewhere"]

MINUTE = timedelta(minutes=1)
TASK = "sync.tick"


@pytest.fixture
def ada(bank):
    bank.agent("Ana")
    connected(bank)
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def read_for(minutes, deps, clock) -> int:
    """Read calendars as the worker does; return how many runs raised an error."""
    raised = 0
    for _ in range(minutes):
        with suppress(KeyError):
            raised += 1
            with task_runs.recorded_run(deps, TASK):
                poll.poll_if_due(deps)
            raised -= 1
        connection_upkeep.tidy_connections(deps)
        clock.advance(MINUTE)
    delivery.deliver_due_mails(deps)
    return raised


def test_error_after_which_the_next_runs_pause_is_told_after_an_hour(
    deps, clock, ada, elsewhere, postbox
):
    """Each pause is a run that succeeds, so the task itself does not fail."""
    elsewhere.refusal = KeyError("a text of an event")

    assert 3 < read_for(90, deps, clock) < 90

    (told,) = postbox.sent
    assert told.to == ada.email
    assert "an error in Invo Booking" in told.text
    assert "a text of an event" not in told.text
    assert not all(it.ok for it in health.health_checks(deps) if it.name == "calendar")
