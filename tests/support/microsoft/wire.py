"""What goes over the wire, taken apart: calls, replies and refusals."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from invo_booking.domain.clock import utc_now


@dataclass
class Call:
    """One request as Microsoft received it.

    Attributes:
        path: Without ``/v1.0`` for Graph; with the tenant for the authority.
        headers: By lower-case names.
        body: Parsed: of JSON or of a form; text when it is neither; ``None`` if empty.
        status: What it was answered; 0 while it is not.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    status: int = 0
    in_batch: bool = False
    of_graph: bool = True

    def prefer(self, name: str, otherwise: str) -> str:
        """Return one value of the Prefer header, without its quotes."""
        for part in self.headers.get("prefer", "").split(","):
            key, _, value = part.strip().partition("=")
            if key.lower() == name:
                return value.strip('"')
        return otherwise


@dataclass
class Reply:
    """One answer; a ``str`` body is a page, ``None`` is none, all else is JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """Microsoft says no, with its own code and words."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.more = more

    def reply(self) -> Reply:
        """Return it the way Graph writes errors."""
        found = graph_error(self.status, self.code, self.message)
        found.body["error"].update(self.more)
        return found


def graph_error(status: int, code: str, message: str) -> Reply:
    """Return an error of Graph, with ids that its support would ask for."""
    inner = {
        "date": f"{utc_now():%Y-%m-%dT%H:%M:%S}",
        "request-id": str(uuid4()),
        "client-request-id": str(uuid4()),
    }
    error = {"code": code, "message": message, "innerError": inner}
    headers = {"request-id": inner["request-id"]}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm=""'
    return Reply(status, {"error": error}, headers)
