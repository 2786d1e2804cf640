"""Describe Google for the registry of providers."""

from invo_booking.providers.google.personal import GooglePersonal
from invo_booking.providers.google.provider import Google
from invo_booking.providers.vendor import PERSONAL_CONNECTIONS, Vendor, VendorSetup
from invo_booking.settings.calendars import GOOGLE

_NAME = "Google"


def _provider(setup: VendorSetup) -> Google:
    return Google(
        setup.client(_NAME),
        api=setup.config.google_api_url,
        consent_page=setup.config.google_auth_url,
        token_url=setup.config.google_token_url,
    )


def _personal(setup: VendorSetup, seconds: float) -> GooglePersonal:
    return GooglePersonal(
        setup.client(_NAME, PERSONAL_CONNECTIONS),
        api=setup.config.google_api_url,
        consent_page=setup.config.google_auth_url,
        token_url=setup.config.google_token_url,
        seconds=seconds,
    )


VENDOR = Vendor(name=GOOGLE, provider=_provider, personal=_personal)
