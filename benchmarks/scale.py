"""A very large bank: 500 agents, a million appointments, five million busy intervals.

``python -m benchmarks.scale [--workers 2] [--seconds 20] [--days 286]``: fills a
database of its own (a minute or two), starts a web server on it and prints a table. The
same rows every time: who is booked when follows from the numbers of agent, day and half
hour alone. Fewer days make a smaller bank, for a quick look.
"""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from uuid import UUID

from rich.console import Console
from sqlalchemy import Connection, text

from benchmarks import institution
from benchmarks.api import (
    CLIENTS,
    Measured,
    Site,
    slot_list,
    slot_list_while_booking,
    table,
    warm_up,
)
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.founding import store_first_roster
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import scratch_folder
from invo_booking.settings import calendars, general
from tests.support.keys import KEY
from tests.support.servers import House, mail_sink

AGENTS = 500
DAYS = 286

# Triggers wait: the sheets are derived at the end, all at once.
QUIET = "SET session_replication_role = replica"

# The days without weekends that end 60 days from now, numbered.
DAYS_OF_WORK = """
CREATE TEMPORARY TABLE work_day AS
SELECT day::date AS day, (row_number() OVER (ORDER BY day))::int AS number
FROM generate_series(current_date - 400, current_date + 60, '1 day') AS day
WHERE extract(isodow FROM day) < 6
ORDER BY day DESC LIMIT {days}
"""
AGENT_NUMBERS = """
CREATE TEMPORARY TABLE agent_number AS
SELECT id, (row_number() OVER (ORDER BY id))::int AS number,
  (SELECT min(queue_id::text)::uuid FROM person_queue WHERE person_id = id) AS queue_id
FROM person
"""

# Seven of the sixteen half hours from 9 to 17, others for each agent and day.
APPOINTMENTS = """
INSERT INTO appointment (
  id, sequence, version, status, title, queue_id, language, channel, agent_id,
  starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, customer_name,
  customer_email, customer_phone, customer_time_zone, customer_locale, notes,
  requested_at, confirmed_at, cancel_reason, assigned_because, has_proof,
  counted_email, link_generation, wall_time, wall_zone)
SELECT gen_random_uuid(), 0, 1, 'confirmed', 'Earlier agreed', agent.queue_id, 'en',
  'phone', agent.id, start, start + interval '30 minutes', 0, 0, 'Somebody', '', '',
  'America/Chicago', 'en', '', start - interval '60 days', start - interval '60 days',
  '', '', true, '', 0, '', ''
FROM agent_number AS agent, work_day, generate_series(0, 15) AS half,
  LATERAL (SELECT (day + time '09:00' + half * interval '30 minutes')
    AT TIME ZONE 'America/Chicago') AS at(start)
WHERE (half * 5 + agent.number + work_day.number) % 16 < 7
"""

# Thirty-five spans of eight minutes a day, five of them within working hours.
BUSY = """
INSERT INTO busy_interval (agent_id, starts_at, ends_at)
SELECT agent.id, start, start + interval '8 minutes'
FROM agent_number AS agent, work_day, generate_series(0, 34) AS span,
  LATERAL (SELECT (day + CASE WHEN span < 30
      THEN time '00:00' + span * interval '15 minutes'
      ELSE time '15:00' + (span - 30) * interval '97 minutes' END) AT TIME ZONE 'UTC')
    AS at(start)
"""
READ_JUST_NOW = """
INSERT INTO agent_calendar
  (agent_id, mailbox, read_at, problem, problem_code, registered, reported, changed,
  unread_reported)
SELECT id, email, now() + interval '50 minutes', '', '', true, false, 0, false
FROM person
"""

