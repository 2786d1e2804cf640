"""The fake Exchange as a process: ``python -m tests.support.exchange``."""

import argparse
import signal
import threading
from pathlib import Path

from tests.support.exchange.server import running_fake


def main() -> None:
    """Serve until a stop signal; print the variables the product needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with running_fake(given.folder, given.port) as exchange:
        for name, value in exchange.config_env().items():
            print(f"{name}={value}", flush=True)  # noqa: T201
        print(f"Serving at {exchange.url}", flush=True)  # noqa: T201
        print(f"User {exchange.user}, password {exchange.password}", flush=True)  # noqa: T201
        stopped.wait()


if __name__ == "__main__":
    main()
