"""What the fake Exchange knows: accounts, mailboxes, and the calendar that hosts."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from invo_booking.domain.clock import utc_now
from tests.support.exchange.soap import RefusalError

SCHEDULER = "booking@bank.example"
USER, PASSWORD = "BANK\\booking", "correct horse battery"
WORDS = {
    "busy": "Busy",
    "tentative": "Tentative",
    "oof": "OOF",
    "free": "Free",
    "workingElsewhere": "WorkingElsewhere",
    "unknown": "NoData",
}


Span = tuple[datetime, datetime, str]


@dataclass
class Item:
    """One item of the calendar of the service account.

    Attributes:
        properties: Values of named properties, by set and name.
        copies: What those invited have in their own calendars, by address: nothing
            until they are told, and what they were told last.
    """

    id: str
    start: datetime
    end: datetime
    uid: str = ""
    subject: str = ""
    body: str = ""
    location: str = ""
    sensitivity: str = "Normal"
    status: str = "Busy"
    kind: str = "Single"
    attendees: list[tuple[str, str]] = field(default_factory=list)
    properties: dict[tuple[str, str], str] = field(default_factory=dict)
    is_cancelled: bool = False
    copies: dict[str, Span] = field(default_factory=dict)
    change_key: str = field(default_factory=lambda: secrets.token_hex(8))

    def touch(self) -> None:
        """Give it another version."""
        self.change_key = secrets.token_hex(8)

    @property
    def addresses(self) -> set[str]:
        """Who is invited, in lower case."""
        return {address.lower() for address, _ in self.attendees}

    def tell(self, word: str) -> list[str]:
        """Send what has changed to whom a word of Exchange names; return to whom.

        Who is no longer invited is sent a cancellation, by the same word.
        """
        if word == "SendToNone":
            return []
        now = (self.start, self.end, self.status)
        changed = self.addresses ^ self.copies.keys()
        everybody = self.addresses | self.copies.keys()
        told = changed if word.startswith("SendToChanged") else everybody
        for address in told:
            self.copies.pop(address, None)
            if address in self.addresses:
                self.copies[address] = now
        return sorted(told)


class State:
    """Everything that tests change and ask.

    Attributes:
        details: Subject and place told with each busy time, though nobody asks.
        told_details: How often they were.
        left_over: Copies of items that were deleted without a word to those invited.
        cancellations: Who was sent one, and of which item, in order.
        refused: Codes of operations that are answered with status 200 and an error.
        remembered: Answers by request, which are then given again; ``None`` for none.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = utc_now
        self.violations: list[str] = []
        self.forget_state()

    def forget_state(self) -> None:
        """Reset: one account, empty calendars, everything allowed."""
        self.user, self.password = USER, PASSWORD
        self.offers = ("NTLM", "Basic")
        self.binds_channel = True
        self.version = (15, 2, 1748)
        self.clock_skew = timedelta(0)
        self.busy_times: dict[str, list[tuple[datetime, datetime, str]]] = {}
        self.problems: dict[str, str] = {}
        self.merged_only: set[str] = set()
        self.items: dict[str, Item] = {}
        self.left_over: list[dict[str, Span]] = []
        self.cancellations: list[tuple[str, str]] = []
        self.rights = {"Read", "CreateContents", "Modify", "Delete"}
        self.find_limit = 1_000
        self.refused: dict[str, str] = {}
        self.sign_ins: list[str] = []
        self.details, self.told_details = "", 0
        self.remembered: dict[bytes, bytes] | None = None

    def now(self) -> datetime:
        """Return the server's idea of the present instant, in UTC."""
        return self.clock() + self.clock_skew

    def busy(
        self, mailbox: str, start: datetime, end: datetime, status: str = "busy"
    ) -> None:
        """Put something into somebody's calendar."""
        spans = self.busy_times.setdefault(mailbox.lower(), [])
        spans.append((start, end, WORDS[status]))

    def free(self, mailbox: str) -> None:
        """Empty somebody's calendar."""
        self.busy_times.pop(mailbox.lower(), None)

    def unknown(self, mailbox: str) -> None:
        """Have no such mailbox."""
        self.problems[mailbox.lower()] = "ErrorMailRecipientNotFound"

    def hidden(self, mailbox: str) -> None:
        """Let nobody see when a mailbox is busy."""
        self.problems[mailbox.lower()] = "ErrorNoFreeBusyAccess"

    def mailbox_fails(self, mailbox: str, code: str = "ErrorFreeBusyGenerationFailed"):
        """Have a mailbox answer nothing but an error of its own."""
        self.problems[mailbox.lower()] = code

    def foreign_event(self, start: datetime, end: datetime) -> str:
        """Put an item into the calendar of the service account; return its id."""
        item = Item(secrets.token_hex(12), start, end, uid=secrets.token_hex(8))
        self.items[item.id] = item
        return item.id

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """Move an item, as a person does."""
        item = self.items[event_id]
        item.start, item.end = start, end
        item.tell("SendToAllAndSaveCopy")
        item.touch()

    def delete(self, event_id: str, word: str = "SendToAllAndSaveCopy") -> None:
        """Delete an item, as a person does, who may leave those invited untold."""
        item = self.items.pop(event_id)
        if word == "SendToNone":
            self.left_over.append(item.copies)
            return
        told = sorted(item.copies.keys() | item.addresses)
        self.cancellations += [(address, event_id) for address in told]

    def standing(self) -> list[Item]:
        """Return all items of the calendar."""
        return list(self.items.values())

    def item(self, event_id: str) -> Item:
        """Return an item.

        Raises:
            RefusalError: If there is none.
        """
        if event_id not in self.items:
            raise RefusalError("ErrorItemNotFound")
        return self.items[event_id]

    def spans_of(self, mailbox: str) -> list[tuple[datetime, datetime, str]]:
        """Return when a mailbox is busy: by itself, and as it is invited."""
        copies = [*self.left_over, *(it.copies for it in self.items.values())]
        invited = [it[mailbox] for it in copies if mailbox in it]
        return [*self.busy_times.get(mailbox, ()), *invited]
