"""Routes of Answers, queues, languages and closed days."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from invo_booking.api.admin.catalogue_shapes import (
    AnswerBody,
    AnswerChangeBody,
    HolidaysBody,
    HolidaysResponse,
    InstitutionBody,
    InstitutionResponse,
    LanguageBody,
    LanguageNameBody,
    LanguagesResponse,
    ManagedAnswersResponse,
    OrderBody,
    PublicHolidaysResponse,
    QueueBody,
    QueueChangeBody,
    QueuesResponse,
    ServersBody,
)
from invo_booking.api.admin.shapes import SeenBody
from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.admin import institution
from invo_booking.usecases.admin.catalogue import answers, closures, languages, queues
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.admin.institution import InstitutionDraft

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin")
Code = Annotated[str, Path(max_length=8)]


@router.get("/answers")
def list_answers(deps: CurrentDeps, actor: CurrentActor) -> ManagedAnswersResponse:
    """List all Answers in the order customers read them, archived ones last."""
    return ManagedAnswersResponse.of(answers.answers_overview(deps, actor))


@router.post("/answers", status_code=201)
def create_answer(
    deps: CurrentDeps, actor: CurrentActor, body: AnswerBody, key: SubmitKey
) -> ManagedAnswersResponse:
    """Add an Answer at the end of the list; returns the list."""
    answers.create_answer(deps, actor, body.read_as(AnswerDraft), key=key)
    return list_answers(deps, actor)


@router.put("/answers/order")
def arrange_answers(
    deps: CurrentDeps, actor: CurrentActor, body: OrderBody
) -> ManagedAnswersResponse:
    """Set the order of the Answers; 409 `conflict` if the list changed."""
    answers.arrange_answers(deps, actor, body.order, seen=body.seen)
    return list_answers(deps, actor)


@router.put("/answers/{answer_id}")
def change_answer(
    deps: CurrentDeps, actor: CurrentActor, answer_id: UUID, body: AnswerChangeBody
) -> ManagedAnswersResponse:
    """Change an Answer; 409 `conflict` if `version` is old.

    409 `displaces_appointments` lists the video calls whose customers were mailed
    another way to join; send each id in `keep` to mail them and continue.
    """
    answers.change_answer(
        deps,
        actor,
        answer_id,
        body.read_as(AnswerDraft),
        version=body.version,
        dispositions=body.dispositions,
    )
    return list_answers(deps, actor)


@router.post("/answers/{answer_id}/archive")
def archive_answer(
    deps: CurrentDeps, actor: CurrentActor, answer_id: UUID, seen: SeenBody
) -> ManagedAnswersResponse:
    """Archive an Answer; its appointments stay as they are."""
    answers.archive_answer(deps, actor, answer_id, version=seen.version)
    return list_answers(deps, actor)


@router.post("/answers/{answer_id}/restore")
def restore_answer(
    deps: CurrentDeps, actor: CurrentActor, answer_id: UUID, seen: SeenBody
) -> ManagedAnswersResponse:
    """Restore an archived Answer at the end, not schedulable yet."""
    answers.restore_answer(deps, actor, answer_id, version=seen.version)
    return list_answers(deps, actor)


@router.get("/queues")
def list_queues(deps: CurrentDeps, actor: CurrentActor) -> QueuesResponse:
    """List all queues with their contents."""
    return QueuesResponse.of(queues.queues_overview(deps, actor))


@router.post("/queues", status_code=201)
def create_queue(
    deps: CurrentDeps, actor: CurrentActor, body: QueueBody, key: SubmitKey
) -> QueuesResponse:
    """Add a queue; `assignment` is `unassigned`, `fewest` or `chosen`."""
    queues.create_queue(deps, actor, _queue_draft_of(body), key=key)
    return list_queues(deps, actor)


@router.put("/queues/{queue_id}")
def change_queue(
    deps: CurrentDeps, actor: CurrentActor, queue_id: UUID, body: QueueChangeBody
) -> QueuesResponse:
    """Change a queue; a queue in use must stay `active`, 422 names the uses.

    409 `displaces_appointments` lists the appointments outside new opening hours; send
    each id in `keep` or `reassign` to continue.
    """
    queues.change_queue(
        deps,
        actor,
        queue_id,
        _queue_draft_of(body),
        version=body.version,
        dispositions=body.dispositions,
    )
    return list_queues(deps, actor)


def _queue_draft_of(body: QueueBody) -> QueueDraft:
    return body.read_as(QueueDraft, opening_hours=body.opening_week())


@router.put("/queues/{queue_id}/people")
def staff_queue(
    deps: CurrentDeps, actor: CurrentActor, queue_id: UUID, body: ServersBody
) -> QueuesResponse:
    """Set the people who serve a queue.

    409 `displaces_appointments` lists the appointments of people who leave; send each
    id in `keep` or `reassign` to continue.
    """
    queues.set_queue_people(
        deps,
        actor,
        queue_id,
        body.people,
        seen=body.seen,
        dispositions=body.dispositions,
    )
    return list_queues(deps, actor)


@router.get("/languages")
def list_languages(deps: CurrentDeps, actor: CurrentActor) -> LanguagesResponse:
    """List the languages on offer."""
    return LanguagesResponse.of({"languages": languages.managed_languages(deps, actor)})


@router.post("/languages", status_code=201)
def add_language(
    deps: CurrentDeps, actor: CurrentActor, body: LanguageBody, key: SubmitKey
) -> LanguagesResponse:
    """Add a language by its ISO 639-1 code."""
    languages.add_language(deps, actor, body.code, body.name, key=key)
    return list_languages(deps, actor)


@router.put("/languages/{code}")
def rename_language(
    deps: CurrentDeps, actor: CurrentActor, code: Code, body: LanguageNameBody
) -> LanguagesResponse:
    """Rename a language; 409 `conflict` if `seen` is old."""
    languages.rename_language(deps, actor, code, body.name, seen=body.seen)
    return list_languages(deps, actor)


@router.delete("/languages/{code}")
def remove_language(
    deps: CurrentDeps, actor: CurrentActor, code: Code
) -> LanguagesResponse:
    """Remove a language; 409 `conflict` names its uses."""
    languages.remove_language(deps, actor, code)
    return list_languages(deps, actor)


@router.get("/institution")
def show_institution(deps: CurrentDeps, actor: CurrentActor) -> InstitutionResponse:
    """Show the institution's details."""
    return InstitutionResponse.of(institution.managed_institution(deps, actor))


