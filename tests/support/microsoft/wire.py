"""How Graph refuses a call."""

from typing import Any
from uuid import uuid4

from invo_booking.domain.clock import utc_now
from tests.support.vendor.wire import Reply


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
