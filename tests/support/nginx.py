"""The proxy that ``deploy/`` ships, filled in for loopback and started for a test."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from invo_booking.config import PROJECT
from tests.support.servers import free_port, is_free, until

TEMPLATE = PROJECT / "deploy" / "nginx" / "booking.conf.template"
BLANK = re.compile(r"\$\{(INVO_\w+)\}")
RATE, BURST = "50r/s", "burst=500"
NAMED_ADDRESS = "X-Test-Address"
"""Header in which a caller on loopback may name another address as its own."""

_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@cache
def find_program(name: str, package: str) -> str:
    """Return the path of a program, installed if need be."""
    command = ["sh", str(PROJECT / "bin" / "find-program"), name, package]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert found.returncode == 0, f"{name} is missing, see above"
    return found.stdout.strip()


def fill_template(values: Mapping[str, str]) -> str:
    """Return the configuration as the image of nginx would write it."""
    return BLANK.sub(lambda blank: values[blank[1]], TEMPLATE.read_text("utf-8"))


def plain_values(port: int, machines: Sequence[int], tls: Path) -> dict[str, str]:
    """Return what fills the template for a service without TLS on loopback."""
    servers = [f"server 127.0.0.1:{it} max_fails=1 fail_timeout=5s;" for it in machines]
    return {
        "INVO_WEB_SERVERS": " ".join(servers),
        "INVO_SERVER_NAME": "localhost",
        "INVO_HTTP_LISTEN": f"127.0.0.1:{free_port()}",
        "INVO_LISTEN": f"127.0.0.1:{port}",
        "INVO_TLS": str(tls),
        "INVO_SCHEME": "http",
    }


def write_configuration(
    folder: Path, values: Mapping[str, str], *, rate: str = RATE, log: str = "off"
) -> Path:
    """Write a whole configuration around the filled template; return its path.

    Args:
        folder: Where it is written.
        values: What fills the template.
        rate: How many requests one address may make.
        log: File of the access log.
    """
    filled = fill_template(values).replace(f"rate={RATE}", f"rate={rate}")
    (folder / "booking.conf").write_text(filled)
    temporary = "\n".join(
        f"    {kind}_temp_path {folder / kind};" for kind in _TEMPORARY
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        "worker_processes 1;\nworker_rlimit_nofile 16384;\ndaemon off;\n"
        f"pid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'} warn;\n"
        "events { worker_connections 8192; }\n"
        f"http {{\n    access_log {log};\n    default_type application/octet-stream;\n"
        "    set_real_ip_from 127.0.0.1;\n"
        f"    real_ip_header {NAMED_ADDRESS};\n"
        f"{temporary}\n    include {folder / 'booking.conf'};\n}}\n"
    )
    return path


def check_configuration(path: Path) -> str:
    """Return what ``nginx -t`` says about a configuration.

    Raises:
        subprocess.CalledProcessError: If nginx would refuse it.
    """
    command = [find_program("nginx", "nginx"), "-t", "-q", "-c", str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=True)
    return checked.stderr


@contextmanager
def running_nginx(
    folder: Path,
    values: Mapping[str, str],
    port: int,
    *,
    rate: str = RATE,
    log: str = "off",
) -> Iterator[None]:
    """Run nginx with the filled template until the block ends.

    Args:
        folder: An empty folder of its own.
        values: What fills the template.
        port: Where it listens, as ``values`` say.
        rate: How many requests one address may make.
        log: File of the access log, which has nginx's own format.
    """
    with serving_nginx(write_configuration(folder, values, rate=rate, log=log), port):
        yield


@contextmanager
def serving_nginx(path: Path, port: int) -> Iterator[None]:
    """Run nginx with a whole configuration until the block ends."""
    command = [find_program("nginx", "nginx"), "-c", str(path)]
    said = path.with_name("said.log")
    with said.open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: not is_free(port) or process.poll() is not None, 30)
        assert process.poll() is None, said.read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)
