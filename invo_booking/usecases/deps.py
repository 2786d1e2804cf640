"""What every use case is given."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from invo_booking.config import Config
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.ports import Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The parts of the product, put together once per process.

    Attributes:
        unit_of_work: Begins a transaction; it commits when the block ends.
        now: The present instant in UTC.
        wake: Tells the workers that the outbox holds work; never raises.
    """

    config: Config
    unit_of_work: Callable[[], AbstractContextManager[UnitOfWork]]
    now: Callable[[], datetime]
    mailer: Mailer
    wake: Callable[[], None]
