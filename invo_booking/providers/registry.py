"""Create the providers this product can connect to."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module

from invo_booking.config import Config
from invo_booking.domain.calendars.ports import Personal, Provider, ServerProvider
from invo_booking.domain.clock import utc_now
from invo_booking.providers.personal_events import SECONDS as PERSONAL_SECONDS
from invo_booking.providers.vendor import Vendor, VendorSetup

FOLDERS = (
    "microsoft",
    "google",
    "exchange",
)
"""The folder of each provider. The module ``setup`` in each folder defines a
``VENDOR``."""


def providers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, Provider]:
    """Return the providers with a sign-in, by their name in the settings.

    Does not call the providers.
    """
    setup = VendorSetup(config, now)
    return {it.name: it.provider(setup) for it in _vendors() if it.provider}


def personal_providers(
    config: Config,
    *,
    now: Callable[[], datetime] = utc_now,
    seconds: float = PERSONAL_SECONDS,
) -> dict[str, Personal]:
    """Return the providers of agents' own calendars, by their name in the settings.

    Does not call the providers. These providers have connections of their own, so that
    pages do not wait for periodic work.

    Args:
        config: Configuration with the URLs of the providers.
        now: Returns the current instant in UTC.
        seconds: Time limit for all calls that answer one request of a page.
    """
    setup = VendorSetup(config, now)
    return {it.name: it.personal(setup, seconds) for it in _vendors() if it.personal}


def servers(
    config: Config, *, now: Callable[[], datetime] = utc_now
) -> dict[str, ServerProvider]:
    """Return the providers whose account is in the settings, by name in the settings.

    Does not call the providers.
    """
    setup = VendorSetup(config, now)
    return {it.name: it.server(setup) for it in _vendors() if it.server}


def _vendors() -> Iterator[Vendor]:
    for folder in FOLDERS:
        module = import_module(f"{__package__}.{folder}.setup")
        vendor: Vendor = module.VENDOR
        yield vendor
