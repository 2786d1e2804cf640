"""A question about agents' own calendars has one time limit, however many there are."""

from dataclasses import replace

import pytest

from invo_booking.providers.registry import personal_providers
from tests.api.relaying import (
    agent,
    agent_of,
    events_of,
    fakes,
    google,
    google_server,
    outlook,
    outlook_server,
    shown,
)
from tests.support.personal_bank import OWN, reaching_both, sign_in_personal

__all__ = [
    "agent",
    "agent_of",
    "fakes",
    "google",
    "google_server",
    "outlook",
    "outlook_server",
]
QUESTION, CALL = 1.5, 0.5
"""Seconds for a whole question, and until the provider answers each of its calls."""


@pytest.fixture(name="deps")
def deps_in_a_hurry(deps, google, outlook):
    near = reaching_both(deps, google, outlook)
    hurried = personal_providers(near.config, now=near.now, seconds=QUESTION)
    return replace(near, personal=hurried)


def test_calendars_that_are_slow_together_end_the_question(agent, google):
    for number in range(3):
        google.add_calendar(f"Club {number}", OWN["google"])
    grant = sign_in_personal(agent, google, "google")
    listed = agent.get(f"/relay/{grant}/account").json()["calendars"]
    keys = ",".join(it["key"] for it in listed)
    assert len(listed) == 4
    assert shown(agent, grant, calendars=keys) == []
    google.misbehave("GET", "/calendars/*/events", times=None, delay=CALL)

    told = events_of(agent, grant, calendars=keys)

    assert (told.status_code, told.json()["code"]) == (503, "provider_down")
