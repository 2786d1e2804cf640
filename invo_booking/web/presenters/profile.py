"""One's own account, in words."""

from dataclasses import dataclass, field
from datetime import datetime

from invo_booking.domain.roles import Role
from invo_booking.persistence.tokens import ApiToken
from invo_booking.usecases.profile import Browser, Profile
from invo_booking.web.presenters import times
from invo_booking.web.presenters.staff import Eyes

ROLES = {
    Role.AGENT: "Agent",
    Role.BOOKING_MANAGER: "Booking manager",
    Role.MANAGER: "Manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.SUPER_ADMIN: "Super admin",
}
DONE = {
    "password": "Your password is changed. All other browsers were signed out, and "
    "your tokens work no more.",
}
PROBLEMS = {
    "token-name": "Say in a few words what the token is for. If you have 20 already, "
    "revoke one first.",
    "token-again": "This form was sent before. Look at your tokens below, then make "
    "another one if you need it.",
    "token-days": "Choose how long the token works.",
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
    """A token of a program."""

    key: str = ""
    name: str = ""
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


def profile_view(found: Profile, eyes: Eyes) -> ProfileView:
    """Return the page for somebody in a zone, with the habits of a locale."""
    return ProfileView(
        name=found.name,
        email=found.email,
        roles=", ".join(ROLES[role] for role in Role if role in found.roles),
        queues=", ".join(found.queues) or "None",
        languages=", ".join(found.languages) or "None",
        zone=times.zone_label(times.zone_of(found.time_zone), eyes.now),
        browsers=[_browser(one, eyes) for one in found.browsers],
        others=sum(not one.is_this for one in found.browsers),
        tokens=[_token(one, eyes) for one in found.tokens],
    )


def _browser(one: Browser, eyes: Eyes) -> BrowserView:
    since, seen = _moment(one.created_at, eyes), _moment(one.seen_at, eyes)
    return BrowserView(
        key=one.key,
        name=f"Signed in {since} from {one.address or 'an unknown address'}",
        seen="This browser" if one.is_this else f"Last seen {seen}",
        is_this=one.is_this,
    )


def _token(one: ApiToken, eyes: Eyes) -> TokenView:
    is_over = one.expires_at <= eyes.now
    until = times.short_day(eyes.day(one.expires_at), eyes.locale)
    return TokenView(
        key=one.key,
        name=one.name,
        made=f"Made {_moment(one.created_at, eyes)}",
        used=f"last used {_moment(one.used_at, eyes)}" if one.used_at else "never used",
        until=f"Expired {until}" if is_over else f"Works until {until}",
        is_over=is_over,
    )


def _moment(at: datetime, eyes: Eyes) -> str:
    day = eyes.day(at)
    if day == eyes.today:
        return f"today, {eyes.clock(at)}"
    return f"{times.short_day(day, eyes.locale)}, {eyes.clock(at)}"
