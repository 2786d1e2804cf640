"""Create programs and renew their tokens with plain forms.

The tokens are therefore never in the pages' state.
"""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from invo_booking.api.accounts.profile import Text, read_number, read_scope
from invo_booking.api.accounts.token_page import AGAIN, TokenWords, show_token
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.accounts import programs
from invo_booking.usecases.accounts.programs import NewProgram, ProgramDraft, Renewal
from invo_booking.usecases.shared.deps import Deps

PROGRAMS_PAGE = "/programs"
_MOST_KEPT = 200
_LONGEST_QUERY = 1_900
"""Length of the longest query that a page can still read from its URL."""

ALL = "all"

router = policy_router(RoutePolicy.BROWSER_ADMIN, "/session/programs")


@router.post("", response_class=HTMLResponse)
def make_program(  # noqa: PLR0913, PLR0917  (one for each field)
    deps: CurrentDeps,
    actor: BrowserActor,
    name: Text = "",
    contact: Text = "",
    scope: Text = "",
    days: Text = "",
    reach: Text = "",
    queue: Annotated[list[str], Form(max_length=500)] = [],  # noqa: B006  (copied)
    password: Text = "",
    submit_key: Text = "",
) -> Response:
    """Create a program, and show its token once."""
    typed = {
        "name": name,
        "contact": contact,
        "scope": scope,
        "days": days,
        "reach": reach,
        "queue": ".".join(queue),
    }

    def make() -> NewProgram:
        draft = ProgramDraft(
            name=name,
            contact=contact,
            scope=read_scope(scope),
            days=read_number(days),
            all_queues=reach == ALL,
            queues=_chosen_queues(queue),
        )
        return programs.make_program(deps, actor, draft, password, key=submit_key)

    return _show_token(deps, make, {"new": "1", **typed})


@router.post(
    "/{program_id}/token",
    response_class=HTMLResponse,
    operation_id="renew_token_by_form",
)
def renew_token(  # noqa: PLR0913, PLR0917  (one for each field)
    deps: CurrentDeps,
    actor: BrowserActor,
    program_id: UUID,
    days: Text = "",
    overlap: Text = "",
    password: Text = "",
    submit_key: Text = "",
) -> Response:
    """Create a new token for a program, and show it once."""
    renewal = Renewal(days=read_number(days), overlap=read_number(overlap))
    return _show_token(
        deps,
        lambda: programs.renew_program_token(
            deps, actor, program_id, renewal, password, key=submit_key
        ),
        {"renew": str(program_id), "days": days, "overlap": overlap},
    )


def _show_token(
    deps: Deps, make: Callable[[], NewProgram], form: dict[str, str]
) -> Response:
    """Show a new token once, or return to the form with the values that were typed."""

    def back(reason: str) -> Response:
        gone = {"error": "gone"}
        return _back_to_programs(gone if reason == AGAIN else {**form, "error": reason})

    return show_token(deps, make, _token_words, back)


def _token_words(new: NewProgram) -> TokenWords:
    return {
        "name": new.program.name,
        "secret": new.secret,
        "may": say("api.accounts_program_forms.token_scope", scope=new.program.scope),
        "until": new.token.expires_at,
        "whose": say("api.accounts_program_forms.program"),
        "back": PROGRAMS_PAGE,
        "back_to": say("api.accounts_program_forms.page"),
    }


def _chosen_queues(ids: list[str]) -> frozenset[UUID]:
    try:
        return frozenset(map(UUID, ids))
    except ValueError as error:
        sentence = say("api.accounts_program_forms.unknown_queues")
        raise InvalidInputError({"queues": sentence}) from error


def _back_to_programs(query: dict[str, str]) -> RedirectResponse:
    """Redirect to the form; leave out the queues if they make the query too long."""
    parameters = {
        name: text if name == "queue" else text[:_MOST_KEPT]
        for name, text in query.items()
        if text
    }
    if len(urlencode(parameters)) > _LONGEST_QUERY:
        parameters.pop("queue", None)
    return RedirectResponse(f"{PROGRAMS_PAGE}?{urlencode(parameters)}", status_code=303)
