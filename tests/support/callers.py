"""Customers of the HTTP API, as many at once as a test wants."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from invo_booking.domain.clock import utc_now
from tests.support.bank import ZONE

TRIES = 300
PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Form:
    """One customer's booking form, and the key it was opened with."""

    answer_id: str
    starts_at: datetime
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.com")
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def body(self) -> dict[str, str]:
        """What is sent."""
        return {
            "answer": self.answer_id,
            "language": "en",
            "channel": "video",
            "starts_at": self.starts_at.isoformat(),
            "name": "Rosa Delgado",
            "email": self.email,
            "time_zone": ZONE,
        }


def working_starts(
    days: int, *, first_day: int = 3, today: date | None = None
) -> list[datetime]:
    """Return the half hours from 9 to 17 of coming working days in Chicago, in UTC.

    Args:
        days: How many working days.
        first_day: Days from now until the first one may be.
        today: Date in Chicago; by default the real one.
    """
    zone = ZoneInfo(ZONE)
    now = today or utc_now().astimezone(zone).date()
    ahead = (now + timedelta(days=first_day + n) for n in range(2 * days + 4))
    working = [day for day in ahead if day.weekday() < 5][:days]
    return [
        datetime.combine(day, time(9), zone).astimezone(ZoneInfo("UTC"))
        + n * timedelta(minutes=30)
        for day in working
        for n in range(16)
    ]


async def submit(client: httpx.AsyncClient, form: Form) -> httpx.Response:
    """Send a form once."""
    return await client.post(
        "/api/v1/appointments", json=form.body, headers={"idempotency-key": form.key}
    )


async def persist(client: httpx.AsyncClient, form: Form) -> httpx.Response:
    """Send a form until the server gives an answer that is one.

    Raises:
        TimeoutError: If it never does.
    """
    for _ in range(TRIES):
        try:
            answer = await submit(client, form)
        except httpx.TransportError:
            pass  # nobody knows whether it was booked; the key makes asking again safe
        else:
            if answer.status_code < 500:
                return answer
        await asyncio.sleep(PAUSE_SECONDS)
    raise TimeoutError("the server never answered")


def client(url: str) -> httpx.AsyncClient:
    """Return a client that opens as many connections as it needs."""
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=url, timeout=30, limits=limits)


def submit_all_at_once(url: str, forms: Iterable[Form]) -> list[httpx.Response]:
    """Send all forms at the same moment; answers in their order."""

    async def crowd() -> list[httpx.Response]:
        async with client(url) as shared:
            return await asyncio.gather(*(submit(shared, form) for form in forms))

    return asyncio.run(crowd())


class Queue:
    """Customers who book one after another, several at a time, and do not give up.

    Attributes:
        answers: Of those who have been answered, in the order of the answers.
    """

    def __init__(self, url: str, forms: Sequence[Form], *, at_once: int = 8) -> None:
        self._url = url
        self._forms = list(forms)
        self._at_once = at_once
        self.answers: list[httpx.Response] = []

    def run(self) -> list[httpx.Response]:
        """Let everybody book; return all answers."""
        asyncio.run(self._everybody())
        return self.answers

    async def _everybody(self) -> None:
        async with client(self._url) as shared:
            await asyncio.gather(
                *(self._customer(shared) for _ in range(self._at_once))
            )

    async def _customer(self, shared: httpx.AsyncClient) -> None:
        while self._forms:
            form = self._forms.pop()
            self.answers.append(await persist(shared, form))


def statuses(answers: Iterable[httpx.Response]) -> list[int]:
    """Return the HTTP status of each answer, in order of size."""
    return sorted(answer.status_code for answer in answers)


def codes(answers: Iterable[httpx.Response]) -> set[str]:
    """Return the distinct problem codes of the refusals among the answers."""
    return {it.json()["code"] for it in answers if it.status_code >= 400}


def booked_ids(answers: Iterable[httpx.Response]) -> list[Any]:
    """Return the ids of the appointments that were acknowledged."""
    return [it.json()["id"] for it in answers if it.status_code == 201]
