"""Two test runs that start at the same moment take different ports."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from invo_booking.config import PROJECT
from tests.support.servers import free_port, reserved_port

RESERVE = """
import sys
from tests.support.servers import reserved_port
with reserved_port(int(sys.argv[1])) as port:
    print(port)
"""


def test_reserved_port_is_given_to_nobody_else_until_it_is_given_back():
    wanted = free_port()
    with reserved_port(wanted) as first, reserved_port(wanted) as second:
        assert first == wanted
        assert second != wanted

    with reserved_port(wanted) as third:
        assert third == wanted


def test_port_on_which_somebody_listens_is_not_reserved():
    with socket.create_server(("127.0.0.1", 0)) as server:
        wanted = server.getsockname()[1]

        with reserved_port(wanted) as port:
            assert port != wanted


def test_runs_with_temporary_folders_of_their_own_see_each_others_ports(tmp_path):
    with reserved_port(free_port()) as taken:
        other = port_of_another_run(taken, tmp_path)
        assert other != taken

    assert port_of_another_run(taken, tmp_path) == taken


def port_of_another_run(wanted: int, folder: Path) -> int:
    """Return the port that a process with a temporary folder of its own reserves."""
    command = [sys.executable, "-c", RESERVE, str(wanted)]
    variables = os.environ | {"TMPDIR": str(folder)}
    return int(subprocess.check_output(command, cwd=PROJECT, env=variables))
