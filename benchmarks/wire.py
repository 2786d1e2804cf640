"""A caller of the API that costs next to nothing itself.

The load comes from the machine that is measured, so what the caller spends is missing
to the product. A full HTTP client spends several milliseconds a request, and with 200
open connections seconds before the first one is sent.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tests.support.callers import Form

MOST_BYTES = 2**22


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status_code: int
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status_code < 300  # noqa: PLR2004

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.body)


class Caller:
    """One connection that is kept open; one request at a time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80

    async def __aenter__(self) -> Self:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(
            self._host, self._port, limit=MOST_BYTES
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._writer.close()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Ask for something."""
        query = f"?{urlencode(params)}" if params else ""
        return await self._ask(f"GET {path}{query} HTTP/1.1\r\n", b"")

    async def post(
        self, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send JSON."""
        lines = "".join(
            f"{name}: {value}\r\n" for name, value in (headers or {}).items()
        )
        sent = b"" if body is None else json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\ncontent-type: application/json\r\n{lines}"
        return await self._ask(head, sent)

    async def book(self, form: Form) -> Reply:
        """Send a booking form."""
        key = {"idempotency-key": form.key}
        return await self.post("/api/v1/appointments", form.body, key)

    async def _ask(self, head: str, body: bytes) -> Reply:
        rest = f"host: {self._host}:{self._port}\r\ncontent-length: {len(body)}\r\n\r\n"
        self._writer.write((head + rest).encode() + body)
        told = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(told.split(" ", 2)[1])
        _, _, after = told.partition("\r\ncontent-length:")
        length = int(after.partition("\r\n")[0])
        return Reply(status, await self._reader.readexactly(length))
