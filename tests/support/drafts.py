"""An appointment as staff type it, with values that most tests do not care about."""

from datetime import datetime, timedelta
from typing import Any

from invo_booking.domain.appointment import Channel
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from tests.support.bank import Bank

HALF_HOUR = timedelta(minutes=30)


def staff_draft(bank: Bank, start: datetime, **more: Any) -> AppointmentDraft:
    """Return a video call of half an hour for Rosa; ``more`` replaces values."""
    values: dict[str, Any] = {
        "answer_id": bank.answer_id,
        "queue_id": bank.queue_id,
        "language": "en",
        "channel": Channel.VIDEO,
        "starts_at": start,
        "ends_at": start + HALF_HOUR,
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    return AppointmentDraft(**(values | more))
