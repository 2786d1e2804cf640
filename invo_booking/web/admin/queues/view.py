"""Queues and languages as administrators read and type them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from invo_booking.domain.assignment import Mode
from invo_booking.domain.institution import Person
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.catalogue.languages import ManagedLanguage
from invo_booking.usecases.admin.catalogue.queues import (
    ManagedQueue,
    QueueDraft,
    QueuesOverview,
)
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.web.admin.answers.view import CheckView
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text.names import OptionView, count_text

MODES = {
    Mode.UNASSIGNED: (
        "Unassigned",
        "Staff assign it, or an agent takes it from the dashboard.",
    ),
    Mode.FEWEST: (
        "Round robin",
        "The free agent with the fewest appointments on that day gets it at once.",
    ),
    Mode.CHOSEN: (
        "The agent the customer chooses",
        "Customers may pick one by name; without a choice it is unassigned.",
    ),
}
PERSON = "person-"


@dataclass
class QueueRowView:
    """One line of the list of queues."""

    id: str = ""
    name: str = ""
    mode: str = ""
    answers: str = ""
    people: str = ""
    live: str = ""
    is_open: bool = True
    href: str = ""


@dataclass
class QueueForm:
    """First values of the form. ``key`` changes whenever the form is filled again.

    Attributes:
        people: Everybody who may serve it; empty for a queue that is not on offer.
        seen: Ids of those who served it when the form was opened.
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


@dataclass
class LanguageRowView:
    """One line of the list of languages."""

    code: str = ""
    name: str = ""
    uses: str = ""
    is_used: bool = False


def queue_rows(desk: QueuesOverview) -> list[QueueRowView]:
    """Return the lines of the list of queues."""
    return [_queue_row(queue) for queue in desk.queues]


def blank_form(stamp: str) -> QueueForm:
    """Return the form for a new queue."""
    return QueueForm(key=f"new {stamp}", heading="New queue")


def form_of(desk: QueuesOverview, queue_id: str, stamp: str) -> QueueForm | None:
    """Return the form of a queue; ``None`` if there is no such one."""
    known = {str(one.queue.id): one for one in desk.queues}
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
        people=_people_checks(desk.people, serving) if queue.active else [],
        seen=[str(person_id) for person_id in serving],
    )


def draft_of(form: Mapping[str, Any]) -> QueueDraft:
    """Return the queue a filled-in form asks for."""
    modes = {mode.value: mode for mode in Mode}
    return QueueDraft(
        name=field_text(form, "name"),
        active="active" in form,
        assignment=modes.get(field_text(form, "assignment"), Mode.UNASSIGNED),
    )


def ticked_people(form: Mapping[str, Any]) -> list[UUID]:
    """Return who is ticked; what is no id is left out."""
    found: list[UUID] = []
    for name in form:
        if name.startswith(PERSON):
            try:
                found.append(UUID(name.removeprefix(PERSON)))
            except ValueError:
                continue
    return found


def language_rows(desk: Iterable[ManagedLanguage]) -> list[LanguageRowView]:
    """Return the lines of the list of languages."""
    return [_language_row(language) for language in desk]


def languages_to_add(desk: Iterable[ManagedLanguage]) -> list[OptionView]:
    """Return the languages that are not offered yet, by name."""
    offered = {language.code for language in desk}
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
        answers=", ".join(managed.answers) or "No Answer leads here yet",
        people=", ".join(one.name for one in managed.people) or "Nobody serves it yet",
        live="" if not live else uses_in_words(answers=(), live=live),
        is_open=queue.active,
        href=f"{routes.QUEUES}?edit={queue.id}",
    )


def _people_checks(people: Iterable[Person], serving: set[UUID]) -> list[CheckView]:
    return [
        CheckView(f"{PERSON}{one.id}", one.name, one.id in serving) for one in people
    ]


def _language_row(managed: ManagedLanguage) -> LanguageRowView:
    counts = {
        "Answer": len(managed.answers),
        "person": len(managed.people),
        "live appointment": managed.live,
    }
    several = {"person": "people"}
    uses = [
        count_text(count, name, several.get(name, ""))
        for name, count in counts.items()
        if count
    ]
    return LanguageRowView(
        code=managed.code,
        name=managed.name,
        uses=", ".join(uses) or "Nothing uses it yet",
        is_used=bool(uses),
    )
