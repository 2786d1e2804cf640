"""A small institution for tests: built row by row, so that a test says what matters."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import (
    AnswerRow,
    BranchRow,
    HolidayRow,
    InstitutionRow,
    LanguageRow,
    PersonQueueRow,
    PersonRow,
    QueueRow,
    SettingRow,
    WorkingHoursRow,
)
from invo_booking.settings.calls import ROOM
from invo_booking.settings.general import PUBLIC_SCHEDULING
from invo_booking.settings.time import PUBLIC_WINDOW
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.booking import BookingRequest
from invo_booking.usecases.shared import links
from tests.support.passwords import stored
from tests.support.rows import add_rows

MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""Monday 23 November 2026, 08:00 in Chicago."""

ROOMS = "https://meet.bank.example/{appointment}"
PASSWORD = "correct horse battery"
ZONE = "America/Chicago"


class Bank:
    """An institution in Chicago with one queue, one Answer and as many agents as asked.

    Everybody works from 9 to 17; the public may book until one hour ahead.
    """

    def __init__(self, deps, clock) -> None:
        self.deps = deps
        self.clock = clock
        self.queue_id = uuid4()
        self.answer_id = uuid4()
        self.branch_id = uuid4()
        with deps.unit_of_work() as work:
            add_rows(
                work,
                InstitutionRow,
                {"name": "Test Bank", "phone": "+13125550142", "time_zone": ZONE},
            )
            add_rows(
                work,
                LanguageRow,
                {"code": "en", "name": "English"},
                {"code": "es", "name": "Spanish"},
            )
            add_rows(work, QueueRow, {"id": self.queue_id, "name": "Lending"})
            add_rows(work, BranchRow, _branch(self.branch_id, "Main branch"))
            add_rows(
                work,
                AnswerRow,
                {
                    "id": self.answer_id,
                    "title": "Mortgage advice",
                    "queue_id": self.queue_id,
                    "duration_minutes": 30,
                    "languages": ["en", "es"],
                    "channels": ["video", "phone"],
                    "documents": ["Photo ID"],
                },
            )
            texts = {PUBLIC_SCHEDULING: "on", PUBLIC_WINDOW: "60", ROOM: ROOMS}
            set_by = {"changed_by": "test", "changed_at": clock()}
            rows = [{"key": it.key, "value": text} for it, text in texts.items()]
            add_rows(work, SettingRow, *(row | set_by for row in rows))

    def offer_visits(self) -> None:
        """Let customers come to the branch for the topic."""
        with self.deps.unit_of_work() as work:
            topic = work.session.get(AnswerRow, self.answer_id)
            topic.channels = [channel.value for channel in Channel]
            work.session.add(topic)
            work.publish_roster_change()

    def agent(
        self,
        name="Ana",
        *,
        roles=(Role.AGENT,),
        languages=("en",),
        hours=(time(9), time(17)),
        password="",
    ) -> Actor:
        """Take somebody on who serves the queue from Monday to Friday."""
        person_id = uuid4()
        with self.deps.unit_of_work() as work:
            add_rows(
                work,
                PersonRow,
                {
                    "id": person_id,
                    "name": name,
                    "email": f"{name.lower()}@bank.example",
                    "time_zone": ZONE,
                    "roles": [role.value for role in roles],
                    "languages": list(languages),
                    "password_hash": stored(password) if password else "",
                },
            )
            serves = {"person_id": person_id, "queue_id": self.queue_id}
            add_rows(work, PersonQueueRow, serves)
            works = {"starts_time": hours[0], "ends_time": hours[1]}
            days = [{"person_id": person_id, "weekday": day} for day in range(5)]
            add_rows(work, WorkingHoursRow, *(day | works for day in days))
            work.publish_roster_change()
        return Actor(  # as ``actor`` does, without reading the whole roster
            id=person_id,
            name=name,
            email=f"{name.lower()}@bank.example",
            roles=frozenset(roles),
            queues=frozenset({self.queue_id}),
            languages=frozenset(languages),
            time_zone=ZONE,
        )

    def manager(self, name="Max", **more) -> Actor:
        """Take a manager on."""
        return self.agent(name, roles=(Role.MANAGER,), **more)

    def actor(self, person_id: UUID) -> Actor:
        """Return a person as somebody intentions come from."""
        with self.deps.unit_of_work() as work:
            return work.roster.people[person_id].as_actor()

    def set(self, setting, text: str) -> None:
        """Change a setting as an administrator would."""
        with self.deps.unit_of_work() as work:
            work.stored_settings.put(setting.key, text, "test", self.clock())
            work.publish_roster_change()

    def holiday(self, day: date, name: str) -> None:
        """Close the institution for a day."""
        with self.deps.unit_of_work() as work:
            work.session.add(HolidayRow(day=day, name=name))
            work.publish_roster_change()

    def topic(self, title: str, minutes: int = 30) -> UUID:
        """Offer another topic of the queue, in English."""
        answer_id = uuid4()
        with self.deps.unit_of_work() as work:
            work.session.add(
                AnswerRow(
                    id=answer_id,
                    title=title,
                    queue_id=self.queue_id,
                    duration_minutes=minutes,
                    languages=["en"],
                    channels=["video"],
                    documents=[],
                    position=9,
                )
            )
            work.publish_roster_change()
        return answer_id

    def request(self, starts_at: datetime, **more) -> BookingRequest:
        """Return a booking request that is right in every field."""
        fields = {
            "answer_id": self.answer_id,
            "language": "en",
            "channel": Channel.VIDEO,
            "starts_at": starts_at,
            "name": "Rosa Delgado",
            "email": "rosa@example.com",
            "time_zone": ZONE,
        }
        return BookingRequest(**(fields | more))


def branch_row(branch_id: UUID, name: str, **more) -> BranchRow:
    """Return a branch in Chicago, or where told."""
    return BranchRow(**(_branch(branch_id, name) | more))


def _branch(branch_id: UUID, name: str) -> dict[str, Any]:
    return {
        "id": branch_id,
        "name": name,
        "street": ["120 Harbor Street"],
        "town": "Chicago",
        "region": "IL",
        "postal_code": "60601",
        "country": "US",
        "phone": "+13125550143",
        "directions": "The entrance is on Lake Street.",
        "time_zone": ZONE,
    }


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """Return a wall time in Chicago on the Monday of the tests, in UTC."""
    return MONDAY + timedelta(days=days, hours=hour - 8, minutes=minute)


def confirm(deps, token: str) -> manage.Visit:
    """Confirm a request by its mailed link."""
    return manage.confirm_by_link(deps, proof_of(deps, token))


def proof_of(deps, token: str) -> str:
    """Return the secret that confirms a request; the mail alone has it."""
    appointment = manage.read_visit(deps, token).appointment
    if not appointment.customer.email:
        return token
    return links.mailed_token(deps, appointment, links.CONFIRM)
