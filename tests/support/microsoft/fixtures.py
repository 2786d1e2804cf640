"""Fixtures: a fake Microsoft that every test finds fresh.

A conftest that imports both names has them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from invo_booking.domain.clock import utc_now
from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.server import running_fake


@pytest.fixture(scope="session")
def outlook_server() -> Iterator[Outlook]:
    """One server for all tests of a session."""
    with running_fake() as outlook:
        yield outlook


@pytest.fixture
def outlook(outlook_server: Outlook) -> Iterator[Outlook]:
    """A fake Microsoft that knows nothing yet; its violations fail the test."""
    with fresh(outlook_server):
        yield outlook_server


@contextmanager
def fresh(outlook: Outlook) -> Iterator[None]:
    """Reset the server, and check that nothing broke Microsoft's types meanwhile.

    Raises:
        AssertionError: With a sentence for each thing that did.
    """
    outlook.reset()
    yield
    violations = list(outlook.violations)
    outlook.reset()
    outlook.clock = utc_now
    assert not violations, "\n".join(violations)
