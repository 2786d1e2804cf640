"""What is remembered of personal calendars that agents signed out of."""

from datetime import timedelta

from invo_booking.usecases.upkeep import periodic

HOUR = timedelta(hours=1)


def has(deps, grant_hash):
    with deps.unit_of_work() as work:
        return work.ended_grants.has(grant_hash)


def test_ended_grant_is_refused_as_long_as_its_session_can_last(deps, bank, clock):
    assert bank
    for _ in range(2):  # twice, as after two presses
        with deps.unit_of_work() as work:
            work.ended_grants.add("a" * 64, deps.now())
    assert not has(deps, "b" * 64)

    clock.advance(24 * HOUR)
    periodic.seal_and_forget(deps)
    assert has(deps, "a" * 64)

    clock.advance(timedelta(seconds=1))
    periodic.seal_and_forget(deps)
    assert not has(deps, "a" * 64)
