"""Build the URLs of video calls from templates, and the claims of their tokens.

A template is an https URL with placeholders, such as
``https://meet.bank.example/{appointment}?jwt={token}``. Placeholders are allowed in the
path, the query and the fragment, not in the server's name. The values inserted are
percent-encoded, so that a person's name cannot change the meaning of the URL.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from invo_booking.domain import contact
from invo_booking.texts import say

LONGEST_TEMPLATE = 500
LONGEST_ADDRESS = 4_000
"""Most characters of a URL with all its values; a token has about 600 characters."""

MOST_SERVERS = 20

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})+", re.ASCII)
_HOLE = re.compile(r"\{([^{}]*)\}")
_UNUSABLE = re.compile(r"[\s<>\"'`\\^|]|[^!-~]")
_EXAMPLE_ROOM = "5d41402abc4b2a76b9719d911017c592"


class RoomRole(StrEnum):
    """The role of a person in a call; the value of the placeholder ``{role}``."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Placeholder(StrEnum):
    """Names of placeholders, which templates contain in braces."""

    APPOINTMENT = "appointment"
    """The room's name, which nobody can guess."""

    NAME = "name"
    ROLE = "role"
    TOKEN = "token"  # noqa: S105  # the name of a placeholder

    REFERENCE = "reference"
    """The appointment's id, as in the API; it gives no access to the room."""

    AGENT = "agent"
    """Name of the agent; empty while the appointment has no agent."""

    LANGUAGE = "language"
    """ISO 639-1 code of the language of the appointment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomVisitor:
    """A person who enters a room.

    Attributes:
        id: Id of the visitor, the same whenever the person enters this appointment's
            room, and different in every other room.
        name: The name that others in the room see.
    """

    id: str
    role: RoomRole
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStay:
    """A visitor's right to enter a room.

    Attributes:
        room: The room's name.
        opens_at: From when on the visitor may enter, in UTC.
        ends_at: Until when the visitor may enter, in UTC, exclusive.
        reference: Id of the appointment.
        agent: Name of the appointment's agent; empty while there is no agent.
        language: Language of the appointment, ISO 639-1.
    """

    room: str
    visitor: RoomVisitor
    opens_at: datetime
    ends_at: datetime
    reference: str = ""
    agent: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenParties:
    """Claims that must have the values configured at the video server.

    Attributes:
        issuer: Claim ``iss``; the ``app_id`` of Jitsi.
        audience: Claim ``aud``.
        subject: Claim ``sub``; the domain or tenant of Jitsi.
    """

    issuer: str
    audience: str
    subject: str


def clean_room_template(text: str, *, is_shared: bool) -> str:
    """Return a template as it is stored; empty if no template was typed.

    Args:
        text: As typed.
        is_shared: Whether many appointments at the same time use the template, so that
            each needs a room of its own.

    Raises:
        ValueError: If the template is invalid; the message can be shown beside the
            field.
    """
    typed = contact.without_marks(text).strip()
    if not typed:
        return ""
    if problem := _template_problem(typed, is_shared=is_shared):
        raise ValueError(problem)
    return typed


def clean_room_servers(text: str) -> tuple[str, ...]:
    """Return the server names in a comma-separated list, sorted.

    Raises:
        ValueError: If a name is invalid; the message can be shown beside the field.
    """
    typed = contact.plain_text(text[: _longest_list()]).lower().split(",")
    names = sorted({name.strip().rstrip(".") for name in typed} - {""})
    if wrong := next((it for it in names if not _NAME.fullmatch(it)), ""):
        raise ValueError(
            f"“{wrong[:60]}” is not a server's name. Enter names such as "
            "meet.bank.example, with commas between them."
        )
    if len(names) > MOST_SERVERS:
        raise ValueError(f"Enter at most {MOST_SERVERS} servers.")
    return tuple(names)


def room_server_problem(template: str, allowed: Collection[str]) -> str:
    """Return why a template's server is not allowed; empty if the server is allowed.

    Args:
        template: A template as ``clean_room_template`` returns it; may be empty.
        allowed: Names of the allowed servers, whose subdomains are allowed as well;
            empty to allow all servers.
    """
    host = room_server(template)
    parts = host.split(".")
    names = {".".join(parts[first:]) for first in range(len(parts))}
    if not (host and allowed) or names & set(allowed):
        return ""
    return say(
        "rules.rooms.server_not_allowed",
        host=host,
        list=", ".join(sorted(allowed)),
    )


def room_server(template: str) -> str:
    """Return the server's name in a template; empty for an empty template."""
    return urlsplit(template).hostname or ""


