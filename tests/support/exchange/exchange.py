"""The fake Exchange as a test holds it: everything it knows, and every verb."""

from pathlib import Path

from tests.support.exchange.soap import fault
from tests.support.exchange.state import State
from tests.support.vendor.trouble import Order, Trouble
from tests.support.vendor.wire import Call, Reply

EWS = "/EWS/Exchange.asmx"


class Exchange(State, Trouble):
    """Exchange's web services, to be changed and asked by a test.

    Attributes:
        url: Address of the web services.
        ca_file: Whom to trust for it.
        is_private_allowed: Whether the operator allows private addresses.
    """

    is_private_allowed = True

    def __init__(self, url: str, ca_file: Path) -> None:
        self.url, self.ca_file = f"{url}{EWS}", ca_file
        State.__init__(self)
        Trouble.__init__(self)

    def reset(self) -> None:
        """Reset the server."""
        self.behave()
        self.forget_state()
        self.forget_trouble()
        self.violations.clear()
        self.is_private_allowed = True

    def config_env(self) -> dict[str, str]:
        """Return the variables that let the product reach this Exchange."""
        return {
            "INVO_CA_FILE": str(self.ca_file),
            "INVO_ALLOW_PRIVATE_HOSTS": str(self.is_private_allowed).lower(),
        }

    def ordered_error(self, order: Order, call: Call) -> Reply:
        """Return an error as a test has ordered it: a fault, or an empty answer."""
        del call
        code, _, wait = order.reason.partition(":")
        if not code:
            return Reply(order.status, b"")
        return Reply(order.status, fault(code, int(wait) if wait else None))
