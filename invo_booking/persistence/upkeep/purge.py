"""Delete appointments that are over, with their customers' data."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from invo_booking.persistence.outbox import GIVE_UP_AFTER
from invo_booking.persistence.repository import Repository

PURGE_LOCK = 7_003
ENDED_LINKS_KEPT = timedelta(days=400)
"""How long a link still leads to a page saying that the appointment is over."""

_PURGE = text("""
WITH ended AS (
    SELECT id FROM appointment
    WHERE starts_at < :midnight AND ends_at <= :midnight
        AND status NOT IN ('requested', 'confirmed')
        AND NOT EXISTS (SELECT FROM outbox WHERE outbox.appointment_id = appointment.id
            AND outbox.state = 'open' AND outbox.kind = 'mail'
            AND outbox.created_at > :given_up)
    ORDER BY starts_at LIMIT :most FOR UPDATE SKIP LOCKED
), unsent AS (
    DELETE FROM outbox USING ended WHERE outbox.appointment_id = ended.id
), shown AS (
    INSERT INTO outbox (kind, state, message_id, payload, created_at, due_at, attempts,
        last_error)
    SELECT 'removal', 'open', gen_random_uuid()::text,
        jsonb_build_object('connection', connection.id, 'event', event.event_id,
            'key', event.key, 'period',
            jsonb_build_array(event.starts_at, event.ends_at)),
        :now, :now, 0, ''
    FROM ended JOIN host_event AS event ON event.appointment_id = ended.id
    JOIN connection ON connection.id = event.connection_id
    WHERE event.state NOT IN ('gone', 'deleted')
), ended_links AS (
    INSERT INTO ended_link (hash, ended_at)
    SELECT hash, :now FROM link_token JOIN ended ON appointment_id = ended.id
    ON CONFLICT DO NOTHING
), gone AS (
    DELETE FROM appointment USING ended WHERE appointment.id = ended.id
    RETURNING appointment.*, starts_at AT TIME ZONE :zone AS began
), counted AS (
    INSERT INTO counter (day, half_hour, queue_id, language, channel, outcome, count)
    SELECT began::date, date_part('hour', began) * 2 + date_part('minute', began)::int
        / 30, queue_id, language, channel, status, count(*)
    FROM gone GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (day, half_hour, queue_id, language, channel, outcome)
    DO UPDATE SET count = counter.count + excluded.count
)
SELECT count(*) FROM gone
""")


_FORGET = text("DELETE FROM ended_link WHERE ended_at < :before")


class Purge(Repository):
    """The deletion of old appointments in one transaction."""

    def delete_ended_before(
        self, midnight: datetime, zone: ZoneInfo, most: int, now: datetime
    ) -> int:
        """Delete appointments that ended before a midnight; return how many.

        Deletes the mails, links and idempotency keys of each appointment too. Hashes of
        the links stay for ``ENDED_LINKS_KEPT``; these links open nothing. Removals of
        events in the host calendar are added to the outbox. Of the appointments
        themselves, only their number is kept, by local half hour, queue, language,
        channel and outcome.

        Keeps appointments with an unsent mail as long as workers may still try to send
        the mail. Keeps live appointments until the periodic task has set their final
        status.

        Args:
            midnight: The midnight as an instant in UTC.
            zone: Zone of the days and half hours by which appointments are counted.
            most: Largest number of appointments to delete at once.
            now: The current instant, in UTC.
        """
        connection = self._session.connection()
        values = {
            "midnight": midnight,
            "zone": zone.key,
            "most": most,
            "now": now,
            "given_up": now - GIVE_UP_AFTER,
        }
        connection.execute(text(f"SELECT pg_advisory_xact_lock({PURGE_LOCK}, 0)"))
        return connection.execute(_PURGE, values).scalar_one()

    def forget_ended_links(self, now: datetime) -> None:
        """Delete the hashes of links that ended long ago, even if purging is off."""
        before = now - ENDED_LINKS_KEPT
        self._run(_FORGET, before=before)
