"""Fixtures: a fake Microsoft that every test finds fresh.

A conftest that imports both names has them.
"""

from collections.abc import Iterator

import pytest

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
    outlook_server.reset()
    yield outlook_server
    violations = list(outlook_server.violations)
    outlook_server.reset()
    assert not violations, "\n".join(violations)
