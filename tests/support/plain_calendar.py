"""A calendar elsewhere that answers what a test tells it to."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import uuid4

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import Availability, EventListing, Limits
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, PRIMARY_PROVIDER
from invo_booking.usecases.calendars import outside_agents

OUTLOOK = "outlook"


class PlainCalendar:
    """Free and busy by mailbox, and an empty host calendar.

    Attributes:
        busy: Entries by mailbox; one that is missing is free.
        everybody_is_busy: Entries of all mailboxes instead, if there are any.
        problems: What is answered instead, by mailbox.
        unreadable: Entries of each mailbox whose times cannot be read exactly.
        refusal: What every call raises, if anything.
        asked: The mailboxes of each call.
        meanwhile: Done within each call, before it answers.
    """

    limits = Limits(mailboxes_per_call=20, longest_window=timedelta(days=42))
    change_log = None

    def __init__(self) -> None:
        self.busy: dict[str, list[Interval]] = {}
        self.problems: dict[str, Exception] = {}
        self.everybody_is_busy: list[Interval] = []
        self.unreadable = 0
        self.refusal: Exception | None = None
        self.asked: list[list[str]] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def free_busy(self, mailboxes: Iterable[str], window: Interval):
        """Answer for each, in the order asked."""
        self.asked.append(list(mailboxes))
        answers = [self._answer(it, window) for it in self.asked[-1]]
        self.meanwhile()
        if self.refusal is not None:
            raise self.refusal
        return answers

    def _answer(self, mailbox: str, window: Interval) -> Availability:
        if mailbox in self.problems:
            return Availability(mailbox, problem=self.problems[mailbox])
        spans = self.everybody_is_busy or self.busy.get(mailbox, [])
        inside = tuple(it for it in spans if it.overlaps(window))
        return Availability(mailbox, inside, unreadable=self.unreadable)

    def events(self, window: Interval) -> EventListing:
        """Return nothing: there is nothing in the host calendar."""
        assert window
        return EventListing()

    @property
    def questions(self) -> int:
        """How many mailboxes were asked for."""
        return sum(map(len, self.asked))


class PlainProvider:
    """A vendor whose every account is one calendar."""

    def __init__(self, calendar: PlainCalendar) -> None:
        self.calendar = calendar

    def open(
        self, token, host_id: str = "", *, account="", zone, host_is_new=False
    ) -> PlainCalendar:
        """Open the account; nobody has to sign in."""
        assert account
        assert zone
        assert not host_is_new
        assert callable(token)
        assert not host_id
        return self.calendar


def connected(bank, **more) -> Connection:
    """Connect the institution, whose agents' calendars count from now on."""
    now = bank.clock()
    bank.set(PRIMARY_PROVIDER, OUTLOOK)
    bank.set(COMPUTE_AVAILABILITY, "on")
    fields = {
        "id": uuid4(),
        "provider": OUTLOOK,
        "state": ConnectionState.CONNECTED,
        "account": "scheduling@bank.example",
        "connected_at": now,
        "next_run_at": now,
    }
    connection = Connection(**(fields | more))
    with bank.deps.unit_of_work() as work:
        work.connections.add(connection)
        outside_agents.follow_agents(work, now)
    return connection
