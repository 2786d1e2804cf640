"""Customers at the pages, without a browser."""

import pytest

from invo_booking import bootstrap
from tests.web_public.test_public_flows import Visitor


@pytest.fixture
def product(deps, bank):
    bootstrap.use_deps(deps)
    bank.agent("Ana")
    return deps


@pytest.fixture
def visitor(product):  # noqa: ARG001 - must be there
    return Visitor()
