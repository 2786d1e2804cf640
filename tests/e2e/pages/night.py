"""Somebody who works at night, with one appointment, while a test needs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from tests.e2e.pages.bank import CHICAGO, Desk, somebody
from tests.e2e.pages.staff import PASSWORD

ADMINISTRATOR = "simone@harbor.example"
LATE = time(23, 30)
LASTS = timedelta(minutes=45)


@dataclass(frozen=True)
class Night:
    """An appointment from 23:30 on a date to 00:15 on the next one."""

    customer: str
    day: date


class NightDesk(Desk):
    """The desk of an administrator who takes people on."""

    def __init__(self, address: str) -> None:
        super().__init__(address, ADMINISTRATOR, PASSWORD)

    @contextmanager
    def night(self, day: date) -> Iterator[Night]:
        """Have somebody work from eight to two, and book the hour of midnight."""
        queue = self._web.get("/api/v1/admin/queues").json()["queues"][0]["id"]
        agent = self._hire(queue)
        appointment, customer = self._book(queue, agent, day)
        try:
            yield Night(customer, day)
        finally:
            path = f"/api/v1/staff/appointments/{appointment}"
            self._web.delete(path).raise_for_status()
            self._part_with(agent)

    def _hire(self, queue: str) -> str:
        name, email = somebody()
        person = {
            "name": name,
            "email": email,
            "time_zone": CHICAGO.key,
            "roles": ["agent"],
            "queues": [queue],
            "languages": ["en"],
            "hours": [
                {"weekday": weekday, "begins": "20:00", "ends": "02:00"}
                for weekday in range(5)
            ],
            "password": PASSWORD,
        }
        return self._posted("/api/v1/admin/people", person)["id"]

    def _book(self, queue: str, agent: str, day: date) -> tuple[str, str]:
        name, email = somebody()
        start = datetime.combine(day, LATE, CHICAGO)
        wanted = {
            "title": "Night call",
            "queue": queue,
            "language": "en",
            "channel": "phone",
            "starts_at": start.isoformat(),
            "ends_at": (start + LASTS).isoformat(),
            "agent": agent,
            "name": name,
            "email": email,
        }
        return self._posted("/api/v1/staff/appointments", wanted)["id"], name

    def _part_with(self, agent: str) -> None:
        path = f"/api/v1/admin/people/{agent}"
        version = self._web.get(path).json()["person"]["version"]
        self._posted(f"{path}/disable", {"version": version})

    def _posted(self, path: str, body: dict[str, object]) -> dict[str, str]:
        key = {"Idempotency-Key": str(uuid4())}
        answer = self._web.post(path, json=body, headers=key)
        assert answer.is_success, answer.text
        return answer.json()
