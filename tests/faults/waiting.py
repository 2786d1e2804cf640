"""What the tests of faults ask of the outbox."""

from sqlalchemy import text

from invo_booking.domain.clock import utc_now


def waiting_mails(deps) -> int:
    """Return how many mails have not gone out."""
    with deps.unit_of_work() as work:
        return work.outbox.count("open")


def let_time_pass(deps) -> None:
    """Let time pass for all that waits: leases of killed workers and pauses."""
    with deps.unit_of_work() as work:
        for statement in (
            "UPDATE outbox SET due_at = :now WHERE state = 'open'",
            "UPDATE mail_server SET paused_until = :now WHERE paused_until IS NOT NULL",
        ):
            work.session.connection().execute(text(statement), {"now": utc_now()})
