"""Create the providers this product can connect to."""

import os
from collections.abc import Callable
from datetime import datetime

from invo_booking.config import Config
from invo_booking.domain.clock import utc_now
from invo_booking.providers.call_gate import CallCounts
from invo_booking.providers.exchange.provider import Exchange
from invo_booking.providers.google.personal import GooglePersonal
from invo_booking.providers.google.provider import Google
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.personal import OutlookPersonal
from invo_booking.providers.microsoft.provider import Microsoft
from invo_booking.providers.personal_events import SECONDS as PERSONAL_SECONDS
from invo_booking.providers.proxy import forward_proxy
from invo_booking.settings.calendars import EXCHANGE, GOOGLE, OUTLOOK

PERSONAL_CONNECTIONS = 16
"""Most open connections to one provider for agents' own calendars."""


def providers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, Microsoft | Google]:
    """Return the providers with a sign-in, by their name in the settings.

    No call is made.
    """
    return {
        OUTLOOK: Microsoft(
            _client(config, "Microsoft", now),
            authority=config.microsoft_authority,
            graph=config.graph_url,
            counts=CallCounts(config.limits_store),
        ),
        GOOGLE: Google(
            _client(config, "Google", now),
            api=config.google_api_url,
            consent_page=config.google_auth_url,
            token_url=config.google_token_url,
        ),
    }


def personal_providers(
    config: Config,
    *,
    now: Callable[[], datetime] = utc_now,
    seconds: float = PERSONAL_SECONDS,
) -> dict[str, GooglePersonal | OutlookPersonal]:
    """Return the providers of agents' own calendars, by their name in the settings.

    No call is made. The providers have their own connections, so that pages do not wait
    for periodic work.

    Args:
        config: Configuration with the addresses of the providers.
        now: Returns the current instant in UTC.
        seconds: Time limit for all calls that answer one request of a page.
    """
    return {
        OUTLOOK: OutlookPersonal(
            _client(config, "Microsoft", now, PERSONAL_CONNECTIONS),
            authority=config.microsoft_authority,
            graph=config.graph_url,
            seconds=seconds,
        ),
        GOOGLE: GooglePersonal(
            _client(config, "Google", now, PERSONAL_CONNECTIONS),
            api=config.google_api_url,
            consent_page=config.google_auth_url,
            token_url=config.google_token_url,
            seconds=seconds,
        ),
    }


def servers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, Exchange]:
    """Return the providers whose account is in the settings, by their name there.

    No call is made.
    """

    def client() -> VendorClient:
        anywhere = config.allow_private_hosts
        return _client(config, "Exchange", now, 1, is_public_only=not anywhere)

    return {EXCHANGE: Exchange(client, now, counts=CallCounts(config.limits_store))}


def _client(
    config: Config,
    vendor: str,
    now: Callable[[], datetime],
    connections: int = 8,
    *,
    is_public_only: bool = False,
) -> VendorClient:
    proxy = forward_proxy(config.https_proxy.get_secret_value(), os.environ)
    return VendorClient(
        vendor,
        ca_file=config.ca_file,
        proxy=proxy,
        now=now,
        connections=connections,
        is_public_only=is_public_only,
    )
