"""A program never works on a database that another version was made for."""

import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from invo_booking import bootstrap
from invo_booking.config import PROJECT
from invo_booking.run import schema
from tests.support.servers import free_port


def set_revision(url, revision):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :it"), {"it": revision}
        )
    engine.dispose()


def start(program, url):
    environment = {
        "PATH": "/usr/bin:/bin",
        "INVO_DATABASE_URL": url,
        "INVO_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "INVO_SECRET_KEYS": "test:" + "5e" * 32,
    }
    return subprocess.run(
        [sys.executable, *program],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_database_of_this_version_is_accepted(database_url):
    assert schema.schema_mismatch(database_url) == ""


def test_older_database_is_to_be_migrated(own_database_url):
    set_revision(own_database_url, "0001")

    told = schema.schema_mismatch(own_database_url)

    assert "at revision 0001" in told
    assert "invo-booking migrate" in told


def test_newer_database_is_left_alone(own_database_url):
    set_revision(own_database_url, "9999")

    assert "Start the newer version" in schema.schema_mismatch(own_database_url)


def test_database_that_cannot_be_reached_does_not_stop_a_start(config):
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    away = config.model_copy(update={"database_url": url})
    bootstrap.use_deps(bootstrap.build_deps(away))

    assert bootstrap.start_refusal(away) == ""


WORKER = ("-m", "celery", "--app=invo_booking.broker:celery", "--quiet", "worker")
WEB = ("-c", "from invo_booking.run import serving; serving.create()")


@pytest.mark.parametrize("program", [WEB, WORKER], ids=["web", "worker"])
def test_program_stops_at_its_start_with_a_sentence(own_database_url, program):
    set_revision(own_database_url, "0001")

    ended = start(program, own_database_url)

    assert ended.returncode != 0
    assert "Run invo-booking migrate" in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr
