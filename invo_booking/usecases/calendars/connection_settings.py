"""Apply changed settings to the connection."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.settings.spec import Setting
from invo_booking.usecases.calendars.registration import (
    FIELDS,
    SERVER_FIELDS,
    provider_label,
)


def refuse_switching(work: UnitOfWork, changed: Collection[Setting[Any]]) -> None:
    """Refuse a change of the provider as a plain setting while one is connected.

    Raises:
        InvalidInputError: If the provider is changed.
    """
    connection = work.connections.active()
    if PRIMARY_PROVIDER in changed and connection is not None:
        raise InvalidInputError(
            {
                PRIMARY_PROVIDER.key: f"{provider_label(connection.provider)} is "
                "connected. Use “Switch provider” in its panel: it says first "
                "what ends with it."
            }
        )


def apply_connection_settings(
    work: UnitOfWork, changed: Collection[Setting[Any]], now: datetime
) -> None:
    """Try a connection with new credentials at once, and reset expiry warnings."""
    connection = work.connections.active()
    if connection is None:
        return
    registered = FIELDS.get(connection.provider)
    fields = registered or SERVER_FIELDS.get(connection.provider)
    if fields and not fields.credentials.isdisjoint(changed):
        work.connections.schedule_run(connection.id, now)
    if registered and registered.secret_ends in changed:
        work.connections.reset_warnings(connection.id)
