"""Requests and answers held to Microsoft's own types."""

from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.wire import Call, Reply


def check_request(outlook: Outlook, call: Call) -> None:
    """Note a violation for each thing in a request that Microsoft's types forbid."""


def check_answer(outlook: Outlook, call: Call, reply: Reply) -> None:
    """Note a violation for each thing in an answer that Microsoft's types forbid."""
