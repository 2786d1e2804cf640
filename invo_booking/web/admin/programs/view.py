"""Describe programs and everybody's tokens in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from invo_booking.domain.access.scopes import PROGRAM_SCOPES
from invo_booking.domain.access.tokens import ProgramToken
from invo_booking.texts import say
from invo_booking.usecases.accounts.programs import (
    LIFETIMES,
    OVERLAPS,
    UNTIL_REVOKED,
    ManagedProgram,
    ProgramsOverview,
)
from invo_booking.usecases.accounts.tokens import OwnedToken
from invo_booking.web.core import routes
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext
from invo_booking.web.profile.view import (
    SCOPES,
    TokenView,
    scope_options,
    time_text,
    token_view,
)

GONE = "This program is not in use any more."
SLOW = "Too many attempts. Wait a few minutes, then try again."
ERRORS = {
    "name": "Give it a name of at most 80 characters that no other program in use "
    "has. At most 50 programs may be in use.",
    "contact": "Enter who is responsible for it, in at most 200 characters.",
    "scope": "Choose what it may do.",
    "days": "Choose how long the token works.",
    "overlap": "Choose how long the former token works.",
    "queues": "Choose among the queues on offer.",
    "password": "This is not your present password. Nothing was made.",
}


@dataclass
class ProgramRowView:
    """One line of the list of programs.

    Attributes:
        renewing: Where its token is renewed; empty if it is out of use.
    """

    id: str = ""
    name: str = ""
    contact: str = ""
    scope: str = ""
    queues: str = ""
    tokens: str = ""
    used: str = ""
    made: str = ""
    is_in_use: bool = True
    renewing: str = ""


@dataclass
class ProgramForm:
    """First values of the form for a new program, or of that for a new token.

    Attributes:
        action: Where the form is posted.
        is_new: Whether it is for a new program.
    """

    heading: str = ""
    action: str = routes.SESSION_PROGRAMS
    is_new: bool = True
    name: str = ""
    contact: str = ""
    scope: str = PROGRAM_SCOPES[-1].value
    days: str = "365"
    queues: list[OptionView] = field(default_factory=list[OptionView])


SCOPE_OPTIONS = scope_options(PROGRAM_SCOPES)
DAYS_OPTIONS = [
    OptionView(str(it), "Until it is revoked" if it == UNTIL_REVOKED else f"{it} days")
    for it in reversed(LIFETIMES)
]
OVERLAP_OPTIONS = [
    OptionView(str(it), {0: "Not at all", 1: "1 more day"}.get(it, f"{it} more days"))
    for it in OVERLAPS
]


def program_rows(desk: ProgramsOverview, viewer: ViewerContext) -> list[ProgramRowView]:
    """Return the lines of the list, those in use first."""
    return [_program_row(program, desk.queues, viewer) for program in desk.programs]


def token_rows(tokens: Iterable[OwnedToken], viewer: ViewerContext) -> list[TokenView]:
    """Return everybody's tokens, the newest first."""
    return [token_view(it.token, viewer, it.owner) for it in tokens]


def form_of(desk: ProgramsOverview, query: Mapping[str, str]) -> ProgramForm | None:
    """Return the form an address asks for; ``None`` for the list."""
    if "new" in query:
        return _new_form(desk, query)
    in_use = {
        str(it.account.id): it.account
        for it in desk.programs
        if it.account.revoked_at is None
    }
    account = in_use.get(query.get("renew", ""))
    if account is None:
        return None
    return ProgramForm(
        heading=f"New token for {account.name}",
        action=f"{routes.SESSION_PROGRAMS}/{account.id}/token",
        is_new=False,
    )


def form_problem(query: Mapping[str, str]) -> str:
    """Return why a form was refused that is not about one of its fields."""
    return {"gone": GONE, "slow": SLOW}.get(query.get("error", ""), "")


def form_errors(query: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence beside the field that was refused."""
    name = query.get("error", "")
    return {name: ERRORS[name]} if name in ERRORS else {}


def _new_form(desk: ProgramsOverview, query: Mapping[str, str]) -> ProgramForm:
    blank = ProgramForm()
    return ProgramForm(
        heading="New program",
        name=query.get("name", ""),
        contact=query.get("contact", ""),
        scope=query.get("scope", blank.scope),
        days=query.get("days", blank.days),
        queues=[OptionView(str(key), name) for key, name in desk.queues.items()],
    )


def _program_row(
    program: ManagedProgram, queues: Mapping[UUID, str], viewer: ViewerContext
) -> ProgramRowView:
    account, used = program.account, program.used_at
    names = sorted(queues[it] for it in account.queues if it in queues)
    is_in_use = account.revoked_at is None
    return ProgramRowView(
        id=str(account.id),
        name=account.name,
        contact=account.contact,
        scope=say(SCOPES[account.scope]),
        queues=", ".join(names) or ("No queue on offer" if account.queues else "All"),
        tokens=". ".join(_token_text(it, viewer) for it in program.tokens)
        or "No token works; renew it",
        used=time_text(used, viewer) if used else "Never",
        made=f"{time_text(account.created_at, viewer)}, by {account.created_by}",
        is_in_use=is_in_use,
        renewing=f"{routes.PROGRAMS}?renew={account.id}" if is_in_use else "",
    )


def _token_text(token: ProgramToken, viewer: ViewerContext) -> str:
    if token.expires_at is None:
        return "Works until it is revoked"
    day = times.short_day_with_year(viewer.day(token.expires_at), viewer.locale)
    return f"Works until {day}"
