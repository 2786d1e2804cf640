"""People who use the product all the time while something happens to its machines."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.pages.bank import CHICAGO, somebody
from tests.support.servers import until

READS = ("/", "/schedule", "/api/v1/answers", "/sign-in")
READERS = 2
BETWEEN_READS, BETWEEN_BOOKINGS = 0.2, 0.4
ATTEMPTS = 20
"""How often a customer's program sends a request again that had no answer."""


@dataclass
class Load:
    """What is asked over and over, and what became of it.

    Args:
        url: The proxy.
        host: Host name and port in the address of the pages.
        topic: Id of the answer to book.
        starts: Times to book, each once.

    Attributes:
        answers: How often each status came; a text if there was no answer.
        refusals: Texts of the answers that refused something.
        booked: Tokens of the bookings whose customers were told that they are made.
        is_over: Set when nobody asks any more.
    """

    url: str
    host: str
    topic: str
    starts: list[datetime]
    answers: Counter[int | str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    _addresses: Iterator[int] = field(default_factory=lambda: count(2))

    def failures(self) -> dict[int | str, int]:
        """Return the answers that nobody should get, with their number."""
        return {
            what: number
            for what, number in self.answers.items()
            if not isinstance(what, int) or what >= httpx.codes.INTERNAL_SERVER_ERROR
        }

    @contextmanager
    def running(self) -> Iterator[None]:
        """Read and book in a thread of its own until the block ends."""
        with ThreadPoolExecutor(1) as thread:
            future = thread.submit(asyncio.run, self._use())
            try:
                self.wait_for(READERS)
                yield
            finally:
                self.is_over.set()
            future.result()

    def wait_for(self, number: int) -> None:
        """Wait until so many more requests have their answer."""
        enough = self.answers.total() + number
        until(lambda: self.answers.total() >= enough)

    async def _use(self) -> None:
        await asyncio.gather(self._book(), *(self._read() for _ in range(READERS)))

    def _client(self) -> httpx.AsyncClient:
        """Return somebody with an address of their own."""
        number = next(self._addresses)
        way = httpx.AsyncHTTPTransport(local_address=f"127.0.7.{number % 250}")
        headers = {"Host": self.host}
        return httpx.AsyncClient(
            base_url=self.url, transport=way, headers=headers, timeout=30
        )

    async def _read(self) -> None:
        async with self._client() as client:
            for path in cycle(READS):
                if self.is_over.is_set():
                    return
                await self._ask(client, "GET", path)
                await asyncio.sleep(BETWEEN_READS)

    async def _book(self) -> None:
        for start in self.starts:
            async with self._client() as client:
                answer = await self._ask_until_answered(client, start)
            if answer.status_code == httpx.codes.CREATED:
                self.booked.append(answer.json()["token"])
            await asyncio.sleep(BETWEEN_BOOKINGS)

    async def _ask_until_answered(
        self, client: httpx.AsyncClient, start: datetime
    ) -> httpx.Response:
        name, email = somebody()
        form = {
            "answer": self.topic,
            "language": "en",
            "channel": "video",
            "starts_at": start.isoformat(),
            "time_zone": CHICAGO.key,
            "name": name,
            "email": email,
        }
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(ATTEMPTS):
            answer = await self._ask(
                client, "POST", "/api/v1/appointments", headers=key, json=form
            )
            if answer is not None and not answer.is_server_error:
                return answer
            await asyncio.sleep(0.2)
        raise AssertionError(f"no answer to a booking: {self.answers}")

    async def _ask(
        self, client: httpx.AsyncClient, method: str, path: str, **more: Any
    ) -> httpx.Response | None:
        try:
            answer = await client.request(method, path, **more)
        except httpx.HTTPError as error:
            self.answers[f"{method} {type(error).__name__}"] += 1
            return None
        self.answers[answer.status_code] += 1
        if answer.is_client_error:
            self.refusals.append(answer.text[:300])
        return answer
