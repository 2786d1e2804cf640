"""Read from the settings how the product is registered at a provider."""

from dataclasses import dataclass

from invo_booking.config import Config
from invo_booking.domain.calendars.outside import Registration, ServerAccount
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.settings import calendars, providers
from invo_booking.settings.provider_fields import pem_of
from invo_booking.settings.spec import Setting, Values
from invo_booking.texts import say
from invo_booking.usecases.shared.sealing import SealBrokenError, open_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFields:
    """The settings that describe the registration at a provider.

    Attributes:
        path: Path of the redirect URI in this product.
        tenant: The institution's tenant; ``None`` if the provider has no tenants.
        secret_ends: Expiry date of the secret, as ISO 8601; ``None`` if secrets do not
            expire.
        service_account: Key of a service account, which is optional; ``None`` if the
            provider has no service accounts.
        host: Kind of the host calendar; ``None`` if the provider has only one kind.
    """

    client_id: Setting[str]
    secret: Setting[str]
    path: str
    tenant: Setting[str] | None = None
    secret_ends: Setting[str] | None = None
    service_account: Setting[str] | None = None
    host: Setting[str] | None = None

    @property
    def is_consented_for_all(self) -> bool:
        """Whether an administrator of the tenant consents for the institution."""
        return self.tenant is not None

    @property
    def required_settings(self) -> tuple[Setting[str], ...]:
        """The settings that must be filled in before an administrator can sign in."""
        tenant = (self.tenant,) if self.tenant else ()
        return (self.client_id, self.secret, *tenant)

    @property
    def credentials(self) -> frozenset[Setting[str]]:
        """The settings that are used to renew tokens."""
        optional = (self.service_account,) if self.service_account else ()
        return frozenset((*self.required_settings, *optional))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFields:
    """The settings that describe an account at the institution's own server."""

    address: Setting[str]
    user: Setting[str]
    password: Setting[str]
    version: Setting[str]
    authentication: Setting[str]
    authority: Setting[str]

    @property
    def required_settings(self) -> tuple[Setting[str], ...]:
        """The settings that must be filled in before the account can be connected."""
        return (self.address, self.user, self.password)

    @property
    def credentials(self) -> frozenset[Setting[str]]:
        """The settings that decide whether calls to the server succeed."""
        optional = (self.authentication, self.authority)
        return frozenset((*self.required_settings, *optional))


FIELDS = {
    calendars.OUTLOOK: RegistrationFields(
        client_id=providers.OUTLOOK_CLIENT_ID,
        secret=providers.OUTLOOK_CLIENT_SECRET,
        tenant=providers.OUTLOOK_TENANT,
        secret_ends=providers.OUTLOOK_SECRET_ENDS,
        host=providers.OUTLOOK_HOST,
        path="/outlook",
    ),
    calendars.GOOGLE: RegistrationFields(
        client_id=providers.GOOGLE_CLIENT_ID,
        secret=providers.GOOGLE_CLIENT_SECRET,
        service_account=providers.GOOGLE_SERVICE_ACCOUNT,
        path="/google/callback",
    ),
}
"""Settings of each provider with a sign-in, by its name in the settings."""


SERVER_FIELDS = {
    calendars.EXCHANGE: ServerFields(
        address=providers.EXCHANGE_SERVER,
        user=providers.EXCHANGE_USER,
        password=providers.EXCHANGE_PASSWORD,
        version=providers.EXCHANGE_VERSION,
        authentication=providers.EXCHANGE_AUTHENTICATION,
        authority=providers.EXCHANGE_AUTHORITY,
    ),
}
"""Settings of each provider without a sign-in, by its name in the settings."""


def provider_label(provider: str) -> str:
    """Return a provider's display name."""
    for choice in calendars.PRIMARY_PROVIDER.field.choices:
        if choice.value == provider:
            return choice.label
    return provider


def missing_registration_fields(values: Values, provider: str) -> tuple[str, ...]:
    """Return the labels of required settings that are not filled in."""
    fields = SERVER_FIELDS.get(provider) or FIELDS[provider]
    return tuple(it.label for it in fields.required_settings if not values[it])


def provider_registration(
    config: Config, values: Values, provider: str
) -> Registration:
    """Return the product's registration at a provider.

    Raises:
        ReconnectError: If a required setting is missing, or a secret cannot be
            decrypted.
    """
    fields = FIELDS[provider]
    _require_fields(values, provider)
    return Registration(
        client_id=values[fields.client_id],
        secret=_plain_secret(config, values, fields.secret),
        tenant=values[fields.tenant] if fields.tenant else "",
        service_account=_plain_secret(config, values, fields.service_account),
        has_own_host=has_own_host(values, provider),
    )


def host_kind(values: Values, provider: str) -> str:
    """Return the kind of host calendar; empty if the provider has only one kind."""
    fields = FIELDS.get(provider)
    return values[fields.host] if fields and fields.host else ""


def has_own_host(values: Values, provider: str) -> bool:
    """Whether the host calendar is to be the connected account's own calendar."""
    return host_kind(values, provider) == providers.ACCOUNT_HOST


def server_account(config: Config, values: Values, provider: str) -> ServerAccount:
    """Return the account that the settings name.

    Raises:
        ReconnectError: If a required setting is missing, or the password cannot be
            decrypted.
    """
    fields = SERVER_FIELDS[provider]
    _require_fields(values, provider)
    version = values[fields.version]
    return ServerAccount(
        address=values[fields.address],
        user=values[fields.user],
        password=_plain_secret(config, values, fields.password),
        version="" if version == providers.DETECT else version,
        uses_basic=values[fields.authentication] == providers.BASIC,
        authorities=pem_of(values[fields.authority]),
    )


def _require_fields(values: Values, provider: str) -> None:
    if lacking := missing_registration_fields(values, provider):
        raise ReconnectError(
            say("connections.registration.incomplete", list=", ".join(lacking))
        )


def _plain_secret(config: Config, values: Values, entry: Setting[str] | None) -> str:
    if entry is None or not values[entry]:
        return ""
    try:
        return open_secret(config, values, entry)
    except SealBrokenError as error:
        raise ReconnectError(
            say(
                "connections.registration.unsealable",
                label=entry.label,
                error=error,
            )
        ) from None


def redirect_uri(config: Config, provider: str) -> str:
    """Return the redirect URI to register at a provider."""
    return config.public_url.rstrip("/") + FIELDS[provider].path
