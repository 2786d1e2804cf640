"""Everything the fake Google knows, without how it is asked or made to fail."""

from tests.support.google.calendars import Calendars
from tests.support.google.people import People


class State(People, Calendars):
    """People and calendars.

    Attributes:
        url: Where all of it is served.
        token_audience: Of what service accounts sign.
        violations: What broke Google's description, as sentences.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.violations: list[str] = []
        People.__init__(self)
        self.token_audience = f"{url}/token"
        Calendars.__init__(self)
