import os
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from invo_booking.embedded import EmbeddedError, Postgres, Valkey


def connect(server):
    return psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True)


def test_data_survives_a_restart(folder):
    with Postgres(folder) as server, connect(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    with Postgres(folder) as server, connect(server) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_committed_data_survives_a_kill(folder, eventually):
    server = Postgres(folder)
    with server, connect(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        pid = int((server.folder / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not server.is_ready())

    with Postgres(folder) as server, connect(server) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_note_of_a_stranger_is_not_taken_for_a_running_server(folder):
    """After a reboot the process id in the note may be anybody's, here ours."""
    with Postgres(folder) as server:
        note = server.folder / "postmaster.pid"
        left = note.read_text().split("\n")
    note.write_text("\n".join([str(os.getpid()), *left[1:]]))

    with Postgres(folder) as server:
        assert server.is_ready()


def test_extension_of_the_exclusion_constraint_is_there(folder):
    with Postgres(folder) as server, connect(server) as connection:
        connection.execute("CREATE EXTENSION btree_gist")


def test_folder_in_use_is_a_sentence(folder):
    with (
        Postgres(folder),
        pytest.raises(EmbeddedError, match="in use by another running Invo Booking"),
    ):
        Postgres(folder).prepare()


def test_data_of_another_version_is_a_sentence(folder):
    with Postgres(folder) as server:
        (server.folder / "PG_VERSION").write_text("15\n")

    with pytest.raises(EmbeddedError, match="belongs to PostgreSQL 15"):
        Postgres(folder).prepare()


def test_folder_too_deep_for_a_socket_gets_a_shorter_one(folder):
    deep = folder / ("d" * 100)
    deep.mkdir(mode=0o711)

    with Postgres(deep) as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders to protect so")
def test_root_s_private_folder_is_not_opened(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)

    with pytest.raises(EmbeddedError, match="is closed to other users"):
        Postgres(private / "data").prepare()

    assert private.stat().st_mode & 0o077 == 0
    assert list(private.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written_is_a_sentence():
    with pytest.raises(EmbeddedError, match="INVO_DATA_DIR"):
        Postgres(Path("/proc/invo")).prepare()


def test_valkey_wants_its_password_and_keeps_nothing(folder):
    with Valkey(folder) as server:
        client = redis.Redis.from_url(server.url)
        client.set("name", "value")
        client.close()
        port = int(server.url.rsplit(":", 1)[1].partition("/")[0])
        with (
            redis.Redis(port=port) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.get("name")

    with Valkey(folder) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("name") is None
