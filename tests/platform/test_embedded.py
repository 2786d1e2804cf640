import os
import signal
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest
import redis

from invo_booking.config import PROJECT, load_config
from invo_booking.run import embedded, instance, schema
from invo_booking.run.embedded import EmbeddedError, Postgres, Valkey
from invo_booking.run.supervisor import Supervisor

TRIES_TO_CONNECT = """
import os, sys, psycopg
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    psycopg.connect(sys.argv[1])
except psycopg.OperationalError as error:
    sys.exit("Permission denied" not in str(error))
sys.exit("connected")
"""
OWNERS = """
SELECT 'pg_class'::regclass, relname, relowner::regrole::text FROM pg_class AS it
WHERE relnamespace = 'public'::regnamespace
UNION SELECT 'pg_proc'::regclass, proname, proowner::regrole::text FROM pg_proc AS it
WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
  SELECT FROM pg_depend WHERE objid = it.oid AND deptype = 'e')
UNION SELECT 'pg_type'::regclass, typname, typowner::regrole::text FROM pg_type AS it
WHERE typnamespace = 'public'::regnamespace AND NOT EXISTS (
  SELECT FROM pg_depend JOIN pg_type AS of ON of.oid = objid
  WHERE it.oid IN (of.oid, of.typarray) AND deptype = 'e')
"""
STUBBORN = """
import signal, time
for one in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(one, signal.SIG_IGN)
print("up", flush=True)
time.sleep(300)
"""
OLD_EXTRAS = """
CREATE TYPE mood AS ENUM ('calm');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE TABLE kept (id serial, other int GENERATED ALWAYS AS IDENTITY, feels mood);
CREATE SEQUENCE "Loose one";
CREATE VIEW shown AS SELECT id FROM kept;
CREATE FUNCTION "Twice"(it int) RETURNS int LANGUAGE sql AS 'SELECT it * 2';
INSERT INTO kept (feels) VALUES ('calm');
"""


def connect(server):
    return psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True)


def connect_as_superuser(server):
    return psycopg.connect(
        server.superuser_url.replace("+psycopg", ""), autocommit=True
    )


def make_as_of_old(server):
    """Have the superuser own the product's database and all within, as once it did."""
    with connect_as_superuser(server) as connection:
        connection.execute("ALTER DATABASE invo_booking OWNER TO postgres")
        connection.execute("DROP OWNED BY invo")
        connection.execute("DROP ROLE invo")
    schema.migrate_schema(server.superuser_url)
    with connect_as_superuser(server) as connection:
        connection.execute(OLD_EXTRAS)


def owners(server):
    with connect_as_superuser(server) as connection:
        found = connection.execute(OWNERS).fetchall()
        found += connection.execute(
            "SELECT 1, datname, datdba::regrole::text FROM pg_database"
            " WHERE datname = 'invo_booking'"
        ).fetchall()
    assert len(found) > 50
    return {owner for _, _, owner in found}


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


