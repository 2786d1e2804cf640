"""Define the settings of the page Video and Phone Calls."""

from dataclasses import replace
from enum import StrEnum

from invo_booking.domain import rooms
from invo_booking.domain.access.roles import Role
from invo_booking.domain.institution import Institution
from invo_booking.domain.rooms import Placeholder
from invo_booking.settings.parsers import (
    choice_setting_field,
    line_setting_field,
    secret_setting_field,
)
from invo_booking.settings.spec import Field, Page, Setting, SettingKind, Values
from invo_booking.texts import say

SHORTEST_SECRET, LONGEST_SECRET = 32, 512
"""Smallest and largest number of characters of the secret that signs tokens. HS256
requires at least 256 bits (RFC 7518 section 3.2)."""


class PhoneCaller(StrEnum):
    """Who makes the call at a phone appointment."""

    BANK = "bank"
    CUSTOMER = "customer"


def room_setting_field() -> Field[str]:
    """Return a field for an optional address template of video rooms."""
    return Field(
        kind=SettingKind.ADDRESS,
        parse=lambda text: rooms.clean_room_template(text, is_shared=True),
        show=str,
    )


def servers_setting_field() -> Field[tuple[str, ...]]:
    """Return a field for comma-separated server names."""
    return Field(kind=SettingKind.TEXT, parse=rooms.clean_room_servers, show=", ".join)


def token_secret_setting_field() -> Field[str]:
    """Return a field for an optional secret that is long enough to sign tokens."""
    secret = secret_setting_field(LONGEST_SECRET)

    def parse(text: str) -> str:
        typed = secret.parse(text)
        if typed and len(typed) < SHORTEST_SECRET:
            raise ValueError(f"Enter at least {SHORTEST_SECRET} characters.")
        return typed

    return replace(secret, parse=parse)


ROOM = Setting(
    key="calls.room",
    page=Page.CALLS,
    label="Video room address",
    help="The Join button of a video appointment opens this address. {appointment} is "
    "replaced by a room name that cannot be guessed, {name} and {role} by who joins, "
    "{token} by a signed token: https://meet.bank.example/{appointment}?jwt={token}. "
    "There are also {agent}, {language} and {reference}, the appointment's id. "
    "An Answer or a person can have an address of its own, which is used instead.",
    default="",
    field=room_setting_field(),
)
SERVERS = Setting(
    key="calls.room_servers",
    page=Page.CALLS,
    label="Allowed room servers",
    help="Video rooms can be on these servers and their subdomains only, for example "
    "meet.bank.example, zoom.us. If empty, all servers are allowed.",
    default=(),
    field=servers_setting_field(),
    changeable_by=frozenset({Role.SUPER_ADMIN}),
)
TOKEN_SECRET = Setting(
    key="calls.token_secret",
    page=Page.CALLS,
    label="Room token secret",
    help="Signs the {token} in room addresses (JWT, HS256). The room's server has the "
    "same secret, at least 32 characters; Jitsi calls it app_secret.",
    default="",
    field=token_secret_setting_field(),
    changeable_by=frozenset({Role.SUPER_ADMIN}),
)
TOKEN_ISSUER = Setting(
    key="calls.token_issuer",
    page=Page.CALLS,
    label="Room token issuer",
    help="The claim iss of room tokens, which the room's server expects. Jitsi calls "
    "it app_id.",
    default="invo-booking",
    field=line_setting_field(120),
)
TOKEN_AUDIENCE = Setting(
    key="calls.token_audience",
    page=Page.CALLS,
    label="Room token audience",
    help="The claim aud of room tokens, which the room's server expects.",
    default="jitsi",
    field=line_setting_field(120),
)
TOKEN_SUBJECT = Setting(
    key="calls.token_subject",
    page=Page.CALLS,
    label="Room token subject",
    help="The claim sub of room tokens: Jitsi's domain or tenant. If empty, the name "
    "of the room's server is used.",
    default="",
    field=line_setting_field(120),
)
PHONE_CALLER = Setting(
    key="calls.phone",
    page=Page.CALLS,
    label="Who calls at phone appointments",
    help="Pages, mails and calendar entries tell the customer who calls and at which "
    "number: the customer's, or the institution's.",
    default=PhoneCaller.BANK.value,
    field=choice_setting_field(
        {
            PhoneCaller.BANK.value: "We call the customer",
            PhoneCaller.CUSTOMER.value: "The customer calls us",
        }
    ),
)


def does_customer_call(values: Values, institution: Institution) -> bool:
    """Whether customers call the institution at phone appointments.

    Always false if the institution has no phone number.
    """
    return values[PHONE_CALLER] == PhoneCaller.CUSTOMER and bool(institution.phone)


def room_problem(values: Values, template: str) -> str:
    """Return why a room template cannot be used under the current settings.

    The result is a sentence for the person who typed the template; empty if the
    template can be used.
    """
    if problem := rooms.room_server_problem(template, values[SERVERS]):
        return problem
    if rooms.has_placeholder(template, Placeholder.TOKEN) and not values[TOKEN_SECRET]:
        return say("settings.calls.token_setting", setting=TOKEN_SECRET.label)
    return ""
