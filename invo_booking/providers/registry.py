"""Create the providers this product can connect to."""

import os
from collections.abc import Callable
from datetime import datetime

from invo_booking.config import Config
from invo_booking.domain.clock import utc_now
from invo_booking.providers.http import VendorClient
from invo_booking.providers.microsoft.provider import Microsoft
from invo_booking.providers.proxy import forward_proxy
from invo_booking.settings.calendars import OUTLOOK


def providers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, Microsoft]:
    """Return the providers by their name in the settings, without a call."""
    proxy = forward_proxy(config.https_proxy.get_secret_value(), os.environ)
    line = VendorClient("Microsoft", ca_file=config.ca_file, proxy=proxy, now=now)
    return {
        OUTLOOK: Microsoft(
            line, authority=config.microsoft_authority, graph=config.graph_url
        )
    }
