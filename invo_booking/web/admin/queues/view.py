"""Convert queues and languages for the page, and read the forms of a queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from invo_booking.domain.assignment import Mode
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
from invo_booking.web.admin.form_fields import (
    ON,
    stored_form,
    typed_values,
    untranslated_languages,
)
from invo_booking.web.admin.form_view import CheckView, ItemForm, check_views
from invo_booking.web.admin.queues.fields import FIELDS, MODES
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import form_entry_ids, ticked_form_values
from invo_booking.web.kit.text.names import OptionView, name_options

PERSON = "person-"


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
class QueueForm(ItemForm):
    """Initial values of the form of a queue.

    Attributes:
        people: All people who can serve the queue; empty for an inactive queue.
        seen: Ids of the people who served the queue when the form was opened.
    """

    people: list[CheckView] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


@dataclass
class LanguageRowView:
    """One row of the list of languages."""

    code: str = ""
    name: str = ""
    uses: str = ""


def queue_rows(overview: QueuesOverview) -> list[QueueRowView]:
    """Return the rows of the list of queues."""
    return [_queue_row(queue) for queue in overview.queues]


def blank_queue_form(stamp: str) -> QueueForm:
    """Return the form for a new queue."""
    return QueueForm(
        key=f"new {stamp}",
        heading=say("queues.new"),
        texts={"assignment": Mode.UNASSIGNED.value, "active": ON},
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
    names = {it.id: it.name for it in overview.people} if queue.active else {}
    return stored_form(
        QueueForm,
        FIELDS,
        queue,
        queue.name,
        stamp,
        people=check_views(PERSON, names, serving),
        seen=[str(person_id) for person_id in serving],
    )


def queue_draft_of_form(form: Mapping[str, Any], opening: DrawnWeek) -> QueueDraft:
    """Return the queue that a submitted form describes."""
    return QueueDraft(**typed_values(FIELDS, form), opening_hours=opening)


def ticked_queue_people(form: Mapping[str, Any]) -> frozenset[UUID]:
    """Return the ids of the selected people; invalid ids are ignored."""
    return form_entry_ids(ticked_form_values(form, PERSON))


def language_rows(languages: Iterable[ManagedLanguage]) -> list[LanguageRowView]:
    """Return the rows of the list of languages."""
    return [_language_row(language) for language in languages]


def languages_to_add(languages: Iterable[ManagedLanguage]) -> list[OptionView]:
    """Return the languages that are not offered yet, sorted by name."""
    offered = {language.code for language in languages}
    return [
        it for it in name_options(code_lists.languages()) if it.value not in offered
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
    )
