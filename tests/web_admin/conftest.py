"""Administrators at the pages, without a browser."""

import pytest

from invo_booking.domain.access.roles import Role
from tests.support.bank import PASSWORD
from tests.web_staff.conftest import product, sign_in

__all__ = ["product", "sign_in"]


@pytest.fixture
def grace(bank):
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


@pytest.fixture
def simone(bank):
    return bank.agent("Simone", roles=(Role.SUPER_ADMIN,), password=PASSWORD)


@pytest.fixture
def client(grace, sign_in):
    return sign_in(grace)
