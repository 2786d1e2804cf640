"""Small working things that stand in for what a test does not want to start."""

from datetime import UTC, datetime

from invo_booking.domain.errors import InvoError


class Clock:
    """The present instant, moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span) -> None:
        """Let time pass."""
        self.now += span


class Postbox:
    """A mailer that stores its messages; it can be set to refuse."""

    def __init__(self) -> None:
        self.sent = []
        self.servers = []
        self.refusal: InvoError | None = None

    def send(self, message, server) -> None:
        """Keep the message and where it should go, or refuse it as told."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(message)
        self.servers.append(server)

    def subjects(self) -> list[str]:
        """Return what was sent, by subject."""
        return [message.subject for message in self.sent]
