"""Define how a calendar provider is registered."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from invo_booking.config import Config
from invo_booking.domain.calendars.ports import Personal, Provider, ServerProvider
from invo_booking.providers.call_gate import CallCounts
from invo_booking.providers.http import VendorClient
from invo_booking.providers.proxy import forward_proxy

PERSONAL_CONNECTIONS = 16
"""Largest number of open connections to one provider for agents' own calendars."""


@dataclass(frozen=True, slots=True)
class VendorSetup:
    """Everything that is needed to create the objects of a provider.

    Attributes:
        config: Configuration with the URLs of the providers.
        now: Returns the current instant in UTC.
    """

    config: Config
    now: Callable[[], datetime]

    def client(
        self, vendor: str, connections: int = 8, *, is_public_only: bool = False
    ) -> VendorClient:
        """Return an HTTP client, which does not connect yet.

        Args:
            vendor: Name of the vendor, for messages.
            connections: Largest number of open connections.
            is_public_only: Whether only servers on the internet may be called.
        """
        config = self.config
        return VendorClient(
            vendor,
            ca_file=config.ca_file,
            proxy=forward_proxy(config.https_proxy.get_secret_value(), os.environ),
            now=self.now,
            connections=connections,
            is_public_only=is_public_only,
        )

    def call_counts(self) -> CallCounts:
        """Return the counts of running calls, which all processes share."""
        return CallCounts(self.config.limits_store)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor of calendars, as its module ``setup`` describes it.

    Attributes:
        name: The vendor's name in the settings.
        provider: Makes the provider with a sign-in; ``None`` if the vendor has none.
        personal: Makes the provider of agents' own calendars; ``None`` if the vendor
            has none. The second argument is the time limit in seconds for all calls
            that answer one request of a page.
        server: Makes the provider whose account is in the settings; ``None`` if the
            vendor has none.
    """

    name: str
    provider: Callable[[VendorSetup], Provider] | None = None
    personal: Callable[[VendorSetup, float], Personal] | None = None
    server: Callable[[VendorSetup], ServerProvider] | None = None
