"""Agents' browsers between the web process and both fakes.

A test module that imports these names has them.
"""

import pytest

from tests.api.conftest import serve
from tests.support.bank import PASSWORD
from tests.support.google.fixtures import google, google_server
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.support.personal_bank import ORIGIN, OWN, offer_both, reaching_both

__all__ = [
    "agent",
    "agent_of",
    "deps",
    "fakes",
    "google",
    "google_server",
    "outlook",
    "outlook_server",
]

BOTH = ("google", "outlook")
MONTH = {"from": "2026-11-16", "to": "2026-12-28"}


@pytest.fixture
def deps(deps, google, outlook):
    return reaching_both(deps, google, outlook)


@pytest.fixture
def fakes(google, outlook):
    return {"google": google, "outlook": outlook}


@pytest.fixture
def agent_of(deps, bank, google, outlook, kept_parts):
    """Sign somebody in at a browser of their own."""
    del kept_parts
    offer_both(bank, google, outlook)
    known = set()

    def make(name="ana"):
        if name not in known:
            bank.agent(name.title(), password=PASSWORD)
            known.add(name)
        browser = serve(deps)
        form = {"email": f"{name}@bank.example", "password": PASSWORD}
        assert browser.post("/session/sign-in", data=form, headers=ORIGIN).cookies
        return browser

    return make


@pytest.fixture
def agent(agent_of):
    return agent_of()


def events_of(browser, grant, **asked):
    return browser.get(f"/relay/{grant}/events", params={**MONTH, **asked})


def shown(browser, grant, **asked):
    told = events_of(browser, grant, **asked)
    assert told.status_code == 200, told.text
    return told.json()["events"]


def put(fakes, provider, start, end, title="Dentist", **fields):
    """Put an event into Ana's own calendar, as a person does; return its id."""
    mailbox = OWN[provider]
    if provider == "google":
        return fakes[provider].put(mailbox, start, end, summary=title, **fields).id
    return fakes[provider].busy(mailbox, start, end, subject=title, **fields)
