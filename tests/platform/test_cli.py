import socket

import pytest
from sqlalchemy import text

from invo_booking import cli
from invo_booking.persistence.engine import make_engine
from invo_booking.settings import mailer
from invo_booking.usecases.shared.sealing import seal
from tests.support.command_line import run_command


@pytest.fixture
def invo(folder):
    """Run the command line as an operator would."""

    def run(*arguments, **variables):
        return run_command(*arguments, **{"INVO_DATA_DIR": str(folder), **variables})

    return run


def test_port_in_use_is_a_sentence_and_no_stack_trace(invo):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = invo("run", INVO_PORT=str(port))

    assert ended.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_bad_configuration_is_a_sentence_and_no_stack_trace(invo):
    ended = invo("migrate", INVO_PORT="eighty")

    assert ended.returncode == 1
    assert ended.stderr.startswith("INVO_PORT should be a valid integer")


def test_unreachable_database_is_a_sentence_and_no_stack_trace(invo):
    ended = invo("migrate", INVO_DATABASE_URL="postgresql://u@127.0.0.1:1/d")

    assert ended.returncode == 1
    assert ended.stderr.startswith("The database cannot be reached")


def test_web_alone_says_which_servers_it_needs(invo):
    ended = invo("web")

    assert ended.returncode == 1
    assert "Set INVO_DATABASE_URL and INVO_REDIS_URL" in ended.stderr


def test_commands_bring_the_database_up_by_themselves(invo):
    """Migrate, make the demo, add a person and refuse the same one again."""
    assert "went from nothing to" in invo("migrate").stdout
    assert "is up to date" in invo("migrate").stdout
    refused = invo("demo")
    assert refused.returncode == 1
    assert "no demo institution was made" in refused.stderr
    assert "was created" in invo("demo", INVO_DEMO="1").stdout

    person = [
        "user",
        "create",
        "new@harbor.example",
        "--name",
        "New",
        "--role",
        "agent",
    ]
    secret = {"INVO_NEW_PASSWORD": "a-long-enough-password"}
    assert "must then replace it" in invo(*person, **secret).stdout
    again = invo(*person, **secret)
    assert again.returncode == 1
    assert "An account with this address already exists." in again.stderr


def test_an_empty_database_gets_an_institution_and_somebody_to_sign_in(invo):
    begin = [
        "institution",
        *("--name", "First Bank", "--time-zone", "Europe/Berlin", "--country", "de"),
        *("--language", "de", "--language", "en", "--admin", "Sam Hill"),
        *("--email", "sam@first.example"),
    ]
    secret = {"INVO_NEW_PASSWORD": "a-long-enough-password"}
    invo("migrate")

    refused = invo(*begin[:-1], "nobody", **secret)
    made = invo(*begin, **secret)
    again = invo(*begin, **secret)

    assert (refused.returncode, "e-mail address" in refused.stderr) == (1, True)
    assert "First Bank is set up." in made.stdout
    assert "must then replace it" in made.stdout
    shown = invo("user", "reset-password", "sam@first.example")
    assert "/session/set-password?link=" in shown.stdout
    assert (again.returncode, "already" in again.stderr) == (1, True)


def test_answer_that_cannot_be_used_is_asked_for_again(invo):
    answers = [
        "First Bank",
        *("Europe/Nowhere", "Europe/Berlin"),
        *("XX", "de"),
        "Sam Hill",
        *("nobody", "sam@first.example"),
    ]
    invo("migrate")

    made = invo("institution", typed="\n".join(answers) + "\n")
    again = invo("institution")

    assert made.returncode == 0
    assert "First Bank is set up." in made.stdout
    for label in ("Time zone", "Country", "E-mail address"):
        assert (made.stdout + made.stderr).count(label) >= 2, label
    assert (again.returncode, "already" in again.stderr) == (1, True)
    assert "Name of the institution" not in again.stdout


def test_start_without_an_institution_names_the_command_that_makes_one(config, capsys):
    cli._welcome(config)  # noqa: SLF001  (a whole start takes minutes)

    told = " ".join(capsys.readouterr().out.split())
    assert "There is no institution yet" in told
    assert f"INVO_DATA_DIR={config.data_dir}" in told
    assert "invo-booking institution" in told


def test_keys_are_rotated_and_a_secret_nobody_can_open_is_named(invo, bank):
    bank.set(mailer.PASSWORD, seal(bank.deps.config, mailer.PASSWORD.key, "hunter2"))
    address = {"INVO_DATABASE_URL": bank.deps.config.database_url}
    old, new = "test:" + "5e" * 32, "new:" + "a1" * 32

    early = invo("rotate-keys", INVO_SECRET_KEYS=new, **address)
    moved = invo("rotate-keys", INVO_SECRET_KEYS=f"{new},{old}", **address)

    assert (early.returncode, "No key opens" in early.stdout) == (1, True)
    assert moved.returncode == 0
    assert "sealed with new instead of another key: 1." in moved.stdout
    assert "hunter2" not in early.stdout + moved.stdout


def test_nothing_is_read_where_no_calendar_is_connected(invo, bank):
    ended = invo("sync", INVO_DATABASE_URL=bank.deps.config.database_url)

    assert ended.returncode == 0
    assert "no calendar is connected" in ended.stdout


def test_doctor_finds_what_is_wrong(invo):
    ended = invo("doctor", INVO_PROT="8001", INVO_REDIS_URL="redis://127.0.0.1:1/0")

    assert ended.returncode == 1
    assert "Unknown variables: INVO_PROT." in ended.stdout
    assert "The Redis server does not answer" in ended.stdout


def test_doctor_tries_the_mail_server_of_the_settings(invo, bank):
    bank.set(mailer.SERVER, "no-such-server.invalid")

    ended = invo(
        "doctor",
        INVO_DATABASE_URL=bank.deps.config.database_url,
        INVO_MAIL_FROM="appointments@bank.example",
    )

    told = " ".join(ended.stdout.split())
    assert "the name no-such-server.invalid was not found" in told
    assert "Mail waits." in told


def test_doctor_finds_availability_that_went_astray_and_repairs_it(invo, database_url):
    invo("demo", INVO_DEMO="1", INVO_DATABASE_URL=database_url)
    damage = (
        "UPDATE agent_day SET spans = '' WHERE day = (SELECT min(day) FROM agent_day "
        "WHERE day > current_date + 1 AND length(spans) > 0)"
    )
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(damage))
    engine.dispose()

    def doctor(*arguments):
        told = invo("doctor", *arguments, INVO_DATABASE_URL=database_url).stdout
        return next(line for line in told.splitlines() if "availability" in line)

    assert "differ from their appointments" in " ".join(doctor().split())
    assert "now corrected" in doctor("--repair")
    assert "agrees" in doctor()


def test_operator_is_told_what_waits_and_lets_so_many_happen_at_once(
    invo, database_url
):
    def due(*options):
        return invo("due", *options, INVO_DATABASE_URL=database_url)

    nothing, wrong = due(), due("--accept", "everything", "--most", "5")
    accepted = due("--accept", "expire", "--most", "300")

    assert "Nothing waits" in nothing.stdout
    assert wrong.returncode != 0
    assert "expire, complete, purge" in wrong.stderr
    assert "up to 300 at once" in accepted.stdout


def test_mail_and_the_clock_are_two_processes(invo):
    ended = invo("worker", "--mail", "--beat")

    assert ended.returncode != 0
    assert "Start two processes" in ended.stderr
