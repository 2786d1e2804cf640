"""Fixtures: a bank, and the plain calendars its agents have elsewhere."""

from dataclasses import replace

import pytest

from tests.support.plain_calendar import PlainCalendar, PlainProvider


@pytest.fixture
def elsewhere():
    return PlainCalendar()


@pytest.fixture
def deps(deps, elsewhere):
    return replace(deps, providers={"outlook": PlainProvider(elsewhere)})
