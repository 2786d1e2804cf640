"""Describe the institution, its people, queues, Answers, branches and closed days."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.branches import (
    OWN_LANGUAGE,
    Branch,
    Translations,
    no_translations,
)
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.opening import OpeningHours, common_opening_hours
from invo_booking.domain.wall import days_of

__all__ = [
    "OWN_LANGUAGE",
    "Answer",
    "ClosedDay",
    "Institution",
    "Person",
    "Queue",
    "Roster",
    "Translations",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """The institution that runs this installation.

    Attributes:
        zone: Time zone in which days, weekends and closed dates are determined.
        country: ISO 3166 code; the default country of phone numbers.
        opening_hours: Hours within which an appointment must lie; empty for no limit.
        revision: Incremented by every change to settings, people, hours or Answers.
        translations: ``tagline`` in other languages.
    """

    name: str
    tagline: str
    phone: str
    zone: ZoneInfo
    country: str
    revision: int
    opening_hours: OpeningHours = ()
    translations: Translations = field(default_factory=no_translations)

    def tagline_in(self, language: str) -> str:
        """Return the tagline in a language; empty if the institution has none."""
        if language == OWN_LANGUAGE:
            return self.tagline
        return self.translations.get(language, {}).get("tagline", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A line of business for which appointments are booked.

    Attributes:
        opening_hours: Hours within which an appointment of the queue must lie; empty
            for no limit.
        active: Whether appointments can be booked in the queue; an inactive queue keeps
            its appointments.
        version: Incremented by every change, for compare-and-set.
        translations: ``name`` in other languages.
    """

    id: UUID
    name: str
    assignment: Mode = Mode.UNASSIGNED
    opening_hours: OpeningHours = ()
    active: bool = True
    version: int = 1
    translations: Translations = field(default_factory=no_translations)

    def name_in(self, language: str) -> str:
        """Return the name in a language, or the original if it is not translated."""
        return self.translations.get(language, {}).get("name", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A bookable topic.

    Attributes:
        duration: ``None`` where the institution's default duration applies.
        documents: What the customer should bring.
        room: Template of the URL of video calls about the Answer; empty to use the
            institution's template.
        archived: Whether the Answer is kept only for its existing appointments.
        version: Incremented by every change, for compare-and-set.
        translations: ``title``, ``description`` and ``documents`` (one per line) in
            other languages.
    """

    id: UUID
    title: str
    description: str
    queue_id: UUID
    schedulable: bool
    duration: timedelta | None
    buffer_before: timedelta
    buffer_after: timedelta
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]
    room: str = ""
    archived: bool = False
    version: int = 1
    translations: Translations = field(default_factory=no_translations)

    def in_language(self, language: str) -> "Answer":
        """Return the Answer with its texts in a language, where they are translated."""
        texts = self.translations.get(language, {})
        documents = texts.get("documents")
        return replace(
            self,
            title=texts.get("title", self.title),
            description=texts.get("description", self.description),
            documents=tuple(documents.splitlines()) if documents else self.documents,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff, with working hours, queues and languages.

    Attributes:
        email: Address with which the person signs in.
        room: Template of the URL of the person's video calls; empty to use the Answer's
            or the institution's template.
        branches: Where the person works; empty for everywhere.
        version: Incremented by every change, for compare-and-set.
        mailbox: Address of the person's calendar; empty if equal to ``email``.
    """

    id: UUID
    name: str
    email: str
    active: bool
    roles: frozenset[Role]
    queues: frozenset[UUID]
    languages: frozenset[str]
    hours: AgentHours
    room: str = ""
    branches: frozenset[UUID] = frozenset()
    version: int = 1
    mailbox: str = ""

    @property
    def calendar_address(self) -> str:
        """E-mail address under which providers know the person's calendar."""
        return self.mailbox or self.email

    def works_at(self, branch_id: UUID | None) -> bool:
        """Whether the person can serve visits at a branch; always true for ``None``."""
        return branch_id is None or not self.branches or branch_id in self.branches

    def as_actor(self) -> Actor:
        """Return the person as the actor of a request."""
        return Actor(
            id=self.id,
            name=self.name,
            email=self.email,
            roles=self.roles,
            queues=self.queues,
            languages=self.languages,
            branches=self.branches,
            time_zone=self.hours.zone.key,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A date on which the institution or a branch is closed.

    Attributes:
        translations: ``name`` in other languages.
    """

    day: date
    name: str
    translations: Translations = field(default_factory=no_translations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A snapshot of the institution's data that only administrators change.

    All data are of the same revision.

    Attributes:
        people: All people by id, including those who left.
        holidays: Names of dates on which the institution is closed, by date.
        branch_holidays: Names of further dates on which a branch is closed, by branch
            and date.
        holiday_texts: Names of closed dates in other languages, by branch, date and
            language. The branch is ``None`` for closed dates of the institution.
        branches: All branches by id, in the order of their names, including branches
            that are closed for good.
    """

    institution: Institution
    holidays: Mapping[date, str]
    queues: Mapping[UUID, Queue]
    languages: Mapping[str, str]
    answers: Mapping[UUID, Answer]
    people: Mapping[UUID, Person]
    branches: Mapping[UUID, Branch] = field(default_factory=dict[UUID, Branch])
    branch_holidays: Mapping[UUID, Mapping[date, str]] = field(
        default_factory=dict[UUID, Mapping[date, str]]
    )
    holiday_texts: Mapping[UUID | None, Mapping[date, Translations]] = field(
        default_factory=dict[UUID | None, Mapping[date, Translations]]
    )

    @property
    def agents(self) -> list[Person]:
        """Active people who serve at least one queue."""
        return [
            p for p in self.people.values() if p.active and p.queues and p.languages
        ]

    def queue_name(self, queue_id: UUID, language: str = OWN_LANGUAGE) -> str:
        """Return the queue's name in a language; empty if it no longer exists."""
        queue = self.queues.get(queue_id)
        return queue.name_in(language) if queue else ""

    def person_name(self, person_id: UUID | None) -> str:
        """Return the person's name; empty for ``None``."""
        person = self.people.get(person_id) if person_id else None
        return person.name if person else ""

    @property
    def open_branches(self) -> list[Branch]:
        """Branches at which visits can be booked, in the order of their names."""
        return [it for it in self.branches.values() if it.active]

    def answer_of(self, appointment: Appointment, language: str) -> Answer | None:
        """Return an appointment's Answer, with texts in a language, or ``None``."""
        known = appointment.answer_id
        answer = self.answers.get(known) if known else None
        return answer.in_language(language) if answer else None

    def title_of(self, appointment: Appointment, language: str) -> str:
        """Return an appointment's title in a language.

        The title is translated if it is the current title of the Answer or, without an
        Answer, the name of the queue. Other titles, such as those that staff typed, are
        returned unchanged.
        """
        answer = self.answer_of(appointment, OWN_LANGUAGE)
        if answer is None and appointment.title == self.queue_name(
            appointment.queue_id
        ):
            return self.queue_name(appointment.queue_id, language)
        if answer is None or answer.title != appointment.title:
            return appointment.title
        return answer.in_language(language).title

    def branch_of(
        self, appointment: Appointment, language: str = OWN_LANGUAGE
    ) -> Branch | None:
        """Return the branch of a visit, with texts in a language, or ``None``."""
        known = appointment.branch_id
        branch = self.branches.get(known) if known else None
        return branch.in_language(language) if branch else None

    def clock_of(self, appointment: Appointment) -> ZoneInfo:
        """Return the zone in which an appointment's times are agreed with customers."""
        return self.clock_at(appointment.branch_id)

    def clock_at(self, branch_id: UUID | None) -> ZoneInfo:
        """Return the branch's zone for a visit, else the institution's."""
        branch = self.branches.get(branch_id) if branch_id else None
        return branch.zone if branch else self.institution.zone

    def holidays_at(
        self, branch_id: UUID | None, language: str = OWN_LANGUAGE
    ) -> Mapping[date, str]:
        """Return the names of closed dates, by date.

        Args:
            branch_id: Branch of a visit, whose closed dates are included; ``None`` for
                other channels.
            language: Language of the names; a name without translation is returned as
                typed.
        """
        own = self.branch_holidays.get(branch_id) if branch_id else None
        names = {**own, **self.holidays} if own else self.holidays
        if language == OWN_LANGUAGE or not self.holiday_texts:
            return names
        return {
            day: self._holiday_text(
                None if day in self.holidays else branch_id, day, language
            )
            or name
            for day, name in names.items()
        }

    def _holiday_text(self, branch_id: UUID | None, day: date, language: str) -> str:
        texts = self.holiday_texts.get(branch_id, {}).get(day, no_translations())
        return texts.get(language, {}).get("name", "")

    def holiday_of(self, appointment: Appointment) -> str:
        """Return the name of the first closed date of an appointment; empty if none."""
        zone = self.clock_of(appointment)
        closed = self.holidays_at(appointment.branch_id)
        days = days_of(appointment.period, zone)
        return next((closed[day] for day in days if day in closed), "")

    def opening_at(self, queue_id: UUID, branch_id: UUID | None) -> OpeningHours | None:
        """Return the hours within which appointments of a queue must lie.

        Args:
            queue_id: The queue.
            branch_id: Where a visit is held; ``None`` for other channels.

        Returns:
            The hours, in the zone of ``clock_at``, at which institution, queue and
            branch are all open; ``None`` if none of them has opening hours.
        """
        places = (
            self.institution,
            self.queues.get(queue_id),
            self.branches.get(branch_id) if branch_id else None,
        )
        return common_opening_hours(it.opening_hours for it in places if it)
