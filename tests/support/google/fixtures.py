"""Fixtures: a fake Google that every test finds fresh.

A conftest that imports both names has them.
"""

from collections.abc import Iterator

import pytest

from invo_booking.domain.clock import utc_now
from tests.support.google.google import Google
from tests.support.google.server import running_fake


@pytest.fixture(scope="session")
def google_server() -> Iterator[Google]:
    """One server for all tests of a session."""
    with running_fake() as google:
        yield google


@pytest.fixture
def google(google_server: Google) -> Iterator[Google]:
    """A fake Google that knows nothing yet; its violations fail the test.

    Raises:
        AssertionError: With a sentence for each thing that broke Google's description.
    """
    google_server.reset()
    yield google_server
    violations = list(google_server.violations)
    google_server.reset()
    google_server.clock = utc_now
    assert not violations, "\n".join(violations)
