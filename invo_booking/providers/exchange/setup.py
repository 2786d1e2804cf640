"""Describe Exchange for the registry of providers."""

from invo_booking.providers.exchange.provider import Exchange
from invo_booking.providers.http import VendorClient
from invo_booking.providers.vendor import Vendor, VendorSetup
from invo_booking.settings.calendars import EXCHANGE


def _server(setup: VendorSetup) -> Exchange:
    def client() -> VendorClient:
        anywhere = setup.config.allow_private_hosts
        return setup.client("Exchange", 1, is_public_only=not anywhere)

    return Exchange(client, setup.now, counts=setup.call_counts())


VENDOR = Vendor(name=EXCHANGE, server=_server)
