"""Connection pools across a fork, as Celery makes its processes."""

import subprocess
import sys

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
