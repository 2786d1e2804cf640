"""A queue of its own within an institution that runs, to be closed in every way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from invo_booking.config import load_config
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.clock import utc_now
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.tables.core import (
    AnswerRow,
    HolidayRow,
    PersonQueueRow,
    PersonRow,
    QueueRow,
    WorkingHoursRow,
)
from invo_booking.persistence.tables.supply import AgentCalendarRow, BusyIntervalRow
from invo_booking.persistence.unit_of_work import UnitOfWork, unit_of_work
from invo_booking.run.instance import running_environment
from invo_booking.settings.spec import Setting
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots.why import JudgedTopic, StartJudgment, judge_start
from invo_booking.usecases.staff import appointments
from tests.support.fakes import Postbox

HALF_HOUR = timedelta(minutes=30)
QUEUE = "Reasons"
TOPIC = "Half an hour"


class Counter:
    """Two agents, Ada and Bob, who work from 9 to 17 on weekdays.

    Everything it changes is put back when it closes.

    Args:
        folder: Data folder of the running institution.
    """

    def __init__(self, folder: Path) -> None:
        config = load_config({"INVO_DATA_DIR": str(folder)})
        running = {**running_environment(config), "INVO_DATA_DIR": str(folder)}
        config = load_config(running)
        self._engine: Engine = make_engine(config.database_url)
        self._begin = unit_of_work(self._engine, config.mail_link_key)
        self.deps = Deps(
            config=config,
            begin=self._begin,
            now=utc_now,
            mailer=Postbox(),
            wake=lambda: None,
        )
        self.queue_id, self.answer_id = uuid4(), uuid4()
        self.agents: dict[str, UUID] = {}
        self._settings: set[str] = set()
        self._holidays: set[date] = set()
        with self._begin() as work:
            self.zone: ZoneInfo = work.roster.institution.zone

    def __enter__(self) -> Self:
        with self._begin() as work:
            work.session.add(QueueRow(id=self.queue_id, name=QUEUE))
            work.session.flush()
            work.session.add(self._topic(self.answer_id, TOPIC))
            work.publish_roster_change()
        for name in ("Ada", "Bob"):
            self._hire(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
        with self._changing() as work:
            run = work.session.connection().execute
            queue = {"queue": self.queue_id}
            run(text("DELETE FROM answer WHERE queue_id = :queue"), queue)
            run(
                text("DELETE FROM person WHERE id = ANY(:people)"),
                {"people": list(self.agents.values())},
            )
            run(text("DELETE FROM queue WHERE id = :queue"), queue)
        self._engine.dispose()

    def clear(self) -> None:
        """Put back what tests have changed, but for the queue itself."""
        with self._changing() as work:
            run = work.session.connection().execute
            queue = {"queue": self.queue_id}
            run(text("DELETE FROM appointment WHERE queue_id = :queue"), queue)
            run(
                text("DELETE FROM answer WHERE queue_id = :queue AND id <> :answer"),
                queue | {"answer": self.answer_id},
            )
            for table in ("busy_interval", "agent_calendar"):
                run(
                    text(f"DELETE FROM {table} WHERE agent_id = ANY(:people)"),  # noqa: S608
                    {"people": list(self.agents.values())},
                )
            run(text("UPDATE queue SET opening_hours = '{}' WHERE id = :queue"), queue)
            for day in self._holidays:
                run(text("DELETE FROM holiday WHERE day = :day"), {"day": day})
            for key in self._settings:
                work.stored_settings.remove(key)

    def manager(self) -> Actor:
        """Return somebody who oversees everything."""
        with self._begin() as work:
            people = work.roster.people.values()
            found = next(it for it in people if Role.MANAGER in it.roles and it.active)
            return found.as_actor()

    def working_day(self, ahead: int = 2) -> date:
        """Return the first weekday, no holiday, at least so many days from today."""
        with self._begin() as work:
            holidays = work.roster.holidays
        day = self.today() + timedelta(days=ahead)
        while day.weekday() > 4 or day in holidays:
            day += timedelta(days=1)
        return day

    def today(self) -> date:
        """Return the institution's date."""
        return utc_now().astimezone(self.zone).date()

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return an instant of the institution's wall clock, in UTC."""
        local = datetime.combine(day, time(hour, minute), self.zone)
        return local.astimezone(UTC)

    def set(self, setting: Setting, value: str) -> None:
        """Change a setting."""
        self._settings.add(setting.key)
        with self._changing() as work:
            work.stored_settings.put(setting.key, value, "test", utc_now())

    def holiday(self, day: date, name: str) -> None:
        """Close the institution for a day."""
        self._holidays.add(day)
        with self._changing() as work:
            work.session.add(HolidayRow(day=day, name=name))

    def opens(self, *texts: str) -> None:
        """Give the queue opening hours, as they are stored."""
        with self._changing() as work:
            queue = work.session.get_one(QueueRow, self.queue_id)
            queue.opening_hours = list(texts)
            work.session.add(queue)

    def topic(self, title: str, **more: object) -> UUID:
        """Add another topic of the queue."""
        answer_id = uuid4()
        with self._changing() as work:
            work.session.add(self._topic(answer_id, title, **more))
        return answer_id

    def book(
        self, start: datetime, agent: str = "", answer: UUID | None = None
    ) -> None:
        """Give half an hour to an agent, or to nobody yet."""
        draft = AppointmentDraft(
            answer_id=answer or self.answer_id,
            queue_id=self.queue_id,
            language="en",
            channel=Channel.PHONE,
            starts_at=start,
            ends_at=start + HALF_HOUR,
            agent_id=self.agents[agent] if agent else None,
            name="Rosa Delgado",
            email=f"{uuid4().hex}@example.com",
        )
        appointments.create_appointment(self.deps, self.manager(), draft)

    def busy(self, agent: str, span: Interval) -> None:
        """Take an agent's time in a calendar that was read just now."""
        with self._changing() as work:
            work.session.add(
                BusyIntervalRow(
                    agent_id=self.agents[agent], starts_at=span.start, ends_at=span.end
                )
            )
        self.reading(agent, utc_now())

    def reading(self, agent: str, read_at: datetime | None, problem: str = "") -> None:
        """Say how an agent's calendar was last read."""
        with self._changing() as work:
            work.session.add(
                AgentCalendarRow(
                    agent_id=self.agents[agent], read_at=read_at, problem=problem
                )
            )

    def why(self, start: datetime, answer: UUID | None = None) -> StartJudgment:
        """Return what the engine says of a start, in this process."""
        topic = answer or self.answer_id
        return judge_start(self.deps, self.manager(), JudgedTopic(topic, "en"), start)

    @contextmanager
    def _changing(self) -> Iterator[UnitOfWork]:
        with self._begin() as work:
            yield work
            work.publish_roster_change()

    def _topic(self, answer_id: UUID, title: str, **more: object) -> AnswerRow:
        facts = {
            "duration_minutes": 30,
            "languages": ["en"],
            "channels": ["phone"],
            "documents": [],
        }
        return AnswerRow(
            id=answer_id, title=title, queue_id=self.queue_id, **(facts | more)
        )

    def _hire(self, name: str) -> None:
        person_id = self.agents[name] = uuid4()
        with self._changing() as work:
            work.session.add(
                PersonRow(
                    id=person_id,
                    name=name,
                    email=f"{name.lower()}.{person_id.hex[:6]}@harbor.example",
                    time_zone=self.zone.key,
                    roles=[Role.AGENT.value],
                    languages=["en"],
                    password_hash="",
                )
            )
            work.session.flush()
            work.session.add(
                PersonQueueRow(person_id=person_id, queue_id=self.queue_id)
            )
            for weekday in range(5):
                work.session.add(
                    WorkingHoursRow(
                        person_id=person_id,
                        weekday=weekday,
                        starts_time=time(9),
                        ends_time=time(17),
                    )
                )
