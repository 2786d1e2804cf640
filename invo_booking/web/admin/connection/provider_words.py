"""The texts of the connection panel for each provider."""

from dataclasses import dataclass, replace

from invo_booking.settings import calendars
from invo_booking.settings.providers import (
    ACCOUNT_HOST,
    EXCHANGE_SERVER,
    GOOGLE_CLIENT_ID,
    GROUP_HOST,
    OUTLOOK_CLIENT_ID,
    OUTLOOK_HOSTS,
)
from invo_booking.texts import say
from invo_booking.usecases.calendars.registration import provider_label


@dataclass
class ProviderWords:
    """Texts of the panel that differ between providers.

    Attributes:
        provider: The provider's value in the settings; empty if there is no panel.
        label: The provider's display name.
        vendor: Name of the company or server at which administrators sign in.
        first_field: URL of the first setting of the registration.
        host_heading: Heading that says whether a group or a calendar hosts
            appointments.
        redirect: Text beside the redirect URI, or instead of it if there is none.
        is_server: Whether the account is in the settings, so that no sign-in is needed.
        is_host_given: Whether the account determines the host calendar.
    """

    provider: str = ""
    label: str = ""
    vendor: str = ""
    first_field: str = ""
    heading: str = ""
    registered_heading: str = ""
    registered: str = ""
    redirect: str = ""
    sign_in: str = ""
    sign_in_lead: str = ""
    consent: str = ""
    host_heading: str = ""
    host_later: str = ""
    host_missing: str = ""
    host_another: str = ""
    host_choose: str = ""
    host_label: str = ""
    host_none: str = ""
    host_create: str = ""
    is_server: bool = False
    is_host_given: bool = False


WORDS = {
    calendars.OUTLOOK: ProviderWords(
        provider=calendars.OUTLOOK,
        label=provider_label(calendars.OUTLOOK),
        vendor=say("outlook.vendor"),
        first_field=f"#{OUTLOOK_CLIENT_ID.key}",
        heading=say("outlook.heading"),
        registered_heading=say("connection.registered.heading"),
        registered=say("outlook.registered"),
        redirect=say("outlook.redirect"),
        sign_in=say("outlook.sign_in"),
        sign_in_lead=say("outlook.sign_in_lead"),
        consent=say("outlook.consent"),
        host_heading=say("outlook.host.heading"),
        host_later=say("outlook.host.later"),
        host_missing=say("outlook.host.missing"),
        host_another=say("connection.host.another"),
        host_choose=say("outlook.host.choose"),
        host_label=say("outlook.host.label"),
        host_none=say("outlook.host.none"),
        host_create=say("outlook.host.create"),
    ),
    calendars.GOOGLE: ProviderWords(
        provider=calendars.GOOGLE,
        label=provider_label(calendars.GOOGLE),
        vendor=say("google.vendor"),
        first_field=f"#{GOOGLE_CLIENT_ID.key}",
        heading=say("google.heading"),
        registered_heading=say("connection.registered.heading"),
        registered=say("google.registered"),
        redirect=say("google.redirect"),
        sign_in=say("google.sign_in"),
        sign_in_lead=say("google.sign_in_lead"),
        consent=say("google.consent"),
        host_heading=say("google.host.heading"),
        host_later=say("google.host.later"),
        host_missing=say("google.host.missing"),
        host_another=say("connection.host.another"),
        host_choose=say("google.host.choose"),
        host_label=say("google.host.label"),
        host_none=say("google.host.none"),
        host_create=say("google.host.create"),
    ),
    calendars.EXCHANGE: ProviderWords(
        provider=calendars.EXCHANGE,
        label=provider_label(calendars.EXCHANGE),
        vendor=say("exchange.vendor"),
        first_field=f"#{EXCHANGE_SERVER.key}",
        heading=say("exchange.heading"),
        registered_heading=say("exchange.registered_heading"),
        registered=say("exchange.registered"),
        redirect=say("exchange.no_registration"),
        sign_in=say("exchange.connect"),
        sign_in_lead=say("exchange.connect_lead"),
        host_heading=say("google.host.heading"),
        host_later=say("exchange.host_later"),
        host_missing=say("exchange.host_later"),
        is_server=True,
        is_host_given=True,
    ),
}
"""Texts for each provider that can be connected, by the provider's settings value."""

_OWN_HOST_WORDS = {
    calendars.OUTLOOK: replace(
        WORDS[calendars.OUTLOOK],
        sign_in_lead=say("outlook.own_host.sign_in_lead"),
        host_heading=say("outlook.own_host.heading"),
        host_later=say("outlook.own_host.later"),
        host_missing=say("outlook.own_host.later"),
        is_host_given=True,
    )
}


def provider_words(provider: str, host_kind: str) -> ProviderWords | None:
    """Return the texts of a provider's panel; ``None`` if there is no panel."""
    words = _OWN_HOST_WORDS if host_kind == ACCOUNT_HOST else WORDS
    return words.get(provider)


PROVIDER_GROUPS = (
    (
        say("settings.group.google"),
        say("settings.group.google_lead"),
        ("calendars.google", "calendars.google_"),
    ),
    (
        say("settings.group.outlook"),
        say("settings.group.outlook_lead"),
        ("calendars.outlook_",),
    ),
    (
        say("settings.group.exchange"),
        say("settings.group.exchange_lead"),
        ("calendars.exchange_",),
    ),
)
"""Heading, lead and setting keys of each provider, in the order of the page."""

PERSONAL_CALENDARS = ("calendars.google_personal", "calendars.outlook_personal")
PROVIDER_NOTES = {
    calendars.NO_PROVIDER: say("settings.provider.none"),
    calendars.OUTLOOK: say("settings.provider.outlook"),
    calendars.EXCHANGE: say("settings.provider.exchange"),
    calendars.GOOGLE: say("settings.provider.google"),
}
"""What each provider can do, by the provider's settings value."""

HOSTED = {
    calendars.OUTLOOK: "outlook.host.host",
    calendars.GOOGLE: "google.host.host",
    calendars.EXCHANGE: "exchange.host",
}
HOSTED_OWN = {calendars.OUTLOOK: "outlook.own_host.host"}
HOST_KINDS = {
    calendars.OUTLOOK: (
        (GROUP_HOST, OUTLOOK_HOSTS[GROUP_HOST], "outlook.host_kind.group"),
        (ACCOUNT_HOST, OUTLOOK_HOSTS[ACCOUNT_HOST], "outlook.host_kind.account"),
    )
}
"""Value, label and note of each kind of host calendar, for providers with several."""

NOT_OWNER = {
    calendars.OUTLOOK: "outlook.host.not_owner_lead",
    calendars.GOOGLE: "google.host.not_owner_lead",
    calendars.EXCHANGE: "google.host.not_owner_lead",
}
CREATED = {
    calendars.OUTLOOK: "outlook.host.created",
    calendars.GOOGLE: "google.host.created",
}