@router.put("/institution")
def change_institution(
    deps: CurrentDeps, actor: CurrentActor, body: InstitutionBody
) -> InstitutionResponse:
    """Change the institution's details; 409 `conflict` if they are old.

    409 `displaces_appointments` lists the appointments that another zone puts on a
    closed day, or that new opening hours leave outside, and those whose customers were
    mailed another number to call and are mailed again; send their ids in `keep` to
    continue.
    """
    draft = body.read_as(InstitutionDraft, opening_hours=body.opening_week())
    changed = institution.change_institution(
        deps, actor, draft, version=body.version, dispositions=body.dispositions
    )
    return InstitutionResponse.of(changed)


@router.get("/holidays")
def list_holidays(deps: CurrentDeps, actor: CurrentActor) -> HolidaysResponse:
    """List closed days from today on."""
    return HolidaysResponse.of(closures.closed_days_overview(deps, actor))


@router.get("/holidays/public")
def list_public_holidays(
    deps: CurrentDeps,
    actor: CurrentActor,
    country: Annotated[str, Query(max_length=2)],
    year: Annotated[int, Query(ge=1, le=9999)],
    part: Annotated[str, Query(max_length=40)] = "",
) -> PublicHolidaysResponse:
    """List the public holidays of a country, or of a `part` of it, to choose from."""
    holidays = closures.public_holidays(
        deps, actor, country=country, part=part, year=year
    )
    return PublicHolidaysResponse.of({"holidays": holidays})


@router.post("/holidays")
def change_holidays(
    deps: CurrentDeps, actor: CurrentActor, body: HolidaysBody
) -> HolidaysResponse:
    """Close and reopen dates, all or nothing.

    409 `displaces_appointments` lists the appointments on dates to close; send their
    ids in `keep` to leave them as they are.
    """
    close = {one.day: one.read_name() for one in body.close}
    closures.change_closed_days(
        deps, actor, close=close, reopen=body.reopen, dispositions=body.dispositions
    )
    return list_holidays(deps, actor)
