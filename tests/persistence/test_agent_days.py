import random
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from invo_booking.domain.appointment import Status
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import AppointmentRow, InstitutionRow
from invo_booking.persistence.tables.supply import AgentDayRow, BusyIntervalRow
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from tests.domain.reference import around, calendars_of, told_waiting
from tests.support.bank import MONDAY, ZONE, at

DAY = Interval(at(0), at(24))
HALF_HOUR = timedelta(minutes=30)
UNLOCKED = """
CREATE OR REPLACE FUNCTION refresh_agent_days(
  owners uuid[], spoken text[], places uuid[], on_days date[]
) RETURNS void LANGUAGE sql AS $$
  INSERT INTO agent_day (owner_id, language, branch_id, day, spans, changed)
  SELECT DISTINCT owner, words, place, on_day,
    derived_spans(owner, words, place, on_day), 0
  FROM unnest(owners, spoken, places, on_days) AS sheet(owner, words, place, on_day)
  ON CONFLICT (owner_id, language, branch_id, day) DO UPDATE SET spans = excluded.spans
$$
"""


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", languages=("en", "es"))


def row(bank, starts_at, *, agent=None, length=HALF_HOUR, **more):
    return AppointmentRow(
        status="confirmed",
        title="Mortgage advice",
        queue_id=bank.queue_id,
        language="en",
        channel="video",
        agent_id=agent.id if agent else None,
        starts_at=starts_at,
        ends_at=starts_at + length,
        customer_name="Rosa",
        customer_time_zone=ZONE,
        requested_at=MONDAY,
        **more,
    )


def add(bank, *rows):
    with bank.deps.unit_of_work() as work:
        work.session.add_all(rows)


def run(bank, statement):
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(text(statement))


def wrong(bank):
    with bank.deps.unit_of_work() as work:
        return work.agent_days.wrong(date.min)


def known(bank, window=DAY):
    """Return what the book of this process knows."""
    with bank.deps.unit_of_work() as work, work.availability(window, MONDAY) as book:
        return _ordered(book.calendars(window), told_waiting(book, window))


def true(bank, window=DAY):
    """Return what the appointments themselves say."""
    with bank.deps.unit_of_work() as work:
        live = work.appointments.live_between(around(window))
        return _ordered(*calendars_of(work.roster, live, window))


def _ordered(calendars, waiting):
    booked = {it.agent_id: (it.duty, sorted(it.booked, key=repr)) for it in calendars}
    return booked, sorted(waiting, key=repr)


def test_book_knows_what_is_booked_and_who_waits(bank, ana):
    add(bank, row(bank, at(10), agent=ana), row(bank, at(11)))

    assert known(bank) == true(bank)
    assert wrong(bank) == []


@pytest.mark.parametrize("seed", range(8))
def test_after_any_changes_sheets_and_book_are_what_the_appointments_say(bank, seed):
    chance = random.Random(seed)  # noqa: S311
    agents = [bank.agent(name) for name in ("Ana", "Ben", "Cleo")]
    window = Interval(at(0), at(24, days=3))
    for _ in range(40):
        with bank.deps.unit_of_work() as work:
            change_something(chance, bank, agents, work.session)
        if chance.random() < 0.3:
            assert known(bank, window) == true(bank, window)

    assert known(bank, window) == true(bank, window)
    assert wrong(bank) == []


def change_something(chance, bank, agents, session):
    rows = session.exec(
        select(AppointmentRow).where(col(AppointmentRow.status) == "confirmed")
    ).all()
    free_hours = [
        at(hour, days=day)
        for day in range(4)
        for hour in range(24)
        if at(hour, days=day) not in {it.starts_at for it in rows}
    ]
    deed = chance.choice(["add", "add", "move", "assign", "cancel", "delete"])
    if deed == "add" or not rows:
        new = [
            row(
                bank,
                start,
                agent=chance.choice([None, *agents]),
                buffer_before_minutes=chance.choice([0, 10]),
                buffer_after_minutes=chance.choice([0, 5]),
            )
            for start in chance.sample(free_hours, 2)
        ]
        session.add_all(new)
        return
    found = chance.choice(rows)
    if deed == "move":
        found.starts_at = chance.choice(free_hours)
        found.ends_at = found.starts_at + HALF_HOUR
    elif deed == "assign":
        found.agent_id = chance.choice([None, *(it.id for it in agents)])
    elif deed == "cancel":
        found.status = Status.CANCELLED.value
    else:
        session.delete(found)


def test_outside_calendar_that_overlaps_itself_is_one_span_of_the_sheet(bank, ana):
    bank.set(COMPUTE_AVAILABILITY, "on")
    spans = [(at(10), at(11)), (at(10, 30), at(12)), (at(12), at(12, 15))]
    add(
        bank,
        *(BusyIntervalRow(agent_id=ana.id, starts_at=a, ends_at=b) for a, b in spans),
    )

    with bank.deps.unit_of_work() as work:
        (diary,) = work.agent_days.between(
            MONDAY.date(), MONDAY.date(), HALF_HOUR
        ).busy_lists

    first = int(at(10).timestamp()) // 60
    assert diary.spans.tolist() == [[first, first + 135, 0, 0, 1]]
    assert wrong(bank) == []


