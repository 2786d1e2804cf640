"""What is known of agents' calendars, as tests look at it."""

from datetime import UTC, timedelta

from sqlalchemy import text

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.search import Group
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion
from tests.support.bank import at

MINUTE = timedelta(minutes=1)
MONDAY = Interval(at(0), at(24))


def span(start, end, *, days=0):
    """Return a span of the Monday of the tests, or of days after it, in hours."""
    return Interval(at(start, days=days), at(end, days=days))


def known(bank):
    """Return how calendars were last asked for, by mailbox."""
    with bank.deps.unit_of_work() as work:
        return {it.mailbox: it for it in work.busy.calendars()}


def stored(bank, agent):
    """Return what is kept of an agent's calendar, earliest first."""
    with bank.deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT starts_at, ends_at FROM busy_interval WHERE agent_id = :who"),
            {"who": agent.id},
        )
        return sorted(
            Interval(start.astimezone(UTC), end.astimezone(UTC)) for start, end in rows
        )


def state(bank):
    """Return the connection in use."""
    with bank.deps.unit_of_work() as work:
        return work.connections.active()


def run(bank, statement):
    """Run a statement as nobody in the product would."""
    with bank.deps.unit_of_work() as work:
        return work.session.connection().execute(text(statement))


def why(bank, start):
    """Return why a start is closed to the public, by rule."""
    with bank.deps.unit_of_work() as work:
        reasons = question_of(work, bank).judge(start).reasons
    return {it.rule: it.sentence for it in reasons}


def question_of(work, bank):
    """Return the question for half an hour, as the public is answered."""
    half = SlotRequest(Group(bank.queue_id, "en"), 30 * MINUTE, 0 * MINUTE, 0 * MINUTE)
    return SlotQuestion.of_public(work, half, bank.clock())
