"""Describe Microsoft 365 for the registry of providers."""

from invo_booking.providers.microsoft.personal import OutlookPersonal
from invo_booking.providers.microsoft.provider import Microsoft
from invo_booking.providers.vendor import PERSONAL_CONNECTIONS, Vendor, VendorSetup
from invo_booking.settings.calendars import OUTLOOK

_NAME = "Microsoft"


def _provider(setup: VendorSetup) -> Microsoft:
    return Microsoft(
        setup.client(_NAME),
        authority=setup.config.microsoft_authority,
        graph=setup.config.graph_url,
        counts=setup.call_counts(),
    )


def _personal(setup: VendorSetup, seconds: float) -> OutlookPersonal:
    return OutlookPersonal(
        setup.client(_NAME, PERSONAL_CONNECTIONS),
        authority=setup.config.microsoft_authority,
        graph=setup.config.graph_url,
        seconds=seconds,
    )


VENDOR = Vendor(name=OUTLOOK, provider=_provider, personal=_personal)
