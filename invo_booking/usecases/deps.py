"""What every use case is given."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from invo_booking.config import Config
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.ports import Mailer, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The parts of the product, put together once per process.

    Attributes:
        unit_of_work: Begins a transaction; it commits when the block ends.
        now: The present instant in UTC.
        wake: Tells the workers that the outbox holds work; never raises.
        providers: Vendors of calendars by their name in the settings, such as
            ``"outlook"``.
    """

    config: Config
    unit_of_work: Callable[[], AbstractContextManager[UnitOfWork]]
    now: Callable[[], datetime]
    mailer: Mailer
    wake: Callable[[], None]
    providers: Mapping[str, Provider] = field(default_factory=dict[str, Provider])