def has_placeholder(template: str, name: Placeholder) -> bool:
    """Whether a template contains a placeholder."""
    return f"{{{name}}}" in template


def fill_room_template(template: str, stay: RoomStay, token: str) -> str:
    """Return the URL at which a visitor enters the room."""
    values = {
        Placeholder.APPOINTMENT: stay.room,
        Placeholder.NAME: stay.visitor.name,
        Placeholder.ROLE: stay.visitor.role.value,
        Placeholder.TOKEN: token,
        Placeholder.REFERENCE: stay.reference,
        Placeholder.AGENT: stay.agent,
        Placeholder.LANGUAGE: stay.language,
    }
    return _HOLE.sub(
        lambda hole: quote(values[Placeholder(hole[1])], safe=""), template
    )


def room_example(template: str) -> str:
    """Return an example of the URLs that a template produces."""
    words = {
        Placeholder.APPOINTMENT: _EXAMPLE_ROOM,
        Placeholder.NAME: "Ana%20Gomez",
        Placeholder.ROLE: RoomRole.CUSTOMER.value,
        Placeholder.TOKEN: "eyJhbGciOi…",
        Placeholder.REFERENCE: "6d1c52a0-3f0b-4c56-9a35-0d1c8a7f2b01",
        Placeholder.AGENT: "Marcus%20Bell",
        Placeholder.LANGUAGE: "en",
    }
    return _HOLE.sub(lambda hole: words[Placeholder(hole[1])], template)


def room_claims(stay: RoomStay, parties: TokenParties, now: datetime) -> dict[str, Any]:
    """Return the claims of a visitor's token.

    The names are those of Jitsi Meet's token authentication
    (https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md); instants are
    seconds since 1970 (RFC 7519 section 2). Agents are moderators, customers are not.
    """
    is_agent = stay.visitor.role is RoomRole.AGENT
    return {
        "iss": parties.issuer,
        "aud": parties.audience,
        "sub": parties.subject,
        "room": stay.room,
        "iat": _seconds(now),
        "nbf": _seconds(stay.opens_at),
        "exp": _seconds(stay.ends_at),
        "moderator": is_agent,
        "context": {
            "user": {
                "id": stay.visitor.id,
                "name": stay.visitor.name,
                "affiliation": "owner" if is_agent else "member",
                "moderator": is_agent,
            }
        },
    }


def _template_problem(typed: str, *, is_shared: bool) -> str:
    if len(typed) > LONGEST_TEMPLATE:
        return say("rules.rooms.too_long", longest_template=LONGEST_TEMPLATE)
    if not typed.lower().startswith("https://"):
        return say("rules.rooms.https_needed")
    if _UNUSABLE.search(typed):
        return say("rules.rooms.bad_characters")
    return _server_problem(typed) or _placeholder_problem(typed, is_shared=is_shared)


def _server_problem(typed: str) -> str:
    try:
        parts = urlsplit(typed)
        is_usable = parts.port != 0
    except ValueError:
        return say("rules.rooms.not_address")
    if "@" in parts.netloc:
        return say("rules.rooms.no_credentials")
    if "{" in parts.netloc or "}" in parts.netloc:
        return say("rules.rooms.placeholder_in_host")
    if not (is_usable and _NAME.fullmatch(parts.hostname or "")):
        return say("rules.rooms.full_host_needed")
    return ""


def _placeholder_problem(typed: str, *, is_shared: bool) -> str:
    known = [it.value for it in Placeholder]
    listed = ", ".join(f"{{{name}}}" for name in known)
    names = _HOLE.findall(typed)
    if wrong := [name for name in names if name not in known]:
        return say(
            "rules.rooms.unknown_placeholder", wrong=wrong[0][:40], listed=listed
        )
    if re.search(r"[{}]", _HOLE.sub("", typed)):
        return say("rules.rooms.bad_braces", listed=listed)
    if Placeholder.APPOINTMENT in names:
        return ""
    if is_shared:
        return say("rules.rooms.appointment_needed")
    if Placeholder.TOKEN in names:
        return say("rules.rooms.token_needs_appointment")
    return ""


def _longest_list() -> int:
    return MOST_SERVERS * 256


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
