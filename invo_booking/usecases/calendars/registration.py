"""Read the registration at a provider from the settings."""

from dataclasses import dataclass

from invo_booking.config import Config
from invo_booking.domain.calendars.outside import Registration
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.settings import calendars, providers
from invo_booking.settings.spec import Setting, Values
from invo_booking.usecases.shared.sealing import SealBrokenError, open_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFields:
    """The settings of a registration.

    Attributes:
        secret_ends: Expiry date of the secret, ISO 8601.
        path: Path of the redirect address.
    """

    client_id: Setting[str]
    secret: Setting[str]
    tenant: Setting[str]
    secret_ends: Setting[str]
    path: str


FIELDS = {
    calendars.OUTLOOK: RegistrationFields(
        client_id=providers.OUTLOOK_CLIENT_ID,
        secret=providers.OUTLOOK_CLIENT_SECRET,
        tenant=providers.OUTLOOK_TENANT,
        secret_ends=providers.OUTLOOK_SECRET_ENDS,
        path="/outlook",
    )
}
"""Settings of each provider with a sign-in, by its name in the settings."""


def provider_label(provider: str) -> str:
    """Return a provider's display name."""
    for choice in calendars.PRIMARY_PROVIDER.field.choices:
        if choice.value == provider:
            return choice.label
    return provider


def missing_registration_fields(values: Values, provider: str) -> tuple[str, ...]:
    """Return the labels of missing settings that a sign-in needs."""
    fields = FIELDS[provider]
    needed = (fields.client_id, fields.secret, fields.tenant)
    return tuple(entry.label for entry in needed if not values[entry])


def provider_registration(
    config: Config, values: Values, provider: str
) -> Registration:
    """Return the registration at a provider.

    Raises:
        ReconnectError: If a setting is missing, or the secret cannot be opened.
    """
    fields = FIELDS[provider]
    if lacking := missing_registration_fields(values, provider):
        raise ReconnectError(
            f"Not filled in: {', '.join(lacking)}. Fill it in on the page Calendars of "
            "Manage Settings."
        )
    try:
        secret = open_secret(config, values, fields.secret)
    except SealBrokenError as error:
        raise ReconnectError(
            f"“{fields.secret.label}” cannot be opened. {error} Enter it again on the "
            "page Calendars of Manage Settings."
        ) from None
    return Registration(
        client_id=values[fields.client_id],
        secret=secret,
        tenant=values[fields.tenant],
    )


def redirect_uri(config: Config, provider: str) -> str:
    """Return the redirect address to register at a provider."""
    return config.public_url.rstrip("/") + FIELDS[provider].path
