"""Every setting there is, in the order of the pages."""

from typing import Any

from invo_booking.settings import calendars, general, mailer, time, ux
from invo_booking.settings.spec import Setting

ENTRIES: tuple[Setting[Any], ...] = (
    *general.ENTRIES,
    *time.ENTRIES,
    *calendars.ENTRIES,
    *ux.ENTRIES,
    *mailer.ENTRIES,
)
BY_KEY = {entry.key: entry for entry in ENTRIES}
