"""What is known of agents' calendars, as tests look at it."""

from datetime import UTC, timedelta

from sqlalchemy import text

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.search import Group
from invo_booking.usecases.slots import availability
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
        rules = rules_of(work, bank)
        with work.book(MONDAY, rules.now) as known_:
            reasons = known_.judge(rules, group_of(bank), start).reasons
    return {it.rule: it.sentence for it in reasons}


def group_of(bank):
    """Return whom appointments of the tests ask for."""
    return Group(bank.queue_id, "en")


def rules_of(work, bank):
    """Return the rules for half an hour, as the public is held to them."""
    half = availability.Wanted(group_of(bank), 30 * MINUTE, 0 * MINUTE, 0 * MINUTE)
    return availability.rules_for(
        work.roster, work.settings, half, bank.clock(), public=True
    )
