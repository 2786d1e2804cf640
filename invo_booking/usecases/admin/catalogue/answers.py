"""Let administrators manage Answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import Channel
from invo_booking.domain.contact import clean_text
from invo_booking.domain.errors import ConflictError, NotFoundError
from invo_booking.domain.institution import Answer, Queue, Roster, Translations
from invo_booking.persistence.catalogue import answer_columns
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import time
from invo_booking.texts import say
from invo_booking.usecases.admin.editing import Editing, NewEntry, edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.room_drafts import room_of_draft
from invo_booking.usecases.shared import audit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.translations import Reader, clean_translations
from invo_booking.usecases.slots.availability import LONGEST_BUFFER

TITLE_LIMIT, DESCRIPTION_LIMIT, DOCUMENT_LIMIT = 120, 500, 120
MOST_DOCUMENTS = 12
TRANSLATED = ("title", "description", "documents")
"""Fields that have translations."""

LONGEST_MINUTES = 480
LONGEST_BUFFER_MINUTES = LONGEST_BUFFER // timedelta(minutes=1)
"""Maximum buffer in minutes; the slot engine examines no more time around a slot."""

KIND = "answer"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """An Answer as an administrator typed it.

    Attributes:
        duration_minutes: Length of appointments; ``None`` for the default in the
            settings.
        documents: Documents that the customer should bring; empty lines are left out.
        room: Template for the address of the video room; empty for the institution's
            template.
        translations: Title, description and documents in other languages.
    """

    title: str
    description: str = ""
    queue_id: UUID
    schedulable: bool = True
    duration_minutes: int | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...] = ()
    room: str = ""
    translations: Translations = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedAnswer:
    """An Answer as administrators see it.

    Attributes:
        live: Number of live appointments about the Answer.
        unserved: Names of the Answer's languages that no agent of its queue speaks.
    """

    answer: Answer
    queue_name: str
    language_names: tuple[str, ...]
    live: int
    unserved: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersOverview:
    """All Answers in their order, archived Answers last; choices for the form."""

    answers: tuple[ManagedAnswer, ...]
    queues: tuple[Queue, ...]
    languages: dict[str, str]
    default_minutes: int


def answers_overview(deps: Deps, actor: Actor) -> AnswersOverview:
    """Return all Answers, and the choices for the form.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        roster = work.roster
        live = Counter[UUID | None]()
        for use in work.catalogue.live_uses():
            live[use.answer_id] += use.count
        ordered = sorted(roster.answers.values(), key=lambda answer: answer.archived)
        return AnswersOverview(
            answers=tuple(_managed_answer(roster, answer, live) for answer in ordered),
            queues=tuple(roster.queues.values()),
            languages=dict(roster.languages),
            default_minutes=work.settings[time.DEFAULT_DURATION] // MINUTE,
        )


def create_answer(
    deps: Deps, actor: Actor, draft: AnswerDraft, *, key: str = ""
) -> Answer:
    """Add an Answer at the end of the list.

    Args:
        key: Idempotency key; a call with the same key returns the Answer that the first
            call created, in its current state.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: With an error message for each field that has a problem.
        IdempotencyMismatchError: If the key was used with different data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work

        def create() -> NewEntry[Answer]:
            answer = _check_answer_draft(work, draft, uuid4(), 1)
            work.catalogue.add_answer(answer)
            return NewEntry(answer.id, answer_facts(answer), answer)

        return edit.create_once(
            key, draft, create, lambda made: work.roster.answers[UUID(made)]
        )


def change_answer(
    deps: Deps,
    actor: Actor,
    answer_id: UUID,
    draft: AnswerDraft,
    *,
    version: int,
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> Answer:
    """Change an Answer; existing appointments keep their title and length.

    If the change affects how customers join video calls, customers whose earlier mail
    is outdated get a new mail.

    Args:
        version: The version the actor saw.
        dispositions: Decisions about the live appointments whose customers get a new
            mail.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such Answer.
        ConflictError: If another person changed the Answer in the meantime.
        InvalidInputError: With an error message for each field that has a problem.
        AffectedAppointmentsError: If no decision is given for an appointment whose
            customer gets a new mail.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        before = _answer_as_seen(edit, answer_id, version)
        after = _check_answer_draft(edit.work, draft, answer_id, version)
        is_changed = edit.save_difference(
            answer_id,
            _quote_title(before),
            (answer_facts(before), answer_facts(after)),
            lambda: edit.work.catalogue.save_answer(after),
        )
        if is_changed:
            edit.settle(dispositions)
    if not is_changed:
        return before
    return replace(after, archived=before.archived, version=version + 1)


def archive_answer(deps: Deps, actor: Actor, answer_id: UUID, *, version: int) -> None:
    """Archive an Answer; its live appointments keep their title and their Answer.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such Answer.
        ConflictError: If another person changed the Answer in the meantime.
    """
    _place(deps, actor, answer_id, version, archived=True)


def restore_answer(deps: Deps, actor: Actor, answer_id: UUID, *, version: int) -> None:
    """Restore an archived Answer at the end of the list; customers cannot book it yet.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such Answer.
        ConflictError: If another person changed the Answer in the meantime.
    """
    _place(deps, actor, answer_id, version, archived=False)


