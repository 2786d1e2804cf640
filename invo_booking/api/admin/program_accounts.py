"""Routes of programs and all tokens, for administrators at a browser only."""

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
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.usecases.accounts.programs import ProgramDraft, Renewal

router = policy_router(RoutePolicy.BROWSER_ADMIN, "/api/v1/admin")


@router.get("/programs")
def list_programs(deps: CurrentDeps, actor: BrowserActor) -> list[ProgramResponse]:
    """List programs with their valid tokens, those in use first."""
    return list(
        map(ProgramResponse.of, programs.programs_overview(deps, actor).programs)
    )


@router.post("/programs", status_code=201)
def make_program(
    deps: CurrentDeps, actor: BrowserActor, body: ProgramBody, key: SubmitKey
) -> NewProgramTokenResponse:
    """Create a program; returns its token, which is shown once."""
    draft = body.read_as(ProgramDraft)
    program = programs.make_program(deps, actor, draft, body.password, key=key)
    return NewProgramTokenResponse.of(program)


@router.post("/programs/{program_id}/token", status_code=201)
def renew_program_token(
    deps: CurrentDeps,
    actor: BrowserActor,
    program_id: UUID,
    body: RenewalBody,
    key: SubmitKey,
) -> NewProgramTokenResponse:
    """Create a new token; the previous one stays valid for `overlap` days."""
    renewal = body.read_as(Renewal)
    program = programs.renew_program_token(
        deps, actor, program_id, renewal, body.password, key=key
    )
    return NewProgramTokenResponse.of(program)


@router.post("/programs/{program_id}/revoke", status_code=204, response_class=Response)
def revoke_program(
    deps: CurrentDeps, actor: BrowserActor, program_id: UUID
) -> Response:
    """Revoke a program and its tokens, immediately and permanently."""
    programs.revoke_program(deps, actor, program_id)
    return Response(status_code=204)


@router.get("/tokens")
def list_everybodys_tokens(
    deps: CurrentDeps, actor: BrowserActor
) -> list[OwnedTokenResponse]:
    """List the tokens of people with their owners."""
    rows = tokens.all_api_tokens(deps, actor)
    return [OwnedTokenResponse.of(it.token, owner=it.owner) for it in rows]


@router.delete("/tokens/{key}", status_code=204, response_class=Response)
def revoke_anybodys_token(
    deps: CurrentDeps, actor: BrowserActor, key: TokenKey
) -> Response:
    """Revoke any person's token, immediately and permanently."""
    tokens.revoke_any_api_token(deps, actor, key)
    return Response(status_code=204)
