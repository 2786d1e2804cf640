"""Connection pools across a fork, as Celery makes its processes."""

import asyncio
import subprocess
import sys

import psycopg
from sqlalchemy import text

from invo_booking.persistence import notifications
from invo_booking.persistence.engine import make_engine

FORKS = """
import os, sys
from sqlalchemy import text
from invo_booking.persistence.engine import make_engine

engine = make_engine(sys.argv[1])

def server_process():
    with engine.connect() as connection:
        return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

before = server_process()
reads, writes = os.pipe()
child = os.fork()
if not child:
    os.write(writes, str(server_process()).encode())
    os._exit(0)
os.waitpid(child, 0)
print(before, os.read(reads, 100).decode(), server_process())
"""


def test_a_forked_process_has_connections_of_its_own(database_url):
    ended = subprocess.run(
        [sys.executable, "-c", FORKS, database_url],
        capture_output=True,
        text=True,
        check=False,
    )

    before, of_the_child, after = ended.stdout.split()
    assert before == after != of_the_child


LAST_QUERY = text("SELECT query FROM pg_stat_activity WHERE pid = :pid")
OWN_PID = text("SELECT pg_backend_pid() -- asked by the test")


def test_connection_that_is_open_is_used_without_a_ping(database_url):
    engine, watcher = make_engine(database_url), make_engine(database_url)
    with engine.connect() as connection:
        pid = connection.execute(OWN_PID).scalar_one()
        connection.commit()

    with engine.connect(), watcher.connect() as watching:
        last = watching.execute(LAST_QUERY, {"pid": pid}).scalar_one()

    assert last == "COMMIT"
    engine.dispose()
    watcher.dispose()


def test_connection_that_the_server_closed_is_replaced_before_it_is_used(database_url):
    engine, killer = make_engine(database_url), make_engine(database_url)
    with engine.connect() as connection:
        before = connection.execute(OWN_PID).scalar_one()

    with killer.connect() as killing:
        killing.execute(
            text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before}
        )
    with engine.connect() as connection:
        assert connection.execute(OWN_PID).scalar_one() != before

    engine.dispose()
    killer.dispose()


def test_servers_that_fall_silent_are_noticed_within_a_minute(
    database_url, monkeypatch
):
    listening = []
    connect = psycopg.AsyncConnection.connect

    async def watched(*args, **more):
        listening.append(await connect(*args, **more))
        return listening[0]

    async def listen():
        changes = notifications.listen_to_notifications(database_url)
        await anext(changes)
        found = listening[0].info.get_parameters()
        await changes.aclose()
        return found

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", watched)
    engine = make_engine(database_url)
    with engine.connect() as asking:
        pooled = asking.connection.driver_connection.info.get_parameters()
    engine.dispose()

    for found in (pooled, asyncio.run(listen())):
        seconds = int(found["keepalives_idle"]) + int(
            found["keepalives_interval"]
        ) * int(found["keepalives_count"])
        assert seconds <= 60
        assert int(found["tcp_user_timeout"]) <= 60_000
