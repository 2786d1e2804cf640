"""Routes of people; use cases check every right."""

from typing import Annotated
from uuid import UUID

from fastapi import Body as RequestBody
from fastapi import Query

from invo_booking.api.admin.people_shapes import (
    DispositionsBody,
    NewPersonResponse,
    OwnPasswordBody,
    PeopleResponse,
    PersonBody,
    PersonChangeBody,
    PersonResponse,
    SentLinkResponse,
)
from invo_booking.api.core.policy import (
    BrowserActor,
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.submits import SubmitKey
from invo_booking.domain.access.roles import Role
from invo_booking.usecases.accounts.reauthentication import with_password
from invo_booking.usecases.admin import inviting, staffing
from invo_booking.usecases.admin.staffing import PeopleFilter

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin")
accounts = policy_router(RoutePolicy.BROWSER_ADMIN, "/api/v1/admin")
"""Routes for accounts, roles and passwords; these routes refuse tokens.

If tokens were accepted, somebody with a leaked token could gain more rights.
"""


@router.get("/people")
def list_people(  # noqa: PLR0913, PLR0917  (one for each filter)
    deps: CurrentDeps,
    actor: CurrentActor,
    name: Annotated[str, Query(max_length=120)] = "",
    role: Annotated[Role | None, Query()] = None,
    queue: Annotated[UUID | None, Query()] = None,
    language: Annotated[str, Query(max_length=8)] = "",
    active: Annotated[bool | None, Query()] = None,
) -> PeopleResponse:
    """List people by name; all given filters must match."""
    people_filter = PeopleFilter(
        name=name, role=role, queue_id=queue, language=language, active=active
    )
    people = people_filter.among(staffing.people_overview(deps, actor).people)
    return PeopleResponse.of({"people": people})


@accounts.post("/people", status_code=201)
def create_person(
    deps: CurrentDeps, actor: BrowserActor, body: PersonBody, key: SubmitKey
) -> NewPersonResponse:
    """Create a person; a mail invites them to set their own password.

    `invited` is false if no mail server is set up: an administrator then gets a link to
    hand over in the browser. Without `hours`, the person works during the opening hours
    of the only branch, else of the institution.
    """
    who = with_password(deps, actor, body.password)
    person = staffing.create_person(
        deps,
        who,
        body.as_draft(),
        key=key,
        works_when_open="hours" not in body.model_fields_set,
    )
    return NewPersonResponse.of(person)


@router.get("/people/{person_id}")
def show_person(
    deps: CurrentDeps, actor: CurrentActor, person_id: UUID
) -> PersonResponse:
    """Show a person with hours, exceptions and time off."""
    return PersonResponse.of(staffing.person_file(deps, actor, person_id))


@accounts.put("/people/{person_id}")
def change_person(
    deps: CurrentDeps, actor: BrowserActor, person_id: UUID, body: PersonChangeBody
) -> PersonResponse:
    """Change a person; 409 `conflict` if `version` is old.

    409 `displaces_appointments` lists the affected live appointments; send each id in
    `keep`, or in `reassign` if it has `instead`, to continue.
    """
    saved = staffing.save_person(
        deps,
        with_password(deps, actor, body.password),
        person_id,
        body.as_draft(),
        version=body.version,
        dispositions=body.dispositions,
    )
    return PersonResponse.of(saved)


@accounts.post("/people/{person_id}/disable")
def disable_person(
    deps: CurrentDeps, actor: BrowserActor, person_id: UUID, seen: DispositionsBody
) -> PersonResponse:
    """Disable a person and end their sessions; appointments as for a change."""
    return _set_active(deps, actor, person_id, seen, active=False)


@accounts.post("/people/{person_id}/enable")
def enable_person(
    deps: CurrentDeps, actor: BrowserActor, person_id: UUID, seen: DispositionsBody
) -> PersonResponse:
    """Enable a person."""
    return _set_active(deps, actor, person_id, seen, active=True)


@accounts.post("/people/{person_id}/link", status_code=202)
def send_link(
    deps: CurrentDeps,
    actor: BrowserActor,
    person_id: UUID,
    key: SubmitKey,
    body: Annotated[OwnPasswordBody | None, RequestBody()] = None,
) -> SentLinkResponse:
    """Mail a person a link to set their own password; earlier links end.

    It works once, for 72 hours; five links can be sent within a day.
    """
    who = with_password(deps, actor, body.password) if body else actor
    sent_to = inviting.send_password_link(deps, who, person_id, key=key)
    return SentLinkResponse(sent_to=sent_to)


def _set_active(
    deps: CurrentDeps,
    actor: BrowserActor,
    person_id: UUID,
    seen: DispositionsBody,
    *,
    active: bool,
) -> PersonResponse:
    saved = staffing.set_person_active(
        deps,
        with_password(deps, actor, seen.password),
        person_id,
        active=active,
        version=seen.version,
        dispositions=seen.dispositions,
    )
    return PersonResponse.of(saved)
