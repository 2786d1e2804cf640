"""Everything the fake Microsoft knows, without how it is asked or made to fail."""

from typing import Any

from tests.support.microsoft.calendars import Calendars
from tests.support.microsoft.event_json import event_json
from tests.support.microsoft.people import People
from tests.support.microsoft.series import weekly


class State(People, Calendars):
    """People and calendars.

    Attributes:
        url: Where all of it is served.
        violations: What broke Microsoft's types or documentation, as sentences.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.violations: list[str] = []
        People.__init__(self)
        Calendars.__init__(self)

    @property
    def graph(self) -> str:
        """Base address of Graph."""
        return f"{self.url}/v1.0"

    @property
    def authority(self) -> str:
        """Authority of everybody with an account at work."""
        return f"{self.url}/organizations"

    @property
    def host(self) -> str:
        """Host and port, as MSAL notes where a token comes from."""
        return self.url.removeprefix("https://")

    def event(self, event_id: str) -> dict[str, Any]:
        """Return one event as Graph writes it, in UTC."""
        return event_json(self, self.entries[event_id], "UTC")

    def repeat_weekly(self, event_id: str, times: int = 4) -> None:
        """Make a series of an event, as a person does in Outlook."""
        self.change(event_id, **weekly(self.entries[event_id], times))

    def events(self, group_id: str) -> list[dict[str, Any]]:
        """Return what is in a group's calendar, by start, as Graph writes it."""
        return [event_json(self, e, "UTC") for e in self.on_calendar(group_id)]
