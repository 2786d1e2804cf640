"""Define the settings of the page Calendars that are credentials for providers.

Secrets are stored sealed and never shown again.
"""

from typing import Any

from invo_booking.domain.access.roles import Role
from invo_booking.settings.parsers import (
    choice_setting_field,
    line_setting_field,
    secret_setting_field,
    switch_setting_field,
)
from invo_booking.settings.provider_fields import (
    certificate_setting_field,
    date_setting_field,
    ews_address_setting_field,
    guid_setting_field,
    service_account_setting_field,
    tenant_setting_field,
)
from invo_booking.settings.spec import Field, Page, Setting

LONGEST_SECRET = 500
GROUP_HOST, ACCOUNT_HOST = "group", "account"
OUTLOOK_HOSTS = {
    GROUP_HOST: "Group calendar",
    ACCOUNT_HOST: "The scheduling account's own calendar",
}
NTLM, BASIC = "ntlm", "basic"
DETECT = "detect"
EXCHANGE_VERSIONS = {
    DETECT: "Detect",
    "exchange2013": "Exchange Server 2013",
    "exchange2016": "Exchange Server 2016",
    "exchange2019": "Exchange Server 2019",
    "exchangese": "Exchange Server Subscription Edition",
}


def _field(
    key: str,
    label: str,
    help_: str,
    field: Field[str],
    bound_to: tuple[Setting[Any], ...] = (),
) -> Setting[str]:
    return Setting(
        key=f"calendars.{key}",
        page=Page.CALENDARS,
        label=label,
        help=help_,
        default="",
        field=field,
        bound_to=bound_to,
    )


GOOGLE = Setting(
    key="calendars.google",
    page=Page.CALENDARS,
    label="Google",
    help="Kept from earlier versions and without effect. Google is used while it is "
    "the primary calendar provider.",
    default=False,
    field=switch_setting_field(),
)
GOOGLE_CLIENT_ID = _field(
    "google_client_id",
    "Google Client ID",
    "Client ID of the OAuth client in the Google Cloud console.",
    line_setting_field(200),
)
GOOGLE_CLIENT_SECRET = _field(
    "google_client_secret",
    "Google client secret",
    "Secret of the same OAuth client. You must enter it again after a change of the "
    "client ID.",
    secret_setting_field(LONGEST_SECRET),
    (GOOGLE_CLIENT_ID,),
)
GOOGLE_API_KEY = _field(
    "google_api_key",
    "Google API key",
    "API key of the same project in the Google Cloud console. Kept from earlier "
    "versions; Invo Booking does not use it, because it signs in with the client ID.",
    secret_setting_field(LONGEST_SECRET),
)
GOOGLE_SERVICE_ACCOUNT = _field(
    "google_service_account",
    "Google service account",
    "JSON key of a service account that can act for the agents. Optional.",
    service_account_setting_field(),
)
OUTLOOK_CLIENT_ID = _field(
    "outlook_client_id",
    "Outlook client ID (outlook_client_id)",
    "Application (client) ID of the app registration in Microsoft Entra.",
    guid_setting_field(),
)
OUTLOOK_TENANT = _field(
    "outlook_tenant",
    "Outlook tenant",
    "Directory (tenant) ID of the app registration, or the tenant's domain.",
    tenant_setting_field(),
)
OUTLOOK_CLIENT_SECRET = _field(
    "outlook_client_secret",
    "Outlook client secret (outlook_client_secret)",
    "Value of a client secret of the same app registration, not the secret's ID. A new "
    "value is used when the sign-in is next renewed, within two hours. You must enter "
    "it again after a change of client ID or tenant.",
    secret_setting_field(LONGEST_SECRET),
    (OUTLOOK_CLIENT_ID, OUTLOOK_TENANT),
)
OUTLOOK_SECRET_ENDS = _field(
    "outlook_secret_ends",
    "Outlook client secret ends on",
    "Expiry date of the client secret, such as 2028-11-21. Administrators are reminded "
    "60, 30, 7 and 1 days before.",
    date_setting_field(),
)
OUTLOOK_HOST = Setting(
    key="calendars.outlook_host",
    page=Page.CALENDARS,
    label="Outlook host calendar",
    help="The calendar in which appointments appear: that of a Microsoft 365 group, or "
    "that of the account that signs in. Each takes other permissions. While Outlook "
    "365 is connected, change it in the panel, which first shows the consequences.",
    default=GROUP_HOST,
    field=choice_setting_field(OUTLOOK_HOSTS),
    changeable_by=frozenset({Role.SUPER_ADMIN}),
)
EXCHANGE_SERVER = _field(
    "exchange_server",
    "Webmail server",
    "Address of the institution's Exchange server (EWS), such as "
    "https://mail.bank.example/EWS/Exchange.asmx.",
    ews_address_setting_field(),
)
EXCHANGE_VERSION = Setting(
    key="calendars.exchange_version",
    page=Page.CALENDARS,
    label="Exchange server version",
    help="Version of the institution's Exchange server. “Test connection” says if "
    "another one answers.",
    default=DETECT,
    field=choice_setting_field(EXCHANGE_VERSIONS),
)
EXCHANGE_USER = _field(
    "exchange_user",
    "Exchange user name",
    "Name of the service account, as DOMAIN\\user or as an e-mail address. Its "
    "calendar hosts appointments.",
    line_setting_field(254),
)
EXCHANGE_AUTHORITY = _field(
    "exchange_authority",
    "Exchange certificate authority",
    "Certificate of the institution's own authority, if it issued the certificate of "
    "the webmail server: paste it from -----BEGIN CERTIFICATE----- to -----END "
    "CERTIFICATE-----. Authorities that this server trusts are trusted without it.",
    certificate_setting_field(),
)
EXCHANGE_PASSWORD = _field(
    "exchange_password",
    "Exchange password",
    "Password of the same service account. You must enter it again after a change of "
    "webmail server, user name or certificate authority.",
    secret_setting_field(LONGEST_SECRET),
    (EXCHANGE_SERVER, EXCHANGE_USER, EXCHANGE_AUTHORITY),
)
EXCHANGE_AUTHENTICATION = Setting(
    key="calendars.exchange_authentication",
    page=Page.CALENDARS,
    label="Exchange authentication",
    help="How the service account signs in. With NTLM the password itself is never "
    "sent; with Basic it is, within the encrypted connection.",
    default=NTLM,
    field=choice_setting_field({NTLM: "NTLM", BASIC: "Basic"}),
)
