"""One's own account, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.texts import say
from invo_booking.usecases.accounts.profile import Browser, Profile
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext

ROLES = {
    Role.AGENT: "roles.agent",
    Role.BOOKING_MANAGER: "roles.booking_manager",
    Role.MANAGER: "roles.manager",
    Role.ADMINISTRATOR: "roles.administrator",
    Role.SUPER_ADMIN: "roles.super_admin",
}
SCOPES = {
    TokenScope.READ: "tokens.scope.read",
    TokenScope.WRITE: "tokens.scope.write",
    TokenScope.ADMIN: "tokens.scope.admin",
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


def profile_view(profile: Profile, viewer: ViewerContext) -> ProfileView:
    """Return the page for a reader in a zone, with the habits of a locale."""
    return ProfileView(
        name=profile.name,
        email=profile.email,
        roles=", ".join(say(ROLES[role]) for role in Role if role in profile.roles),
        queues=", ".join(profile.queues) or say("profile.person.none"),
        languages=", ".join(profile.languages) or say("profile.person.none"),
        zone=times.zone_label(times.browser_zone_of(profile.time_zone), viewer.now),
        browsers=[_browser_view(one, viewer) for one in profile.browsers],
        others=sum(not one.is_this for one in profile.browsers),
        tokens=[profile_token_view(one, viewer) for one in profile.tokens],
        scopes=profile_token_scope_options(profile.scopes),
    )


def _browser_view(one: Browser, viewer: ViewerContext) -> BrowserView:
    since, seen = (
        profile_time_text(one.created_at, viewer),
        profile_time_text(one.seen_at, viewer),
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


def profile_token_scope_options(scopes: Iterable[TokenScope]) -> list[OptionView]:
    """Return what a token may be allowed, to choose from."""
    return [OptionView(scope.value, say(SCOPES[scope])) for scope in scopes]


def profile_token_view(
    one: ApiToken, viewer: ViewerContext, owner: str = ""
) -> TokenView:
    """Return a token as its owner, or an administrator, reads about it."""
    is_over = one.expires_at <= viewer.now
    until = times.short_day_text_with_year(viewer.day(one.expires_at), viewer.locale)
    return TokenView(
        key=one.key,
        name=one.name,
        scope=say(SCOPES[one.scope]),
        owner=owner,
        made=say("tokens.made", time_text=profile_time_text(one.created_at, viewer)),
        used=say("tokens.last_used", time_text=profile_time_text(one.used_at, viewer))
        if one.used_at
        else say("tokens.never_used"),
        until=say("tokens.expired", until=until)
        if is_over
        else say("tokens.works_until", until=until),
        is_over=is_over,
    )


def profile_time_text(at: datetime, viewer: ViewerContext) -> str:
    """Return when something was, with *today* for the present day."""
    day = viewer.day(at)
    if day == viewer.today:
        return say("kit.times.today", time=viewer.clock(at))
    return f"{times.short_day_text(day, viewer.locale)}, {viewer.clock(at)}"
