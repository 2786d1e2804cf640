"""Fixtures: a bank, and a plain host calendar it is connected to."""

from dataclasses import replace

import pytest

from tests.support.host_calendar import OneAccount, PlainHost


@pytest.fixture
def host():
    return PlainHost()


@pytest.fixture
def deps(deps, host):
    return replace(deps, providers={"outlook": OneAccount(host)})


@pytest.fixture
def max_(bank):
    return bank.manager()
