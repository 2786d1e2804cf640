"""The fake Google as a test holds it: everything it knows, and every verb."""

from pathlib import Path
from typing import Any

from tests.support.google.state import State
from tests.support.google.wire import error_of_reason
from tests.support.vendor.sign_in import approve
from tests.support.vendor.trouble import Order, Trouble
from tests.support.vendor.wire import Call, Reply

SCOPE = "https://www.googleapis.com/auth/"


class Google(State, Trouble):
    """Google's sign-in and Calendar v3, to be changed and asked by a test.

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
        self.concurrency_limit = None
        self.violations.clear()

    def config_env(self) -> dict[str, str]:
        """Return the variables that make the product use this Google."""
        return {
            "INVO_CA_FILE": str(self.ca_file),
            "INVO_GOOGLE_API_URL": self.url,
            "INVO_GOOGLE_AUTH_URL": f"{self.url}/o/oauth2/v2/auth",
            "INVO_GOOGLE_TOKEN_URL": f"{self.url}/token",
        }

    def ordered_error(self, order: Order, call: Call) -> Reply:
        """Return an error as a test has ordered it."""
        if call.of_api:
            return error_of_reason(order.status, order.reason)
        error = order.reason or "internal_failure"
        return Reply(order.status, {"error": error, "error_description": "Ordered."})

    def approve(self, auth_uri: str, **how: Any) -> dict[str, str]:
        """Sign in and accept at ``auth_uri``; return what is brought back."""
        return approve(auth_uri, ca_file=self.ca_file, **how)
