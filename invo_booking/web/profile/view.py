"""Show a person's own account, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from invo_booking.domain.access.roles import Role
from invo_booking.texts import say
from invo_booking.usecases.accounts.profile import Browser, Profile
from invo_booking.usecases.accounts.tokens import LIFETIMES
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.tokens import (
    TokenView,
    time_of_use_text,
    token_scope_options,
    token_view,
)
from invo_booking.web.kit.text.words import ViewerContext

ROLES = {
    Role.AGENT: "roles.agent",
    Role.BOOKING_MANAGER: "roles.booking_manager",
    Role.MANAGER: "roles.manager",
    Role.ADMINISTRATOR: "roles.administrator",
    Role.SUPER_ADMIN: "roles.super_admin",
}
DONE = {
    "password": "profile.done.password",
}
PROBLEMS = {
    "token-name": "profile.problem.token_name",
    "token-again": "profile.problem.token_again",
    "token-days": "profile.problem.token_days",
    "token-scope": "profile.problem.token_scope",
    "token-password": "profile.problem.token_password",
    "token-idempotency_key": "profile.problem.token_form",
    "slow": "profile.problem.slow",
}


@dataclass
class BrowserView:
    """A session of the person in some browser."""

    key: str = ""
    name: str = ""
    seen: str = ""
    is_this: bool = False


@dataclass
class NewTokenForm:
    """Initial values of the form for a new token; after an error, the typed values."""

    name: str = ""
    scope: str = ""
    days: str = str(LIFETIMES[1])


@dataclass
class ProfileView:
    """The contents of the page."""

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


def profile_view(profile: Profile, viewer: ViewerContext) -> ProfileView:
    """Return the page in the person's zone and the formats of a locale."""
    return ProfileView(
        name=profile.name,
        email=profile.email,
        roles=", ".join(say(ROLES[role]) for role in Role if role in profile.roles),
        queues=", ".join(profile.queues) or say("profile.person.none"),
        languages=", ".join(profile.languages) or say("profile.person.none"),
        zone=times.zone_label(times.browser_zone_of(profile.time_zone), viewer.now),
        browsers=[_browser_view(one, viewer) for one in profile.browsers],
        others=sum(not one.is_this for one in profile.browsers),
        tokens=[token_view(one, viewer) for one in profile.tokens],
        scopes=token_scope_options(profile.scopes),
    )


def profile_token_form(query: Mapping[str, str]) -> NewTokenForm:
    """Return the form for a new token, with the values that the URL contains."""
    blank = NewTokenForm()
    return NewTokenForm(
        name=query.get("name", ""),
        scope=query.get("scope", ""),
        days=query.get("days", blank.days),
    )


def _browser_view(one: Browser, viewer: ViewerContext) -> BrowserView:
    since, seen = (
        time_of_use_text(one.created_at, viewer),
        time_of_use_text(one.seen_at, viewer),
    )
    return BrowserView(
        key=one.key,
        name=say(
            "profile.browsers.since",
            since=since,
            address=one.address or say("profile.browsers.unknown_address"),
        ),
        seen=say("profile.browsers.this")
        if one.is_this
        else say("profile.browsers.last_seen", seen=seen),
        is_this=one.is_this,
    )
