"""A bank whose agents sign in to their own calendars at both fakes."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from invo_booking.config import load_config
from invo_booking.providers.registry import personal_providers, providers
from invo_booking.settings import calendars
from tests.support.connecting import register
from tests.support.google_bank import register_google

OWN = {"google": "ana@bank.example", "outlook": "ana@bank.example"}
"""The accounts at both fakes that agents sign in to."""

BACK = {"google": "/google/callback", "outlook": "/outlook"}
ORIGIN = {"origin": "http://localhost:8000"}
SWITCHES = (calendars.GOOGLE_PERSONAL, calendars.OUTLOOK_PERSONAL)


def both_env(folder: Path, google, outlook) -> dict[str, str]:
    """Return the variables that make the product use both fakes."""
    ca_file = folder / f"both-{uuid4().hex[:8]}.pem"
    ca_file.write_bytes(google.ca_file.read_bytes() + outlook.ca_file.read_bytes())
    named = google.config_env() | outlook.config_env()
    return named | {"INVO_CA_FILE": str(ca_file)}


def reaching_both(deps, google, outlook, **more: str):
    """Return parts that reach both fakes, on the same clock."""
    google.clock = outlook.clock = deps.now
    keys = ",".join(
        f"{key}:{value.get_secret_value().hex()}"
        for key, value in deps.config.secret_keys.items()
    )
    config = load_config(
        {
            "INVO_DATABASE_URL": deps.config.database_url,
            "INVO_DATA_DIR": str(deps.config.data_dir),
            "INVO_SECRET_KEYS": keys,
            "INVO_MAIL_FROM": deps.config.mail_from,
            "INVO_SMTP_HOST": deps.config.smtp_host,
            **both_env(deps.config.data_dir, google, outlook),
            **more,
        }
    )
    return replace(
        deps,
        config=config,
        providers=providers(config, now=deps.now),
        personal=personal_providers(config, now=deps.now),
    )


def offer_both(bank, google, outlook) -> None:
    """Fill in what both know the bank by, and let agents show their calendars."""
    register_google(bank, google)
    register(bank, outlook)
    bank.set(calendars.PRIMARY_PROVIDER, calendars.NO_PROVIDER)
    for switch in SWITCHES:
        bank.set(switch, "on")


def begin(browser: httpx.Client, provider: str) -> str:
    """Begin a sign-in as the page does; return the provider's address."""
    sent = browser.post("/relay/sign-in", json={"provider": provider}, headers=ORIGIN)
    assert sent.status_code == 200, sent.text
    return sent.json()["address"]


def sign_in_personal(
    browser: httpx.Client, fake: Any, provider: str, **how: Any
) -> str:
    """Sign in from beginning to end; return the id of the grant."""
    address = begin(browser, provider)
    answer = fake.approve(address, **{"email": OWN[provider], **how})
    told = browser.get(BACK[provider], params=answer)
    assert told.status_code == 303, told.text
    page, _, fragment = told.headers["location"].partition("#personal=")
    assert page == "/bookings"
    return fragment


def grant_cookie(browser: httpx.Client, grant: str) -> str:
    """Return the value of a grant's cookie in a browser."""
    return next(it.value for it in browser.cookies.jar if it.path.endswith(grant))
