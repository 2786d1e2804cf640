"""Let administrators manage programs and everybody's tokens, at a browser only."""

from uuid import UUID

from starlette.responses import Response

from invo_booking.api.admin.programs_shapes import (
    NewProgramTokenResponse,
    OwnedTokenResponse,
    ProgramBody,
    ProgramResponse,
    RenewalBody,
    TokenKey,
)
from invo_booking.api.core.policy import BrowserActor, CurrentDeps, RoutePolicy, door
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.usecases.accounts.programs import ProgramDraft, Renewal

router = door(RoutePolicy.BROWSER_ADMIN, "/api/v1/admin")


@router.get("/programs")
def list_programs(deps: CurrentDeps, actor: BrowserActor) -> list[ProgramResponse]:
    """List programs, those in use first, with their tokens that still work."""
    return list(
        map(ProgramResponse.of, programs.programs_overview(deps, actor).programs)
    )


@router.post("/programs", status_code=201)
def make_program(
    deps: CurrentDeps, actor: BrowserActor, wanted: ProgramBody, key: SubmitKey
) -> NewProgramTokenResponse:
    """Make a program; answers with its token, shown this once."""
    draft = wanted.read_as(ProgramDraft)
    made = programs.make_program(deps, actor, draft, wanted.password, key=key)
    return NewProgramTokenResponse.of(made)


@router.post("/programs/{program_id}/token", status_code=201)
def renew_program_token(
    deps: CurrentDeps,
    actor: BrowserActor,
    program_id: UUID,
    wanted: RenewalBody,
    key: SubmitKey,
) -> NewProgramTokenResponse:
    """Make a new token; the former one goes on working for `overlap` days."""
    renewal = wanted.read_as(Renewal)
    made = programs.renew_program_token(
        deps, actor, program_id, renewal, wanted.password, key=key
    )
    return NewProgramTokenResponse.of(made)


@router.post("/programs/{program_id}/revoke", status_code=204, response_class=Response)
def revoke_program(
    deps: CurrentDeps, actor: BrowserActor, program_id: UUID
) -> Response:
    """Take a program and its tokens out of use, at once and for good."""
    programs.revoke_program(deps, actor, program_id)
    return Response(status_code=204)


@router.get("/tokens")
def list_everybodys_tokens(
    deps: CurrentDeps, actor: BrowserActor
) -> list[OwnedTokenResponse]:
    """List the tokens that act for people, and whose they are."""
    found = tokens.all_api_tokens(deps, actor)
    return [OwnedTokenResponse.of(it.token, owner=it.owner) for it in found]


@router.delete("/tokens/{key}", status_code=204, response_class=Response)
def revoke_anybodys_token(
    deps: CurrentDeps, actor: BrowserActor, key: TokenKey
) -> Response:
    """Revoke anybody's token, at once and for good."""
    tokens.revoke_any_api_token(deps, actor, key)
    return Response(status_code=204)
