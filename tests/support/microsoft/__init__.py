"""A fake Microsoft: its authority and Graph, over HTTPS, held to Microsoft's types."""

from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.people import SCHEDULER
from tests.support.microsoft.server import running_fake
from tests.support.vendor.control import Remote
from tests.support.vendor.sign_in import PageError, approve

__all__ = ["SCHEDULER", "Outlook", "PageError", "Remote", "approve", "running_fake"]