def test_server_left_behind_that_does_not_stop_is_a_sentence(folder, monkeypatch):
    with Postgres(folder) as server:
        note = server.folder / "postmaster.pid"
        left = note.read_text().split("\n")
    command = [sys.executable, "-c", STUBBORN, str(server.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as stubborn:
        try:
            assert stubborn.stdout.readline() == b"up\n"
            note.write_text("\n".join([str(stubborn.pid), *left[1:]]))
            monkeypatch.setattr(embedded, "STOP_SECONDS", 0.1)
            with pytest.raises(
                EmbeddedError, match=rf"process {stubborn.pid}\) does not"
            ):
                Postgres(folder).prepare()
        finally:
            stubborn.kill()

    with Postgres(folder) as server:
        assert server.is_ready()


def test_errors_leave_no_values_of_rows_in_the_log(folder):
    with Postgres(folder) as server, connect(server) as connection:
        connection.execute(
            "CREATE TABLE person (email text UNIQUE, age int CHECK (age > 0))"
        )
        connection.execute("INSERT INTO person VALUES ('rosa@mail.example', 30)")
        for age in (30, -1):
            with pytest.raises(psycopg.IntegrityError):
                connection.execute(
                    "INSERT INTO person VALUES (%s, %s)", ("rosa@mail.example", age)
                )
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT 'rosa@mail.example' FROM nowhere")

    written = server.log.read_text()
    assert written.count("ERROR") == 3
    assert "rosa" not in written


def test_extension_of_the_exclusion_constraint_is_there(folder):
    with Postgres(folder) as server, connect(server) as connection:
        connection.execute("CREATE EXTENSION btree_gist")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/stolen'",
        "ALTER SYSTEM SET fsync = off",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "ALTER ROLE invo SUPERUSER",
        "CREATE ROLE another",
        "CREATE DATABASE another",
        "CREATE EXTENSION dblink",
    ],
)
def test_product_s_role_may_only_work_in_its_own_database(cluster, statement):
    with (
        connect(cluster) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_schema_comes_up_in_the_product_s_role(folder):
    with Postgres(folder) as server:
        schema.migrate_schema(server.url)

        assert schema.schema_mismatch(server.url) == ""
        assert owners(server) == {"invo"}


def test_data_folder_of_old_is_taken_over_at_the_start(folder):
    with Postgres(folder) as server:
        make_as_of_old(server)
        assert owners(server) == {"postgres"}

    with Postgres(folder) as server, connect(server) as connection:
        assert owners(server) == {"invo"}
        assert connection.execute("SELECT feels FROM kept").fetchone() == ("calm",)
        connection.execute("ALTER TABLE institution ADD COLUMN motto short")
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        server.settle()
        assert owners(server) == {"invo"}


def test_role_that_was_made_powerful_is_limited_again(folder):
    with Postgres(folder) as server:
        with connect_as_superuser(server) as connection:
            connection.execute("ALTER ROLE invo SUPERUSER CREATEDB CREATEROLE")
        server.settle()

        with connect(server) as connection:
            query = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles"
            may = connection.execute(f"{query} WHERE rolname = 'invo'").fetchone()
    assert may == (False, False, False)


def test_commands_without_a_running_instance_work_in_the_role(folder, monkeypatch):
    monkeypatch.delenv("INVO_DATABASE_URL", raising=False)
    config = load_config({"INVO_DATA_DIR": str(folder)})

    with instance.open_database(config) as address:
        told = os.environ["INVO_DATABASE_URL"]
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            user = connection.execute("SELECT current_user").fetchone()

    assert (user, told) == (("invo",), address)


def test_a_start_tells_other_programs_of_the_role_alone(folder):
    config = load_config(
        {"INVO_DATA_DIR": str(folder), "INVO_REDIS_URL": "redis://127.0.0.1:1/0"}
    )
    said = []

    with ExitStack() as afterwards, Supervisor(folder, said.append) as supervisor:
        addresses = instance._start_servers(  # noqa: SLF001
            config, supervisor, afterwards, said.append
        )
        told = instance._environment(config, addresses)  # noqa: SLF001
        command = [sys.executable, "-m", "invo_booking.cli", "prepare"]
        subprocess.run(command, env=told, cwd=PROJECT, check=True)
        with psycopg.connect(told["INVO_DATABASE_URL"].replace("+psycopg", "")) as own:
            query = "SELECT tableowner FROM pg_tables WHERE tablename = 'audit'"
            assert own.execute(query).fetchone() == ("invo",)

    ours = [text for name, text in told.items() if name.startswith("INVO_")]
    assert not any("postgres@" in text for text in ours)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("booking.internal", "http://booking.internal:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("fd00::7", "http://[fd00::7]:8000"),
    ],
)
def test_start_asks_its_web_process_at_any_address(host, address):
    config = load_config({"INVO_HOST": host})

    assert instance.local_address(config) == address
    assert httpx.URL(instance.local_address(config)).port == 8000


def test_other_commands_find_all_variables_of_a_start_or_none(folder):
    config = load_config({"INVO_DATA_DIR": str(folder)})
    told = dict.fromkeys(instance._TOLD, "x")  # noqa: SLF001

    with Supervisor(folder, print), ExitStack() as afterwards:
        assert instance.running_environment(config) == {}
        instance._write_running_environment(config, told, afterwards)  # noqa: SLF001
        assert instance.running_environment(config) == told
        (note,) = folder.glob("running*")
        assert stat.S_IMODE(note.stat().st_mode) == 0o600


def test_others_on_this_machine_cannot_reach_the_socket(folder):
    deep = folder / ("d" * 100)
    deep.mkdir(mode=0o711)
    for place in (folder, deep):
        with Postgres(place) as server:
            sockets = Path(server.url.partition("host=")[2])
            sockets.chmod(0o755)

        with Postgres(place):
            assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
            assert stat.S_IMODE((sockets / ".s.PGSQL.5432").stat().st_mode) == 0o700
    sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another")
def test_another_user_who_tries_is_refused(cluster):
    address = cluster.superuser_url.replace("+psycopg", "")
    command = [sys.executable, "-c", TRIES_TO_CONNECT, address]

    assert subprocess.run(command, check=False, cwd="/").returncode == 0


def test_folder_in_use_is_a_sentence(folder):
    with (
        Postgres(folder),
        pytest.raises(EmbeddedError, match="Another running Invo Booking uses"),
    ):
        Postgres(folder).prepare()


def test_data_of_another_version_is_a_sentence(folder):
    with Postgres(folder) as server:
        (server.folder / "PG_VERSION").write_text("15\n")

    with pytest.raises(EmbeddedError, match="is of PostgreSQL 15"):
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

    with pytest.raises(EmbeddedError, match="cannot enter"):
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
