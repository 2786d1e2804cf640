"""Convert queues and languages for the page, and read the forms of a queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from invo_booking.domain.assignment import Mode
from invo_booking.domain.institution import Person
from invo_booking.texts import count, say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.catalogue.languages import ManagedLanguage
from invo_booking.usecases.admin.catalogue.queues import (
    ManagedQueue,
    QueueDraft,
    QueuesOverview,
)
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.web.admin.check_view import CheckView
from invo_booking.web.admin.translations import (
    translations_as_form,
    translations_of_form,
    untranslated_languages,
)
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text.names import OptionView

MODES = {
    Mode.UNASSIGNED: (
        say("queues.mode.unassigned"),
        say("queues.mode.unassigned_help"),
    ),
    Mode.FEWEST: (
        say("queues.mode.fewest"),
        say("queues.mode.fewest_help"),
    ),
    Mode.CHOSEN: (
        say("queues.mode.chosen"),
        say("queues.mode.chosen_help"),
    ),
}
PERSON = "person-"
TRANSLATED = ("name",)
"""Fields that have translations."""


@dataclass
class QueueRowView:
    """One row of the list of queues."""

    id: str = ""
    name: str = ""
    mode: str = ""
    answers: str = ""
    people: str = ""
    live: str = ""
    untranslated: str = ""
    is_open: bool = True
    href: str = ""


@dataclass
class QueueForm:
    """Initial values; a new ``key`` makes the browser fill in the form again.

    Attributes:
        people: All people who can serve the queue; empty for an inactive queue.
        seen: Ids of the people who served the queue when the form was opened.
    """

    key: str = ""
    id: str = ""
    version: int = 1
    heading: str = ""
    name: str = ""
    is_open: bool = True
    mode: str = Mode.UNASSIGNED.value
    people: list[CheckView] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    translations: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class LanguageRowView:
    """One row of the list of languages."""

    code: str = ""
    name: str = ""
    uses: str = ""
    is_used: bool = False


def queue_rows(overview: QueuesOverview) -> list[QueueRowView]:
    """Return the rows of the list of queues."""
    return [_queue_row(queue) for queue in overview.queues]


def blank_queue_form(stamp: str) -> QueueForm:
    """Return the form for a new queue."""
    return QueueForm(
        key=f"new {stamp}",
        heading=say("queues.new"),
        translations=translations_as_form({}, TRANSLATED),
    )


def queue_form_of(
    overview: QueuesOverview, queue_id: str, stamp: str
) -> QueueForm | None:
    """Return the form of a queue; ``None`` if the queue does not exist."""
    known = {str(one.queue.id): one for one in overview.queues}
    managed = known.get(queue_id)
    if managed is None:
        return None
    queue = managed.queue
    serving = {person.id for person in managed.people}
    return QueueForm(
        key=f"{queue.id} {queue.version} {stamp}",
        id=str(queue.id),
        version=queue.version,
        heading=queue.name,
        name=queue.name,
        is_open=queue.active,
        mode=queue.assignment.value,
        people=_people_checks(overview.people, serving) if queue.active else [],
        seen=[str(person_id) for person_id in serving],
        translations=translations_as_form(queue.translations, TRANSLATED),
    )


def queue_draft_of_form(form: Mapping[str, Any], opening: DrawnWeek) -> QueueDraft:
    """Return the queue that a submitted form describes."""
    modes = {mode.value: mode for mode in Mode}
    return QueueDraft(
        name=field_text(form, "name"),
        active="active" in form,
        assignment=modes.get(field_text(form, "assignment"), Mode.UNASSIGNED),
        opening_hours=opening,
        translations=translations_of_form(form, TRANSLATED),
    )


def ticked_queue_people(form: Mapping[str, Any]) -> list[UUID]:
    """Return the ids of the selected people; invalid ids are ignored."""
    people: list[UUID] = []
    for name in form:
        if name.startswith(PERSON):
            try:
                people.append(UUID(name.removeprefix(PERSON)))
            except ValueError:
                continue
    return people


def language_rows(languages: Iterable[ManagedLanguage]) -> list[LanguageRowView]:
    """Return the rows of the list of languages."""
    return [_language_row(language) for language in languages]


def languages_to_add(languages: Iterable[ManagedLanguage]) -> list[OptionView]:
    """Return the languages that are not offered yet, sorted by name."""
    offered = {language.code for language in languages}
    return [
        OptionView(code, name)
        for code, name in code_lists.languages().items()
        if code not in offered
    ]


def _queue_row(managed: ManagedQueue) -> QueueRowView:
    queue = managed.queue
    live = managed.live
    return QueueRowView(
        id=str(queue.id),
        name=queue.name,
        mode=MODES[queue.assignment][0],
        answers=", ".join(managed.answers) or say("queues.no_answers"),
        people=", ".join(one.name for one in managed.people) or say("queues.no_people"),
        live="" if not live else uses_in_words(answers=(), live=live),
        untranslated=", ".join(untranslated_languages(queue.translations, "name")),
        is_open=queue.active,
        href=f"{routes.QUEUES}?edit={queue.id}",
    )


def _people_checks(people: Iterable[Person], serving: set[UUID]) -> list[CheckView]:
    return [
        CheckView(f"{PERSON}{one.id}", one.name, one.id in serving) for one in people
    ]


def _language_row(managed: ManagedLanguage) -> LanguageRowView:
    counts = {
        "languages.uses.answers": len(managed.answers),
        "languages.uses.people": len(managed.people),
        "answers.live": managed.live,
    }
    uses = [count(key, number) for key, number in counts.items() if number]
    return LanguageRowView(
        code=managed.code,
        name=managed.name,
        uses=", ".join(uses) or say("languages.unused"),
        is_used=bool(uses),
    )
