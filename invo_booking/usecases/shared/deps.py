"""What every use case is given."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, TypeVar

from invo_booking.config import Config
from invo_booking.domain.access.caller import BACKGROUND, Caller
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.shared.ports import Mailer, Provider

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The parts of the product, put together once per process.

    Attributes:
        begin: Begins a transaction on behalf of a caller.
        now: The present instant in UTC.
        database_now: The same by the database's clock; what the clock's tasks go by.
        wake: Tells the workers that the outbox holds work; never raises.
        providers: Vendors of calendars by their name in the settings, such as
            ``"outlook"``.
        caller: Where the intention comes from. Each interface hands its own in.
    """

    config: Config
    begin: Callable[[Caller], AbstractContextManager[UnitOfWork]]
    now: Callable[[], datetime]
    mailer: Mailer
    wake: Callable[[], None]
    providers: Mapping[str, Provider] = field(default_factory=dict[str, Provider])
    caller: Caller = BACKGROUND
    database_now: Callable[[UnitOfWork], datetime] = UnitOfWork.database_now

    def unit_of_work(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction; it commits when the block ends."""
        return self.begin(self.caller)

    def for_caller(self, caller: Caller) -> Self:
        """Return the same parts for one caller."""
        return replace(self, caller=caller)


def answer_together(deps: Deps, questions: Callable[[Deps], T]) -> T:
    """Answer several questions within one transaction; none of them writes anything."""
    with deps.unit_of_work() as work:

        def within(_caller: Caller) -> AbstractContextManager[UnitOfWork]:
            return nullcontext(work)

        return questions(replace(deps, begin=within))
