import threading
import time

import pytest

from invo_booking.run.embedded import Postgres, scratch_folder


@pytest.fixture
def folder():
    """A folder the embedded servers can run in, also as root."""
    with scratch_folder() as path:
        yield path


@pytest.fixture
def eventually():
    """Wait until something is so, looking often, and fail if it never is."""

    def wait(is_so, seconds=90.0):
        deadline = time.monotonic() + seconds
        pause = threading.Event()
        while not is_so():
            assert time.monotonic() < deadline, "it never came to be"
            pause.wait(0.05)

    return wait


@pytest.fixture(scope="module")
def cluster():
    """An embedded PostgreSQL for tests that leave it as it was."""
    with scratch_folder() as path, Postgres(path) as server:
        yield server
