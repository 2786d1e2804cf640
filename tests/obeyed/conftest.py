"""An administrator elsewhere decides; this process has to obey at once.

Every setting is changed by another process with a database pool and a memory of its
own, after this one has already used the old value. Nothing is restarted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.errors import InvoError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.tables.supply import AgentCalendarRow, BusyIntervalRow
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.purge_plan import WORD
from tests.api.conftest import api, kept_parts
from tests.support.bank import at
from tests.web_staff.conftest import product, sign_in

__all__ = ["api", "kept_parts", "product", "sign_in"]

SIMONE = Actor(
    id=uuid4(),
    name="Simone",
    email="simone@bank.example",
    roles=frozenset({Role.SUPER_ADMIN}),
)
GRACE = replace(SIMONE, id=uuid4(), name="Grace", roles=frozenset({Role.ADMINISTRATOR}))


class Decide:
    """Saves settings, by their keys, in a process of its own."""

    def __init__(self, elsewhere: Deps) -> None:
        self.elsewhere = elsewhere

    def __call__(
        self, texts: dict[str, str], *, by: Actor = SIMONE, keep: Iterable[UUID] = ()
    ) -> None:
        """Save all of these, or raise what keeps them from being saved."""
        changes = {key: SettingEdit(text=it, word=WORD) for key, it in texts.items()}
        decided = dict.fromkeys(keep, Disposition.KEEP)
        save_settings(self.elsewhere, by, changes, dispositions=decided)


@pytest.fixture
def decide(deps, bank) -> Iterator[Decide]:
    assert bank.deps is deps
    engine = make_engine(deps.config.database_url)
    yield Decide(replace(deps, begin=unit_of_work(engine, deps.config.mail_link_key)))
    engine.dispose()


def offered(bank, days: int = 1) -> list:
    """Return the starts the public is offered from the Monday of the tests on."""
    window = Interval(at(0), at(0, days=days))
    found = booking.offer_slots(bank.deps, bank.answer_id, "en", window)
    return [slot.start for slot in found.slots]


def book(bank, starts_at, **more) -> booking.BookingResult:
    """Book as a customer."""
    wanted = bank.request(starts_at, **more)
    return booking.request_appointment(bank.deps, wanted, idempotency_key=str(uuid4()))


def refused(usecase, *arguments, **more) -> InvoError:
    """Return how a use case refuses.

    Raises:
        AssertionError: If it does not.
    """
    try:
        usecase(*arguments, **more)
    except InvoError as error:
        return error
    raise AssertionError("was not refused")


def busy(bank, person, start, end) -> None:
    """Say that an agent's outside calendar is taken, as a provider would."""
    with bank.deps.unit_of_work() as work:
        work.session.add(
            AgentCalendarRow(agent_id=person.id, read_at=bank.clock(), problem="")
        )
        work.session.add(
            BusyIntervalRow(agent_id=person.id, starts_at=start, ends_at=end)
        )
