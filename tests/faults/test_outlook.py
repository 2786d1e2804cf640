"""A real worker between a bank and an Outlook that fails, while both are killed."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.callers import working_starts
from tests.support.connected_bank import ConnectedBank, connect_group, connected_bank
from tests.support.invariants import check
from tests.support.microsoft import running_fake
from tests.support.servers import until

BOOKED = 14
UNWRITTEN = """
SELECT count(*) FROM appointment WHERE NOT EXISTS (
  SELECT FROM host_event WHERE appointment_id = appointment.id AND state = 'written')
"""
WAITING = "SELECT count(*) FROM outbox WHERE state = 'open' AND kind = 'calendar'"
HURRY = """
UPDATE outbox SET due_at = now()
WHERE state = 'open' AND kind = 'calendar'
  AND NOT EXISTS (SELECT FROM connection WHERE writing_until > now())
"""
REST_NO_MORE = "UPDATE connection SET write_from = NULL, paused_until = NULL"
NOBODY_WRITES = "UPDATE connection SET writing_until = NULL"


@pytest.fixture
def scene(tmp_path) -> Iterator[ConnectedBank]:
    """Everything runs and is connected."""
    with (
        running_fake(tmp_path / "microsoft") as outlook,
        connected_bank(outlook, connect_group, "Ana", "Ben", "Cleo") as running,
    ):
        yield running


def test_kills_and_failures_leave_one_event_for_each_appointment(scene):
    outlook, house = scene.fake, scene.house
    outlook.misbehave("*", "/groups/*", status=503, times=None, chance=0.3)
    outlook.misbehave("POST", "/groups/*/events", drop="after", times=4)
    starts = working_starts(2)

    plan = [3, 6, 9]  # events asked for at which the worker dies

    def kill_as_planned() -> None:
        if plan and len(outlook.calls_to("POST", "/groups/*/events")) >= plan[0]:
            plan.pop(0)
            house.kill("worker")
            run(scene, NOBODY_WRITES)  # as the lease of the killed one ends
        hurry(scene)

    def book_and_wait() -> list[str]:
        booked = [scene.book(start) for start in starts[:BOOKED]]
        until(lambda: not plan)
        return booked

    booked = house.during(book_and_wait, kill_as_planned)
    outlook.behave()
    house.await_until(lambda: settled(scene))

    group = outlook.groups()[0]["id"]
    there = Counter(event["start"]["dateTime"][:16] for event in outlook.events(group))
    assert there == {f"{start:%Y-%m-%dT%H:%M}": 1 for start in starts[:BOOKED]}
    check(scene.deps.config.database_url, booked)


def settled(scene: ConnectedBank) -> bool:
    """Whether everything promised was kept; what waits is made to wait no longer."""
    hurry(scene)
    return scene.only(UNWRITTEN) == 0 and scene.only(WAITING) == 0


def hurry(scene: ConnectedBank) -> None:
    """Let pauses end of whatever nobody is writing at the moment."""
    run(scene, REST_NO_MORE, HURRY)
    scene.deps.wake()


def run(scene: ConnectedBank, *statements: str) -> None:
    """Change the database as time would."""
    with scene.deps.unit_of_work() as work:
        for statement in statements:
            work.session.connection().exec_driver_sql(statement)
