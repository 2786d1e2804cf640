"""The fake Microsoft as a test holds it: everything it knows, and every verb."""

from pathlib import Path
from typing import Any

from tests.support.microsoft.state import State
from tests.support.microsoft.wire import graph_error
from tests.support.vendor.sign_in import approve
from tests.support.vendor.trouble import Order, Trouble
from tests.support.vendor.wire import Call, Reply

CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "ErrorIrresolvableConflict",
    410: "syncStateNotFound",
    412: "ErrorIrresolvableConflict",
    429: "ApplicationThrottled",
    500: "generalException",
    502: "BadGateway",
    503: "serviceNotAvailable",
    504: "timeout",
}


class Outlook(State, Trouble):
    """Microsoft's authority and Graph, to be changed and asked by a test.

    Attributes:
        url: Where both are served, without a slash at the end.
        ca_file: Whom to trust for it.
    """

    def __init__(self, url: str, ca_file: Path) -> None:
        self.ca_file = ca_file
        State.__init__(self, url)
        Trouble.__init__(self)

    def reset(self) -> None:
        """Reset the server."""
        self.behave()
        self.forget_people()
        self.forget_calendars()
        self.forget_trouble()
        self.violations.clear()

    def config_env(self) -> dict[str, str]:
        """Return the variables that make the product use this Microsoft."""
        return {
            "INVO_CA_FILE": str(self.ca_file),
            "INVO_MICROSOFT_AUTHORITY": self.url,
            "INVO_GRAPH_URL": self.url,
        }

    def ordered_error(self, order: Order, call: Call) -> Reply:
        """Return an error as a test has ordered it."""
        if call.of_api:
            code = CODES.get(order.status, "generalException")
            return graph_error(order.status, code, "Ordered by the test.")
        names = {"error": "temporarily_unavailable", "error_description": "Ordered."}
        return Reply(order.status, {**names, "error_codes": [order.status]})

    def approve(self, auth_uri: str, **how: Any) -> dict[str, str]:
        """Sign in and accept at ``auth_uri``; return what is brought back."""
        return approve(auth_uri, ca_file=self.ca_file, **how)
