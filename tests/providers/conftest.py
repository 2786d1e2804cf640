"""What the tests of outside calendars share."""

from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["outlook", "outlook_server"]
