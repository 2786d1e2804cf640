"""A wrong clock neither expires, completes nor purges what is not due."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.config import load_config
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import InvalidInputError
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.upkeep import delivery, health, periodic, purge, ticks
from tests.support.bank import at
from tests.usecases.test_purge import keep, made

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bosses(bank):
    roles = (Role.ADMINISTRATOR,)
    return [bank.agent(name, roles=roles, languages=()) for name in ("Grace", "Gus")]


def requests(bank, many, *, confirm_by=None, start=None):
    keep(
        bank.deps,
        *(
            replace(
                made(bank, start or at(10, days=20), status=Status.REQUESTED),
                confirm_by=confirm_by or at(12),
            )
            for _ in range(many)
        ),
    )


def confirmed(bank, many, start):
    keep(bank.deps, *(made(bank, start, status=Status.CONFIRMED) for _ in range(many)))


def clock_check(deps):
    return next(check for check in health.health_checks(deps) if check.name == "clock")


def alarms(bank, postbox):
    """Deliver what is due; return whom alarms went to."""
    delivery.deliver_due_mails(bank.deps)
    return sorted(it.to for it in postbox.sent if "clock" in it.text)


def test_clock_a_day_ahead_expires_nothing_and_raises_one_alarm(
    bank, bosses, clock, postbox, caplog
):
    requests(bank, 126)
    clock.advance(DAY)

    with caplog.at_level(logging.ERROR):
        done = [periodic.expire_unconfirmed(bank.deps) for _ in range(5)]
        clock.advance(MINUTE)
        done.append(periodic.expire_unconfirmed(bank.deps))

    assert done == [0] * 6
    assert any(it.levelno == logging.ERROR for it in caplog.records)
    assert alarms(bank, postbox) == sorted(it.email for it in bosses)
    assert "126 requests would expire" in postbox.sent[0].subject
    check = clock_check(bank.deps)
    assert not check.ok
    assert not check.needed
    assert "--accept expire" in check.sentence
    assert health.health_figures(bank.deps)["clock_trouble"] == 1.0


def test_alarm_is_over_when_nothing_more_is_seen(bank, bosses, clock):
    assert bosses
    requests(bank, 126)
    clock.advance(DAY)
    periodic.expire_unconfirmed(bank.deps)
    clock.advance(-DAY)

    assert periodic.expire_unconfirmed(bank.deps) == 0
    assert clock_check(bank.deps).ok
    assert health.health_figures(bank.deps)["clock_trouble"] == 0.0


@pytest.mark.parametrize(("due", "other"), [(100, 0), (101, 101), (126, 300)])
def test_a_hundred_or_up_to_half_of_what_is_live_expire_as_ever(
    bank, clock, due, other
):
    requests(bank, due)
    requests(bank, other, confirm_by=at(12, days=3))
    clock.advance(timedelta(hours=6))

    assert periodic.expire_unconfirmed(bank.deps) == due


def test_clock_ahead_completes_nothing(bank, bosses, clock):
    assert bosses
    confirmed(bank, 101, at(10))
    confirmed(bank, 100, at(10, days=9))
    clock.advance(DAY)

    assert periodic.complete_past(bank.deps) == 0
    assert "--accept complete" in clock_check(bank.deps).sentence


def test_operator_lets_so_many_happen_at_once_and_this_is_audited(bank, clock):
    requests(bank, 126)
    clock.advance(DAY)
    ticks.accept_amount(bank.deps, ticks.EXPIRE, 125)
    assert periodic.expire_unconfirmed(bank.deps) == 0

    ticks.accept_amount(bank.deps, ticks.EXPIRE, 126)

    assert periodic.expire_unconfirmed(bank.deps) == 126
    with bank.deps.unit_of_work() as work:
        entries = work.audit.history(ticks.EXPIRE)
    assert [entry.detail for entry in entries] == [{"most": 125}, {"most": 126}]


@pytest.mark.parametrize(
    ("kind", "most"), [("everything", 5), ("purge", 0), ("purge", 1_000_001)]
)
def test_only_a_known_kind_and_a_number_can_be_accepted(bank, kind, most):
    with pytest.raises(InvalidInputError):
        ticks.accept_amount(bank.deps, kind, most)


def test_what_had_ended_when_purging_was_switched_on_is_purged_with_it(bank, clock):
    keep(bank.deps, *(made(bank, at(9)) for _ in range(150)))
    clock.now = at(20)
    bank.set(PURGE_OUTDATED, "on")
    clock.now = at(24)

    assert purge.purge_outdated(bank.deps) == 150


def test_clock_ahead_purges_nothing_that_ended_since(bank, bosses, clock, postbox):
    bank.set(PURGE_OUTDATED, "on")
    clock.now = at(24)
    keep(bank.deps, *(made(bank, at(9, days=1)) for _ in range(126)))
    clock.advance(DAY)

    assert purge.purge_outdated(bank.deps) == 0
    assert alarms(bank, postbox) == sorted(it.email for it in bosses)

    ticks.accept_amount(bank.deps, ticks.PURGE, 126)
    assert purge.purge_outdated(bank.deps) == 126


def test_demo_that_was_left_alone_for_days_goes_on(bank, clock):
    demo = load_config({"INVO_DEMO": "true", "INVO_DATA_DIR": "/nowhere"})
    requests(bank, 126)
    clock.advance(DAY)

    assert periodic.expire_unconfirmed(replace(bank.deps, config=demo)) == 126


@pytest.mark.parametrize("apart", [timedelta(seconds=60), timedelta(seconds=-60), DAY])
def test_clocks_that_differ_by_a_minute_raise_one_alarm_and_are_shown(
    bank, bosses, clock, postbox, caplog, apart
):
    parts = replace(bank.deps, database_now=lambda _work: clock() + apart)

    with caplog.at_level(logging.ERROR):
        found = [ticks.begin_tick(parts) for _ in range(3)]

    assert not any(it.is_right for it in found)
    assert any(it.levelno == logging.ERROR for it in caplog.records)
    delivery.deliver_due_mails(found[0].deps)
    assert len(postbox.sent) == len(bosses)
    assert "clocks of worker and database differ" in postbox.sent[0].subject
    assert not clock_check(parts).ok
    assert abs(health.health_figures(parts)["clock_difference_seconds"]) >= 60


def test_clocks_that_differ_by_less_do_no_harm(bank, clock):
    parts = replace(
        bank.deps, database_now=lambda _work: clock() + timedelta(seconds=59)
    )

    tick = ticks.begin_tick(parts)

    assert tick.is_right
    assert timedelta(seconds=59) <= tick.deps.now() - clock() < timedelta(seconds=70)
    assert clock_check(parts).ok


def test_database_tells_its_time_in_utc(bank):
    with bank.deps.unit_of_work() as work:
        told = work.database_now()

    assert told.utcoffset() == timedelta()
    assert abs(told - utc_now()) < MINUTE
