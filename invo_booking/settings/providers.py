"""What the calendar providers need to know us by; on the page Calendars.

Stored and checked here; secrets are sealed and never shown again.
"""

from typing import Any

from invo_booking.settings.parsers import line, one_of, secret, switch
from invo_booking.settings.provider_fields import (
    date_text,
    ews_address,
    guid,
    service_account,
    tenant,
)
from invo_booking.settings.spec import Field, Page, Setting

LONGEST_SECRET = 500
EXCHANGE_VERSIONS = {
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
    help="Whether this institution may connect to Google at all.",
    default=False,
    field=switch(),
)
GOOGLE_CLIENT_ID = _field(
    "google_client_id",
    "Google Client ID",
    "Of the OAuth client in the Google Cloud console.",
    line(200),
)
GOOGLE_CLIENT_SECRET = _field(
    "google_client_secret",
    "Google client secret",
    "Of the same OAuth client. It is asked for again when the Client ID changes.",
    secret(LONGEST_SECRET),
    (GOOGLE_CLIENT_ID,),
)
GOOGLE_API_KEY = _field(
    "google_api_key",
    "Google API key",
    "Of the same project in the Google Cloud console.",
    secret(LONGEST_SECRET),
)
GOOGLE_SERVICE_ACCOUNT = _field(
    "google_service_account",
    "Google service account",
    "JSON key of a service account that may act for the agents; may stay empty.",
    service_account(),
)
OUTLOOK_CLIENT_ID = _field(
    "outlook_client_id",
    "Outlook client ID (outlook_client_id)",
    "Application (client) ID of the app registration in Microsoft Entra.",
    guid(),
)
OUTLOOK_TENANT = _field(
    "outlook_tenant",
    "Outlook tenant",
    "Directory (tenant) ID of the app registration, or the tenant's domain.",
    tenant(),
)
OUTLOOK_CLIENT_SECRET = _field(
    "outlook_client_secret",
    "Outlook client secret (outlook_client_secret)",
    "Value of a client secret of the same app registration, not the secret's id. A new "
    "one is used when the sign-in is next renewed, within two hours. It is asked for "
    "again when client ID or tenant change.",
    secret(LONGEST_SECRET),
    (OUTLOOK_CLIENT_ID, OUTLOOK_TENANT),
)
OUTLOOK_SECRET_ENDS = _field(
    "outlook_secret_ends",
    "Outlook client secret ends on",
    "As the app registration says, such as 2028-11-21; administrators are warned 60, "
    "30, 7 and 1 days ahead.",
    date_text(),
)
EXCHANGE_SERVER = _field(
    "exchange_server",
    "Webmail server",
    "EWS address of the institution's own Exchange server.",
    ews_address(),
)
EXCHANGE_VERSION = Setting(
    key="calendars.exchange_version",
    page=Page.CALENDARS,
    label="Exchange server version",
    help="The version the server's administrator names.",
    default="exchange2019",
    field=one_of(EXCHANGE_VERSIONS),
)
EXCHANGE_USER = _field(
    "exchange_user",
    "Exchange user name",
    "The service account, as DOMAIN\\user or as its address.",
    line(254),
)
EXCHANGE_PASSWORD = _field(
    "exchange_password",
    "Exchange password",
    "Of the same service account. It is asked for again when webmail server or user "
    "name change.",
    secret(LONGEST_SECRET),
    (EXCHANGE_SERVER, EXCHANGE_USER),
)
