"""Do the periodic upkeep of connections: send warnings and delete unneeded grants."""

from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import Grant
from invo_booking.persistence.outbox import GIVE_UP_AFTER
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.calendars import alerts
from invo_booking.usecases.calendars.granting import grant_to_revoke, revoke_grant
from invo_booking.usecases.calendars.signing_in import LASTS
from invo_booking.usecases.shared.deps import Deps


def tidy_connections(deps: Deps) -> None:
    """Warn of expiring secrets and outages; delete unneeded grants and sign-ins.

    Administrators are mailed if a grant could not be revoked at the provider, because
    an administrator must then revoke the grant there.
    """
    now = deps.now()
    spent: list[tuple[str, Grant | None]] = []
    with deps.unit_of_work() as work:
        work.sign_ins.forget_before(now - LASTS)
        for connection in work.connections.inactive_with_grant():
            if _is_spent(deps, work, connection):
                grant = grant_to_revoke(deps, work, connection)
                work.connections.keep_grant(connection.id, "")
                spent.append((connection.provider, grant))
    for provider, grant in spent:
        if problem := revoke_grant(deps, provider, grant):
            alerts.report_kept_sign_in(deps, provider, problem)
    alerts.warn_of_secret(deps)
    alerts.warn_of_outage(deps)


def _is_spent(deps: Deps, work: UnitOfWork, connection: Connection) -> bool:
    """Whether an ended connection no longer needs its grant for removing events."""
    ended_at = connection.tried_at or connection.connected_at
    is_too_late = deps.now() - ended_at > GIVE_UP_AFTER
    return is_too_late or not work.removals.open_count(connection.id)
