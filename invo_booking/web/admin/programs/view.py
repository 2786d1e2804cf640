"""Describe programs and tokens in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from invo_booking.domain.access.scopes import PROGRAM_SCOPES
from invo_booking.domain.access.tokens import ProgramToken
from invo_booking.texts import count, say
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
from invo_booking.web.kit.text.tokens import (
    SCOPES,
    TokenView,
    time_of_use_text,
    token_scope_options,
    token_view,
)
from invo_booking.web.kit.text.words import ViewerContext

GONE = say("programs.problem.gone")
SLOW = say("programs.problem.slow")
ERRORS = {
    "name": say("programs.problem.name"),
    "contact": say("programs.problem.contact"),
    "scope": say("programs.problem.scope"),
    "days": say("programs.problem.days"),
    "overlap": say("programs.problem.overlap"),
    "queues": say("programs.problem.queues"),
    "password": say("programs.problem.password"),
}


@dataclass
class ProgramRowView:
    """One row of the list of programs.

    Attributes:
        renewing: URL of the form that renews the token; empty if revoked.
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
class QueueBoxView:
    """One queue to choose, and whether its box is ticked."""

    value: str = ""
    label: str = ""
    is_on: bool = False


@dataclass
class ProgramForm:
    """Initial values of the form for a new program or a new token.

    Attributes:
        action: URL to which the form is posted.
        is_new: Whether the form is for a new program.
        reach: ``all`` or ``some`` of the queues; empty until it is chosen.
        overlap: Days for which the previous token stays valid.
    """

    heading: str = ""
    action: str = routes.SESSION_PROGRAMS
    is_new: bool = True
    name: str = ""
    contact: str = ""
    scope: str = PROGRAM_SCOPES[-1].value
    days: str = "365"
    overlap: str = "7"
    reach: str = ""
    queues: list[QueueBoxView] = field(default_factory=list[QueueBoxView])


SCOPE_OPTIONS = token_scope_options(PROGRAM_SCOPES)
DAYS_OPTIONS = [
    OptionView(
        str(it),
        say("programs.lifetime_unlimited")
        if it == UNTIL_REVOKED
        else count("tokens.lifetime", it),
    )
    for it in reversed(LIFETIMES)
]
OVERLAP_OPTIONS = [
    OptionView(
        str(it),
        count("programs.overlap.days", it) if it else say("programs.overlap.none"),
    )
    for it in OVERLAPS
]


def program_rows(
    overview: ProgramsOverview, viewer: ViewerContext
) -> list[ProgramRowView]:
    """Return the rows of the list, active programs first."""
    return [
        _program_row(program, overview.queues, viewer) for program in overview.programs
    ]


def program_token_rows(
    tokens: Iterable[OwnedToken], viewer: ViewerContext
) -> list[TokenView]:
    """Return all tokens, newest first."""
    return [token_view(it.token, viewer, it.owner) for it in tokens]


def program_form_of(
    overview: ProgramsOverview, query: Mapping[str, str]
) -> ProgramForm | None:
    """Return the form that a URL names; ``None`` for the list."""
    if "new" in query:
        return _new_form(overview, query)
    in_use = {
        str(it.account.id): it.account
        for it in overview.programs
        if it.account.revoked_at is None
    }
    account = in_use.get(query.get("renew", ""))
    if account is None:
        return None
    blank = ProgramForm()
    return ProgramForm(
        heading=say("programs.new_token", name=account.name),
        action=f"{routes.SESSION_PROGRAMS}/{account.id}/token",
        is_new=False,
        days=query.get("days", blank.days),
        overlap=query.get("overlap", blank.overlap),
    )


def program_form_problem(query: Mapping[str, str]) -> str:
    """Return why a form was refused, if the reason concerns no single field."""
    return {"gone": GONE, "slow": SLOW}.get(query.get("error", ""), "")


def program_form_errors(query: Mapping[str, str]) -> dict[str, str]:
    """Return the error messages for the refused field, and for queues to tick again.

    If very many queues were ticked, the URL of the refused form cannot list the queues,
    and they must be ticked again.
    """
    name, is_lost = query.get("error", ""), "queue" not in query
    names = [name, *(["queues"] if query.get("reach") == "some" and is_lost else [])]
    return {it: ERRORS[it] for it in names if it in ERRORS}


def _new_form(overview: ProgramsOverview, query: Mapping[str, str]) -> ProgramForm:
    blank, ticked = ProgramForm(), query.get("queue", "").split(".")
    return ProgramForm(
        heading=say("programs.new"),
        name=query.get("name", ""),
        contact=query.get("contact", ""),
        scope=query.get("scope", blank.scope),
        days=query.get("days", blank.days),
        reach=query.get("reach", ""),
        queues=[
            QueueBoxView(str(key), name, is_on=str(key) in ticked)
            for key, name in overview.queues.items()
        ],
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
        queues=", ".join(names)
        or say("programs.queues_gone" if account.queues else "programs.queues_all"),
        tokens=". ".join(_token_text(it, viewer) for it in program.tokens)
        or say("programs.no_token"),
        used=time_of_use_text(used, viewer) if used else say("programs.never_used"),
        made=say(
            "programs.made_by",
            time=time_of_use_text(account.created_at, viewer),
            who=account.created_by,
        ),
        is_in_use=is_in_use,
        renewing=f"{routes.PROGRAMS}?renew={account.id}" if is_in_use else "",
    )


def _token_text(token: ProgramToken, viewer: ViewerContext) -> str:
    if token.expires_at is None:
        return say("programs.until_revoked")
    day = times.short_day_text_with_year(viewer.day(token.expires_at), viewer.locale)
    return say("tokens.works_until", until=day)
