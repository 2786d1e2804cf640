"""What customers read when they want to confirm what is gone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.errors import LinkExpiredError
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.upkeep import periodic
from tests.support.bank import at


@pytest.fixture
def booked(bank):
    bank.agent("Ana")
    key = uuid4().hex
    return booking.request_appointment(
        bank.deps, bank.request(at(10)), idempotency_key=key
    )


def test_requester_of_what_is_gone_is_told_so_and_not_sent_to_the_mail(
    bank, clock, booked
):
    clock.advance(timedelta(minutes=31))
    periodic.expire_unconfirmed(bank.deps)

    with pytest.raises(LinkExpiredError, match="not confirmed in time"):
        manage.confirm_by_link(bank.deps, booked.token)


def test_requester_of_what_was_cancelled_is_told_so(bank, booked):
    manage.cancel_by_link(bank.deps, booked.token)

    with pytest.raises(LinkExpiredError, match="cancelled"):
        manage.confirm_by_link(bank.deps, booked.token)
