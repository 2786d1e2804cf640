"""Describe API tokens of people and programs in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.texts import say
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext

SCOPES = {
    TokenScope.READ: "tokens.scope.read",
    TokenScope.WRITE: "tokens.scope.write",
    TokenScope.ADMIN: "tokens.scope.admin",
}


@dataclass
class TokenView:
    """An API token of a person or a program."""

    key: str = ""
    name: str = ""
    scope: str = ""
    owner: str = ""
    made: str = ""
    used: str = ""
    until: str = ""
    is_over: bool = False


def token_scope_options(scopes: Iterable[TokenScope]) -> list[OptionView]:
    """Return token scopes as options."""
    return [OptionView(scope.value, say(SCOPES[scope])) for scope in scopes]


def token_view(one: ApiToken, viewer: ViewerContext, owner: str = "") -> TokenView:
    """Return a token as shown to its owner or to an administrator."""
    is_over = one.expires_at <= viewer.now
    until = times.short_day_text_with_year(viewer.day(one.expires_at), viewer.locale)
    return TokenView(
        key=one.key,
        name=one.name,
        scope=say(SCOPES[one.scope]),
        owner=owner,
        made=say("tokens.made", time_text=time_of_use_text(one.created_at, viewer)),
        used=say("tokens.last_used", time_text=time_of_use_text(one.used_at, viewer))
        if one.used_at
        else say("tokens.never_used"),
        until=say("tokens.expired", until=until)
        if is_over
        else say("tokens.works_until", until=until),
        is_over=is_over,
    )


def time_of_use_text(at: datetime, viewer: ViewerContext) -> str:
    """Return date and time of an instant; the current date is written as *today*."""
    day = viewer.day(at)
    if day == viewer.today:
        return say("kit.times.today", time=viewer.clock(at))
    return f"{times.short_day_text(day, viewer.locale)}, {viewer.clock(at)}"
