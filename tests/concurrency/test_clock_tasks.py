"""Every task of the clock, run twice at the same moment, does nothing twice.

A task that is added to the schedule without a proof here fails.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, SYNC, WRITE_CALENDARS, celery
from invo_booking.domain.access.roles import Role
from invo_booking.persistence.accounts.guesses import Guess
from invo_booking.run.backup import complete_backups
from invo_booking.settings import time
from invo_booking.settings.calendars import TWO_WAY
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.settings.providers import OUTLOOK_SECRET_ENDS
from invo_booking.tasks.schedule import EVERY_SECONDS
from invo_booking.usecases.accounts import guessing
from invo_booking.usecases.booking import booking
from invo_booking.usecases.calendars.alerts import WARNED_DAYS
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import audit_seals, floods
from tests.concurrency.racing import race
from tests.support.bank import at, confirm
from tests.support.host_calendar import connected
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft
from tests.usecases.test_floods import fill
from tests.usecases.test_purge import everything_stored, keep, made

__all__ = ["deps", "host"]

MANY = 12
MINUTE = timedelta(minutes=1)
PROOFS = {}


def proves(task):
    """Register what proves that a task does nothing twice."""

    def register(proof):
        PROOFS[task] = proof
        return proof

    return register


@pytest.fixture
def scene(bank, deps, clock, postbox, host):
    """A bank with an agent and two administrators; tasks run with its parts."""
    celery.loader.import_default_modules()
    bootstrap.use_deps(deps)
    with deps.unit_of_work() as work:
        work.identity.adopt(clock())
    yield SimpleNamespace(
        bank=bank,
        deps=deps,
        clock=clock,
        postbox=postbox,
        host=host,
        ana=bank.agent("Ana"),
        bosses=[
            bank.agent(name, roles=(Role.ADMINISTRATOR, Role.MANAGER), languages=())
            for name in ("Grace", "Gus")
        ],
    )
    bootstrap._built.clear()  # noqa: SLF001 - the next test has parts of its own


def twice(task) -> None:
    """Run a task in two threads at the same moment."""
    run = celery.tasks[task].run
    assert race(run, run) == [None, None]


def one(deps, query):
    with deps.unit_of_work() as work:
        return work.session.connection().execute(text(query)).scalar_one()


def requests(scene):
    for number in range(MANY):
        booked = booking.request_appointment(
            scene.bank.deps,
            scene.bank.request(at(9, 30 * number), email=f"{uuid4().hex}@example.com"),
            idempotency_key=uuid4().hex,
        )
        yield booked


def audited(deps, action) -> int:
    return one(deps, f"SELECT count(*) FROM audit WHERE action = '{action}'")  # noqa: S608


def promised(deps, mail) -> int:
    return one(
        deps,
        f"SELECT count(*) FROM outbox WHERE payload->>'mail' = '{mail}'",  # noqa: S608
    )


@pytest.mark.parametrize("task", sorted(EVERY_SECONDS))
def test_task_that_runs_twice_at_once_does_nothing_twice(scene, task):
    assert task in PROOFS, "write the proof beside the others"

    PROOFS[task](scene)


def test_every_proof_is_of_a_scheduled_task():
    assert set(PROOFS) == set(EVERY_SECONDS)


@proves(DELIVER)
def deliver(scene):
    assert len(list(requests(scene))) == MANY

    for _ in range(3):
        twice(DELIVER)

    sent = Counter(it.message_id for it in scene.postbox.sent)
    assert len(sent) == MANY
    assert set(sent.values()) == {1}


@proves(WRITE_CALENDARS)
def write_calendars(scene):
    connected(scene.bank)
    for number in range(6):
        wanted = draft(scene.bank, at(9 + number))
        appointments.create_appointment(scene.deps, scene.bosses[0], wanted)

    twice(WRITE_CALENDARS)
    twice(WRITE_CALENDARS)

    assert scene.host.calls.count("create") == 6
    assert len(scene.host.ours) == 6


@proves("delivery.find_unwritten")
def find_unwritten(scene):
    for number in range(6):
        wanted = draft(scene.bank, at(9 + number))
        appointments.create_appointment(scene.deps, scene.bosses[0], wanted)
    connected(scene.bank)

    for _ in range(2):
        twice("delivery.find_unwritten")

    assert one(scene.deps, "SELECT count(*) FROM outbox WHERE kind = 'calendar'") == 6


@proves(SYNC)
def read_calendars(scene):
    connected(scene.bank)
    scene.bank.set(TWO_WAY, "on")

    twice(SYNC)

    assert scene.host.calls.count("events") == 1


@proves("upkeep.heartbeat")
def heartbeat(scene):
    twice("upkeep.heartbeat")

    assert one(scene.deps, "SELECT count(*) FROM heartbeat") == 1


@proves("upkeep.expire_unconfirmed")
def expire(scene):
    assert len(list(requests(scene))) == MANY
    scene.clock.advance(timedelta(hours=1))

    twice("upkeep.expire_unconfirmed")

    assert audited(scene.deps, "expired") == MANY
    assert promised(scene.deps, "expired") == MANY


@proves("upkeep.complete_past")
def complete(scene):
    for booked in requests(scene):
        confirm(scene.deps, booked.token)
    scene.clock.now = at(18)

    twice("upkeep.complete_past")

    assert audited(scene.deps, "ended") == MANY
    assert (
        one(scene.deps, "SELECT count(*) FROM appointment WHERE status = 'ended'")
        == MANY
    )


@proves("upkeep.remind")
def remind(scene):
    scene.bank.set(time.HORIZON, "5")
    for booked in requests(scene):
        confirm(scene.deps, booked.token)
    scene.clock.now = at(8, 59)
    due = one(
        scene.deps,
        "SELECT count(*) FROM appointment WHERE starts_at <= '2026-11-23 16:00+00'",
    )

    twice("upkeep.remind")

    assert due > 0
    assert promised(scene.deps, "reminder") == audited(scene.deps, "reminded") > 0
    assert (
        one(
            scene.deps,
            "SELECT max(n) FROM (SELECT count(*) AS n FROM outbox "
            "WHERE payload->>'mail' = 'reminder' GROUP BY appointment_id) AS each",
        )
        == 1
    )


@proves("upkeep.tidy")
def tidy(scene):
    assert len(list(requests(scene))) == MANY

    twice("upkeep.tidy")

    state = audit_seals.check_audit_chain(scene.deps)
    assert state.is_whole
    assert state.sealed == state.total == MANY
    assert one(scene.deps, "SELECT count(DISTINCT seal) FROM audit") == state.sealed


@proves("upkeep.tell_audit_head")
def tell_audit_head(scene):
    before = everything_stored(scene.deps)

    twice("upkeep.tell_audit_head")

    assert everything_stored(scene.deps) == before


@proves("upkeep.tidy_connections")
def tidy_connections(scene):
    connected(scene.bank)
    ends = scene.clock.now.date() + timedelta(days=max(WARNED_DAYS))
    scene.bank.set(OUTLOOK_SECRET_ENDS, ends.isoformat())

    for number, left in enumerate(WARNED_DAYS, start=1):
        scene.clock.now = at(12) + timedelta(days=max(WARNED_DAYS) - left)
        twice("upkeep.tidy_connections")
        notices = "SELECT count(*) FROM outbox WHERE kind = 'notice'"
        assert one(scene.deps, notices) == number * len(scene.bosses)


@proves("upkeep.purge_outdated")
def purge(scene):
    keep(scene.deps, *(made(scene.bank, at(9)) for _ in range(60)))
    scene.bank.set(PURGE_OUTDATED, "on")
    scene.clock.now = at(24)

    twice("upkeep.purge_outdated")

    assert one(scene.deps, "SELECT sum(count) FROM counter") == 60
    told = "SELECT sum((detail->>'count')::int) FROM audit WHERE action = 'purged'"
    assert one(scene.deps, told) == 60


@proves("upkeep.watch_floods")
def watch_floods(scene):
    scene.bank.set(time.HORIZON, "3")
    floods.watch_queues(scene.deps)
    scene.clock.advance(MINUTE)
    fill(scene.bank)

    twice("upkeep.watch_floods")

    notices = "SELECT count(*) FROM outbox WHERE kind = 'notice'"
    assert one(scene.deps, notices) == len(scene.bosses)


@proves("upkeep.forget_asked")
def forget_asked(scene):
    with scene.deps.unit_of_work() as work:
        for number in range(MANY):
            work.request_counts.count(
                f"who{number}",
                "what",
                now=scene.clock(),
                within=timedelta(days=1),
                most=5,
            )
    scene.clock.advance(timedelta(days=1, minutes=1))

    twice("upkeep.forget_asked")

    assert one(scene.deps, "SELECT count(*) FROM request_count") == 0


@proves("upkeep.back_up")
def back_up(scene):
    config = scene.deps.config
    folder = config.data_dir / "backups"
    parts = replace(scene.deps, config=config.model_copy(update={"backup_dir": folder}))
    bootstrap.use_deps(parts)

    twice("upkeep.back_up")

    assert len(complete_backups(folder)) == 1
    assert one(scene.deps, "SELECT count(*) FROM outbox WHERE kind = 'notice'") == 0


def test_alarm_of_guessing_is_raised_once_however_many_see_it_at_once(scene):
    def guess_wrong(number):
        guess = Guess(account=f"account {number}", network="192.0.2.0")
        with scene.deps.unit_of_work() as work:
            guessing.begin_guess(work, guess, scene.clock())
            guessing.record_wrong_password(scene.deps, work, guess, None)

    for number in range(guessing.MOST_ACCOUNTS_FROM_NETWORK - 1):
        guess_wrong(number)
        scene.clock.advance(timedelta(minutes=5))

    race(lambda: guess_wrong(98), lambda: guess_wrong(99))

    notices = "SELECT count(*) FROM outbox WHERE kind = 'notice'"
    assert one(scene.deps, notices) == len(scene.bosses)