# What a million single entries in each index would cost, one sort does in a tenth.
INDEXES = """
SELECT
  CASE WHEN rule.oid IS NULL THEN format('DROP INDEX %s', place.indexrelid::regclass)
    ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', place.indrelid::regclass, conname)
  END,
  CASE WHEN rule.oid IS NULL THEN pg_get_indexdef(place.indexrelid)
    ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', place.indrelid::regclass,
      conname, pg_get_constraintdef(rule.oid))
  END
FROM pg_index AS place
LEFT JOIN pg_constraint AS rule ON conindid = indexrelid AND contype = 'x'
WHERE indrelid IN ('appointment'::regclass, 'busy_interval'::regclass)
  AND NOT indisprimary
"""
DAY_IN_CHICAGO = """
CREATE OR REPLACE FUNCTION institution_day(instant timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$ SELECT (instant AT TIME ZONE 'America/Chicago')::date $$
"""
SHEETS = "SELECT repair_agent_days(current_date - 7)"
IN_A_HURRY = (
    "SET statement_timeout = 0",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '512MB'",
    QUIET,
)
STEPS = (AGENT_NUMBERS, APPOINTMENTS, BUSY, READ_JUST_NOW)


def fill(database_url: str, days: int) -> list[UUID]:
    """Fill an empty, migrated database and return the ids of the Answers."""
    roster = institution.roster(institution.Draw(), AGENTS)
    engine = make_engine(database_url, pool_size=1)
    with unit_of_work(engine, KEY)() as work:
        store_first_roster(work.session, roster, {})
        for setting in (general.PUBLIC_SCHEDULING, calendars.COMPUTE_AVAILABILITY):
            work.stored_settings.put(setting.key, "on", "benchmark", utc_now())
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for step in IN_A_HURRY:
            connection.execute(text(step))
        indexes = connection.execute(text(INDEXES)).all()
        away, back = ([it[place] for it in indexes] for place in (0, 1))
        connection.execute(text(DAYS_OF_WORK.format(days=days)))
        for step in (*away, *STEPS, *back, "ANALYZE"):
            connection.execute(text(step))
        _derive_sheets(connection)
        _tell(connection)
    engine.dispose()
    return list(roster.answers)


def _derive_sheets(connection: Connection) -> None:
    """Fill all sheets at once; the function that says which day it is looks up nothing.

    As it is, it reads the institution's zone for each row.
    """
    usual = connection.execute(
        text("SELECT pg_get_functiondef('institution_day'::regproc)")
    ).scalar_one()
    for step in (DAY_IN_CHICAGO, SHEETS, usual, "ANALYZE agent_day"):
        connection.execute(text(step))


def _tell(connection: Connection) -> None:
    for name in ("person", "appointment", "busy_interval", "agent_day"):
        count = connection.execute(text(f"SELECT count(*) FROM {name}"))  # noqa: S608
        Console().print(f"{count.scalar_one():>10,} rows in {name}")


def first_list(site: Site) -> Measured:
    """The first slot list a new web process answers: it reads everything once."""
    begin = perf_counter()
    asyncio.run(warm_up(site))
    elapsed = perf_counter() - begin
    measured = slot_list(Site(site.house, site.sink, site.answers, 0.2))
    measured.took, measured.elapsed = [elapsed], elapsed
    measured.what = "First lists of a new process, 40 at once"
    return measured


@contextmanager
def site(workers: int, seconds: float, days: int) -> Iterator[Site]:
    """Yield the running bank."""
    with scratch_folder() as folder, mail_sink() as sink:
        house = House(folder, smtp_port=sink.port, web_workers=workers)
        with house:
            begin = perf_counter()
            house.start_postgres()
            answers = fill(house.superuser_url, days)
            Console().print(f"Filled in {perf_counter() - begin:.0f} seconds.")
            house.start_valkey()
            house.start_web()
            yield Site(house, sink, answers, seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--days", type=int, default=DAYS, help="working days filled")
    arguments = parser.parse_args()
    printed = table(arguments.workers)
    with site(arguments.workers, arguments.seconds, arguments.days) as running:
        Console().print(f"{CLIENTS} clients ask one question after the other.")
        for measure in (first_list, slot_list, slot_list_while_booking):
            printed.add_row(*measure(running).row())
        Console(width=150).print(printed)


if __name__ == "__main__":
    main()
