"""Create the providers this product can connect to."""

import os
from collections.abc import Callable
from datetime import datetime

from invo_booking.config import Config
from invo_booking.domain.clock import utc_now
from invo_booking.providers.google.provider import Google
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.provider import Microsoft
from invo_booking.providers.proxy import forward_proxy
from invo_booking.settings.calendars import GOOGLE, OUTLOOK


def providers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, Microsoft | Google]:
    """Return the providers by their name in the settings, without a call."""
    proxy = forward_proxy(config.https_proxy.get_secret_value(), os.environ)

    def line(vendor: str) -> VendorClient:
        return VendorClient(vendor, ca_file=config.ca_file, proxy=proxy, now=now)

    return {
        OUTLOOK: Microsoft(
            line("Microsoft"),
            authority=config.microsoft_authority,
            graph=config.graph_url,
        ),
        GOOGLE: Google(
            line("Google"),
            api=config.google_api_url,
            consent_page=config.google_auth_url,
            token_url=config.google_token_url,
        ),
    }