def test_book_follows_an_outside_calendar_that_is_replaced(bank, ana):
    add(bank, BusyIntervalRow(agent_id=ana.id, starts_at=at(10), ends_at=at(11)))
    bank.set(COMPUTE_AVAILABILITY, "on")
    before = busy(bank)

    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(text("DELETE FROM busy_interval"))
        work.session.add(
            BusyIntervalRow(agent_id=ana.id, starts_at=at(13), ends_at=at(14))
        )

    assert before == [Interval(at(10), at(11))]
    assert busy(bank) == [Interval(at(13), at(14))]
    assert wrong(bank) == []


def busy(bank):
    with bank.deps.unit_of_work() as work, work.availability(DAY, MONDAY) as book:
        (calendar,) = book.calendars(DAY)
        return list(calendar.busy)


def test_busy_interval_is_kept_within_a_day_of_utc(bank, ana):
    night = datetime(2026, 11, 24, tzinfo=UTC)
    with pytest.raises(Exception, match="busy_within_one_day"):
        add(
            bank,
            BusyIntervalRow(
                agent_id=ana.id, starts_at=night - HALF_HOUR, ends_at=night + HALF_HOUR
            ),
        )


def test_what_commits_late_is_not_missed(bank, ana):
    """A transaction that began early and ends late is behind the newest one seen."""
    with bank.deps.unit_of_work() as early:
        early.session.add(row(bank, at(10), agent=ana))
        early.session.flush()
        add(bank, row(bank, at(12)))
        between = known(bank)

    assert between != true(bank)
    assert known(bank) == true(bank)


def test_what_a_transaction_takes_back_is_never_known_to_others(bank, ana):
    known(bank)
    seen = []
    with pytest.raises(RuntimeError):
        book_and_change_ones_mind(bank, ana, seen)

    assert len(seen) == 1
    assert known(bank) == true(bank)


def book_and_change_ones_mind(bank, agent, seen):
    with bank.deps.unit_of_work() as work:
        work.session.add(row(bank, at(10), agent=agent))
        work.session.flush()
        with work.availability(DAY, MONDAY) as book:
            (own,) = book.calendars(DAY)
            seen.extend(own.booked)
        raise RuntimeError


def two_at_once(bank):
    """Let two transactions add to one sheet, the second before the first commits."""
    with bank.deps.unit_of_work() as first:
        first.session.add(row(bank, at(10)))
        first.session.flush()
        second = threading.Thread(target=add, args=(bank, row(bank, at(11))))
        second.start()
        second.join(timeout=1)
    second.join(timeout=60)
    assert not second.is_alive()


def test_two_changes_to_one_sheet_never_lose_each_other(bank):
    add(bank, row(bank, at(9)))
    two_at_once(bank)

    assert wrong(bank) == []


def test_without_its_lock_a_sheet_loses_one_of_two_changes(bank):
    add(bank, row(bank, at(9)))
    with bank.deps.unit_of_work() as work:
        connection = work.session.connection()
        kept = connection.execute(
            text("SELECT pg_get_functiondef('refresh_agent_days'::regproc)")
        ).scalar_one()
        connection.execute(text(UNLOCKED))
    try:
        two_at_once(bank)
        assert len(wrong(bank)) == 1
    finally:
        run(bank, kept)


def test_damaged_sheet_is_found_and_repaired_for_everybody(bank, ana):
    add(bank, row(bank, at(10), agent=ana), row(bank, at(11)))
    known(bank)
    run(bank, "UPDATE agent_day SET spans = '' WHERE language = ''")
    run(bank, "DELETE FROM agent_day WHERE language <> ''")

    assert len(wrong(bank)) == 2
    with bank.deps.unit_of_work() as work:
        assert work.agent_days.repair(date.min) == 2
    assert wrong(bank) == []
    assert known(bank) == true(bank)


def test_when_the_institution_moves_to_another_zone_its_sheets_are_cut_anew(bank, ana):
    add(bank, row(bank, at(23, 30), agent=ana, length=timedelta(hours=1)))
    with bank.deps.unit_of_work() as work:
        work.lock_roster()
        institution = work.session.exec(select(InstitutionRow)).one()
        institution.time_zone = "Asia/Tokyo"
        work.session.flush()
        work.agent_days.rebuild()
        work.publish_roster_change()

    assert wrong(bank) == []
    assert known(bank) == true(bank)


def test_sheet_of_an_owner_nobody_knows_changes_nothing(bank, ana):
    add(bank, row(bank, at(10), agent=ana))
    before = known(bank)
    with bank.deps.unit_of_work() as work:
        work.session.add(
            AgentDayRow(owner_id=uuid4(), language="", day=at(0).date(), changed=2**40)
        )

    assert known(bank) == before
