"""Define the dependencies of use cases."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, Self, TypeVar

from invo_booking.config import Config
from invo_booking.domain.access.caller import BACKGROUND, Caller
from invo_booking.domain.calendars.ports import Personal, Provider, ServerProvider
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.server import MailServer
from invo_booking.persistence.unit_of_work import UnitOfWork

T = TypeVar("T")


class Mailer(Protocol):
    """Hands mail to a mail server."""

    def send(self, message: OutgoingMail, server: MailServer | None) -> None:
        """Send one message.

        Args:
            message: The message.
            server: The mail server; ``None`` for the operator's server.

        Raises:
            MailTemporaryError: If a later try may succeed.
            MailPermanentError: If this message will never be accepted.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The product's parts, created once per process.

    Attributes:
        begin: Starts a transaction on behalf of a caller.
        now: Returns the current instant in UTC, by the database's clock.
        machine_now: Returns the time of this machine's own clock. If ``None``, ``now``
            is used.
        database_now: Returns the database's time, used by periodic tasks.
        wake: Wakes the workers for new outbox messages; raises no errors.
        providers: Providers by their name in the settings.
        personal: Providers of agents' personal calendars, by their name in the
            settings.
        servers: Providers without a sign-in, by their name in the settings.
        caller: The sender of the current request, set by each interface.
    """

    config: Config
    begin: Callable[[Caller], AbstractContextManager[UnitOfWork]]
    now: Callable[[], datetime]
    mailer: Mailer
    wake: Callable[[], None]
    providers: Mapping[str, Provider] = field(default_factory=dict[str, Provider])
    personal: Mapping[str, Personal] = field(default_factory=dict[str, Personal])
    servers: Mapping[str, ServerProvider] = field(
        default_factory=dict[str, ServerProvider]
    )
    caller: Caller = BACKGROUND
    database_now: Callable[[UnitOfWork], datetime] = UnitOfWork.database_now
    machine_now: Callable[[], datetime] | None = None

    def own_now(self) -> datetime:
        """Return the time of this machine's own clock, to compare clocks."""
        return (self.machine_now or self.now)()

    def unit_of_work(self) -> AbstractContextManager[UnitOfWork]:
        """Start a transaction that commits when the block ends."""
        return self.begin(self.caller)

    def can_call(self, provider: str) -> bool:
        """Whether a provider can be called."""
        return provider in self.providers or provider in self.servers

    def for_caller(self, caller: Caller) -> Self:
        """Return a copy of these dependencies for one caller."""
        return replace(self, caller=caller)


def answer_together(deps: Deps, questions: Callable[[Deps], T]) -> T:
    """Run several read-only use cases in one transaction."""
    with deps.unit_of_work() as work:

        def within(_caller: Caller) -> AbstractContextManager[UnitOfWork]:
            return nullcontext(work)

        return questions(replace(deps, begin=within))