def arrange_answers(
    deps: Deps, actor: Actor, order: Sequence[UUID], *, seen: Sequence[UUID]
) -> None:
    """Set the order of the Answers.

    Args:
        order: Ids of all Answers that are not archived, each once.
        seen: The order the actor saw.

    Raises:
        NotAllowedError: If the actor is no administrator.
        ConflictError: If the list of Answers changed after the actor saw it.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        now = _in_order(work.roster)
        if list(seen) != now or sorted(order) != sorted(now):
            raise ConflictError(say("catalogue.answers.order_changed"))
        if list(order) == now:
            return
        work.catalogue.arrange_answers(order)
        was, to_be = (
            {"order": [work.roster.answers[one].title for one in each]}
            for each in (now, order)
        )
        edit.record("all", was, to_be, "arranged")


def answer_facts(answer: Answer) -> dict[str, Any]:
    """Return an Answer's fields for the audit log."""
    return {**answer_columns(answer), "queue_id": str(answer.queue_id)}


def _managed_answer(
    roster: Roster, answer: Answer, live: Counter[UUID | None]
) -> ManagedAnswer:
    names = roster.languages
    served = {
        language
        for agent in roster.agents
        if answer.queue_id in agent.queues
        for language in agent.languages
    }
    return ManagedAnswer(
        answer=answer,
        queue_name=roster.queue_name(answer.queue_id),
        language_names=tuple(names.get(code, code) for code in answer.languages),
        live=live[answer.id],
        unserved=tuple(
            names.get(code, code) for code in answer.languages if code not in served
        ),
    )


def _in_order(roster: Roster) -> list[UUID]:
    return [answer.id for answer in roster.answers.values() if not answer.archived]


def _place(
    deps: Deps, actor: Actor, answer_id: UUID, version: int, *, archived: bool
) -> None:
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        before = _answer_as_seen(edit, answer_id, version)
        if before.archived == archived:
            return
        if not archived:
            _refuse_double(work.roster, before)
        is_seen = work.catalogue.place_answer(answer_id, version, archived=archived)
        edit.check_seen(answer_id, _quote_title(before), is_seen=is_seen)
        what, action = (KIND, str(answer_id)), "archived" if archived else "restored"
        audit.record_change(
            work, actor, deps.now(), action, what, {"title": before.title}
        )


def _answer_as_seen(edit: Editing, answer_id: UUID, version: int) -> Answer:
    answer = edit.work.roster.answers.get(answer_id)
    if answer is None:
        raise NotFoundError(say("catalogue.answers.unknown"))
    edit.check_seen(answer_id, _quote_title(answer), is_seen=answer.version == version)
    return answer


def _quote_title(answer: Answer) -> str:
    return f"“{answer.title}”"


def _refuse_double(roster: Roster, answer: Answer) -> None:
    problems = Problems()
    _check_title(problems, roster, answer.title, answer.id)
    problems.refuse()


def _check_title(
    problems: Problems, roster: Roster, title: str, answer_id: UUID
) -> None:
    others = (
        other.title.casefold()
        for other in roster.answers.values()
        if other.id != answer_id and not other.archived
    )
    if title.casefold() in others:
        problems.add("title", say("catalogue.answers.name_in_use", title=title))


def _check_answer_draft(
    work: UnitOfWork, draft: AnswerDraft, answer_id: UUID, version: int
) -> Answer:
    problems, roster = Problems(), work.roster
    title = problems.line(
        "title", draft.title, TITLE_LIMIT, say("catalogue.answers.title_needed")
    )
    _check_title(problems, roster, title, answer_id)
    if draft.queue_id not in roster.queues:
        problems.add("queue_id", say("catalogue.answers.queue_needed"))
    answer = Answer(
        id=answer_id,
        version=version,
        title=title,
        description=_description(problems, "description", draft.description),
        queue_id=draft.queue_id,
        schedulable=draft.schedulable,
        duration=_duration(problems, draft.duration_minutes),
        buffer_before=_buffer(problems, "before", draft.buffer_before_minutes),
        buffer_after=_buffer(problems, "after", draft.buffer_after_minutes),
        languages=_languages(problems, roster, draft.languages),
        channels=tuple(channel for channel in Channel if channel in draft.channels),
        documents=_documents(problems, "documents", draft.documents),
        room=room_of_draft(problems, work.settings, draft.room, is_shared=True),
        translations=clean_translations(problems, draft.translations, _READERS),
    )
    if not answer.channels:
        problems.add("channels", say("catalogue.answers.channel_needed"))
    problems.refuse()
    return answer


def _duration(problems: Problems, minutes: int | None) -> timedelta | None:
    if minutes is None:
        return None
    number = problems.number("duration_minutes", minutes, 1, LONGEST_MINUTES)
    return number * MINUTE


def _buffer(problems: Problems, side: str, minutes: int) -> timedelta:
    field = f"buffer_{side}_minutes"
    return problems.number(field, minutes, 0, LONGEST_BUFFER_MINUTES) * MINUTE


def _languages(
    problems: Problems, roster: Roster, codes: Iterable[str]
) -> tuple[str, ...]:
    chosen = set(codes)
    if not chosen or chosen - set(roster.languages):
        problems.add("languages", say("catalogue.answers.language_needed"))
    return tuple(code for code in roster.languages if code in chosen)


def _description(problems: Problems, name: str, text: str) -> str:
    return problems.read(
        name, lambda: clean_text(text, limit=DESCRIPTION_LIMIT, lines=True), ""
    )


def _documents(
    problems: Problems, name: str, documents: Iterable[str]
) -> tuple[str, ...]:
    names = [problems.line(name, one, DOCUMENT_LIMIT) for one in documents]
    unique = tuple(dict.fromkeys(filter(None, names)))
    if len(unique) > MOST_DOCUMENTS:
        problems.add(
            name,
            say("catalogue.answers.too_many_documents", most_documents=MOST_DOCUMENTS),
        )
    return unique


def _document_lines(problems: Problems, name: str, text: str) -> str:
    return "\n".join(_documents(problems, name, text.splitlines()))


_READERS: dict[str, Reader | int] = {
    "title": TITLE_LIMIT,
    "description": _description,
    "documents": _document_lines,
}
