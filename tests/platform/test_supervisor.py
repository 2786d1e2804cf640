import fcntl
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading

import psutil
import pytest

from invo_booking.run.logs import LONGEST_LOG, shorten_log
from invo_booking.run.supervisor import (
    CommandProgram,
    Supervisor,
    SupervisorError,
    check_supervised_port,
)

FOREVER = "import signal; signal.pause()"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    with Supervisor(tmp_path, said.append, first_rest=0.05) as ours:
        yield ours


@pytest.fixture
def program(tmp_path):
    def make(code=FOREVER, name="sleeper", **more):
        return CommandProgram(
            name=name,
            command=[sys.executable, "-c", code],
            environment=dict(os.environ),
            log=tmp_path / f"{name}.log",
            **more,
        )

    return make


def test_dead_child_is_restarted_and_said_so(supervisor, program, said, eventually):
    supervisor.start(program())
    first = supervisor.processes()["sleeper"]
    os.kill(first, signal.SIGKILL)

    def restarted():
        supervisor.look()
        return supervisor.processes().get("sleeper", first) != first

    eventually(restarted)
    eventually(lambda: supervisor.look() or "sleeper runs again." in said)
    assert said[0].startswith("sleeper ended unexpectedly (signal 9). It is restarted")


def test_program_that_cannot_be_restarted_at_the_moment_is_tried_again(
    supervisor, program, said, eventually
):
    part = program()
    supervisor.start(part)
    log, part.log = part.log, part.log.parent / "no folder" / "sleeper.log"
    first = supervisor.processes()["sleeper"]
    os.kill(first, signal.SIGKILL)

    eventually(lambda: supervisor.look() or sum("cannot be" in it for it in said) == 2)
    part.log = log

    eventually(lambda: supervisor.look() or "sleeper runs again." in said)
    assert supervisor.processes()["sleeper"] != first
    assert "Invo Booking tries again in 0.2 s." in said[2]


WRITE = """
import itertools, time
for number in itertools.count():
    print(f"{number:09999}", flush=True)
    time.sleep(0.0005)
"""


def test_log_of_a_program_that_runs_on_stays_short(supervisor, program, eventually):
    part = program(code=WRITE)
    older = part.log.with_suffix(".log.1")
    supervisor.start(part)
    first = supervisor.processes()
    beginnings = set()

    def turned_over_twice():
        supervisor.look()
        if older.exists():
            with older.open() as lines:
                beginnings.add(lines.readline())
        return len(beginnings) >= 2

    eventually(turned_over_twice)

    assert supervisor.processes() == first
    assert part.log.stat().st_size < 1.5 * LONGEST_LOG
    assert LONGEST_LOG < older.stat().st_size < 1.5 * LONGEST_LOG
    assert older.stat().st_mode & 0o077 == 0
    numbers = [int(line[-9:]) for line in older.read_text().splitlines()]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_log_is_emptied_where_the_older_one_cannot_be_written(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LONGEST_LOG + 1))
    log.with_suffix(".log.1").mkdir()

    shorten_log(log)

    assert log.stat().st_size == 0


def test_restarts_come_slower_each_time(supervisor, program, said, eventually):
    supervisor.start(program(code="import sys; sys.exit(3)"))

    eventually(lambda: supervisor.look() or sum("ended" in line for line in said) == 4)

    rests = [line.split(" in ")[1].split(" s.")[0] for line in said if "ended" in line]
    assert rests == ["0.05", "0.1", "0.2", "0.4"]


def test_helpers_of_a_dead_child_do_not_stay(supervisor, program, eventually):
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    part = program()
    part.command = [sys.executable, "-c", code, FOREVER]
    supervisor.start(part)
    parent = psutil.Process(supervisor.processes()["sleeper"])
    eventually(parent.children)
    [helper] = parent.children()
    parent.kill()

    eventually(lambda: supervisor.look() or not helper.is_running())


def test_child_that_ends_at_once_is_a_sentence_with_its_words(supervisor, program):
    code = "raise SystemExit('no table to lay')"
    with pytest.raises(SupervisorError, match="no table to lay"):
        supervisor.start(program(code=code, is_ready=lambda: False))


def test_child_that_does_not_get_ready_is_a_sentence(supervisor, program):
    with pytest.raises(SupervisorError, match="not ready within 0 seconds"):
        supervisor.start(program(is_ready=lambda: False), patience=0.1)


def test_children_stop_in_reverse_order(tmp_path, program, said):
    with Supervisor(tmp_path, said.append) as ours:
        ours.start(program(name="first"))
        ours.start(program(name="second"))

    assert said == ["Stopping second.", "Stopping first."]


def test_child_that_will_not_stop_is_killed(tmp_path, program, said, eventually):
    code = f"import signal; signal.signal(15, signal.SIG_IGN); print(1); {FOREVER}"
    part = program(code=f"{code}", grace=0.1)
    part.environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with Supervisor(tmp_path, said.append) as ours:
        ours.start(part)
        process = psutil.Process(ours.processes()["sleeper"])
        eventually(lambda: part.log.exists() and part.log.read_text())

    assert not process.is_running()


def test_second_one_in_the_same_folder_is_refused(supervisor, tmp_path, said):
    assert supervisor.processes() == {}
    with pytest.raises(SupervisorError, match="already runs"):
        Supervisor(tmp_path, said.append).__enter__()


def test_command_that_looks_at_the_folder_keeps_nobody_from_starting(tmp_path, said):
    with (tmp_path / "run.lock").open("w") as look:
        fcntl.flock(look, fcntl.LOCK_EX)
        leaves = threading.Timer(0.3, lambda: fcntl.flock(look, fcntl.LOCK_UN))
        leaves.start()

        with Supervisor(tmp_path, said.append) as ours:
            assert ours.processes() == {}
        leaves.join()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel, Linux only")
def test_killed_supervisor_leaves_nobody_behind(tmp_path, eventually):
    code = f"""
    import os, signal, sys
    from pathlib import Path
    from invo_booking.run.supervisor import CommandProgram, Supervisor
    with Supervisor(Path(sys.argv[1]), print) as ours:
        ours.start(CommandProgram(
            name="sleeper", command=[sys.executable, "-c", "{FOREVER}"],
            environment=dict(os.environ), log=Path(sys.argv[1]) / "log"))
        print(ours.processes()["sleeper"], flush=True)
        ours.watch()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        child = psutil.Process(int(killed.stdout.readline()))
        killed.kill()

    eventually(lambda: not child.is_running())


def test_port_in_use_is_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SupervisorError, match=f"INVO_PORT={port + 1}"):
            check_supervised_port("127.0.0.1", port, "INVO_PORT")


def test_address_of_another_machine_is_a_sentence():
    with pytest.raises(SupervisorError, match="cannot be used"):
        check_supervised_port("192.0.2.1", 8000, "INVO_PORT")
