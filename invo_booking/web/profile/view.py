"""One's own account, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.usecases.accounts.profile import Browser, Profile
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext

ROLES = {
    Role.AGENT: "Agent",
    Role.BOOKING_MANAGER: "Booking manager",
    Role.MANAGER: "Manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.SUPER_ADMIN: "Super admin",
}
SCOPES = {
    TokenScope.READ: "May read",
    TokenScope.WRITE: "May read and write",
    TokenScope.ADMIN: "May read, write and administer",
}
DONE = {
    "password": "Your password is changed. All other browsers were signed out, and "
    "your tokens are revoked.",
}
TOKEN_REVOKED = "The token is revoked and works no more."  # noqa: S105  (a sentence)
PROBLEMS = {
    "token-name": "Say in a few words what the token is for. If you have 20 already, "
    "revoke one first.",
    "token-again": "This form was sent before. Look at your tokens below, then make "
    "another one if you need it.",
    "token-days": "Choose how long the token works.",
    "token-scope": "Choose what the token allows. No token was made.",
    "token-password": "This is not your present password. No token was made.",
    "token-idempotency_key": "This form cannot be used any more. Fill it in again.",
    "slow": "There were too many wrong passwords, so no token was made. Wait a few "
    "minutes, then try again.",
}


@dataclass
class BrowserView:
    """A place one is signed in."""

    key: str = ""
    name: str = ""
    seen: str = ""
    is_this: bool = False


@dataclass
class TokenView:
    """A token that acts for a person."""

    key: str = ""
    name: str = ""
    scope: str = ""
    owner: str = ""
    made: str = ""
    used: str = ""
    until: str = ""
    is_over: bool = False


@dataclass
class ProfileView:
    """Everything the page shows."""

    name: str = ""
    email: str = ""
    roles: str = ""
    queues: str = ""
    languages: str = ""
    zone: str = ""
    browsers: list[BrowserView] = field(default_factory=list[BrowserView])
    others: int = 0
    tokens: list[TokenView] = field(default_factory=list[TokenView])
    scopes: list[OptionView] = field(default_factory=list[OptionView])


def profile_view(found: Profile, viewer: ViewerContext) -> ProfileView:
    """Return the page for a reader in a zone, with the habits of a locale."""
    return ProfileView(
        name=found.name,
        email=found.email,
        roles=", ".join(ROLES[role] for role in Role if role in found.roles),
        queues=", ".join(found.queues) or "None",
        languages=", ".join(found.languages) or "None",
        zone=times.zone_label(times.zone_of(found.time_zone), viewer.now),
        browsers=[_browser_view(one, viewer) for one in found.browsers],
        others=sum(not one.is_this for one in found.browsers),
        tokens=[token_view(one, viewer) for one in found.tokens],
        scopes=scope_options(found.scopes),
    )


def _browser_view(one: Browser, viewer: ViewerContext) -> BrowserView:
    since, seen = time_text(one.created_at, viewer), time_text(one.seen_at, viewer)
    return BrowserView(
        key=one.key,
        name=f"Signed in {since} from {one.address or 'an unknown address'}",
        seen="This browser" if one.is_this else f"Last seen {seen}",
        is_this=one.is_this,
    )


def scope_options(scopes: Iterable[TokenScope]) -> list[OptionView]:
    """Return what a token may be allowed, to choose from."""
    return [OptionView(scope.value, SCOPES[scope]) for scope in scopes]


def token_view(one: ApiToken, viewer: ViewerContext, owner: str = "") -> TokenView:
    """Return a token as its owner, or an administrator, reads about it."""
    is_over = one.expires_at <= viewer.now
    until = times.short_day_with_year(viewer.day(one.expires_at), viewer.locale)
    return TokenView(
        key=one.key,
        name=one.name,
        scope=SCOPES[one.scope],
        owner=owner,
        made=f"Made {time_text(one.created_at, viewer)}",
        used=f"last used {time_text(one.used_at, viewer)}"
        if one.used_at
        else "never used",
        until=f"Expired {until}" if is_over else f"Works until {until}",
        is_over=is_over,
    )


def time_text(at: datetime, viewer: ViewerContext) -> str:
    """Return when something was, with *today* for the present day."""
    day = viewer.day(at)
    if day == viewer.today:
        return f"today, {viewer.clock(at)}"
    return f"{times.short_day(day, viewer.locale)}, {viewer.clock(at)}"
