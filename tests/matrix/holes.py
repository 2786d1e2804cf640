"""What the matrix must find: handlers that somebody forgot to guard."""

import reflex as rx
from sqlalchemy import text

from invo_booking import bootstrap
from invo_booking.web.core.guard import EventPolicy, allow
from tests.matrix.served import create

__all__ = ["Hole", "create"]


class Hole(rx.State):
    """Some handlers say for whom they are, some do not."""

    said: str = ""

    @rx.event
    async def tell(self) -> None:
        """Tell a customer's name."""
        statement = "SELECT string_agg(customer_name, ' ') FROM appointment"
        self.said = str(_run(statement))

    async def write(self) -> None:
        """Change something; not even decorated, and an endpoint all the same."""
        _run("UPDATE appointment SET notes = 'hole' RETURNING 1")

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def crash(self) -> None:
        """Fail as nobody planned for."""
        raise RuntimeError("crashed")

    @rx.event
    @allow(EventPolicy.STAFF)
    async def guarded(self) -> None:
        """Do nothing, for staff."""


def _run(statement: str) -> object:
    with bootstrap.deps().unit_of_work() as work:
        return work.session.connection().execute(text(statement)).scalar()
