"""What the tests of outside calendars share."""

from tests.support.google.fixtures import google, google_server
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["google", "google_server", "outlook", "outlook_server"]
