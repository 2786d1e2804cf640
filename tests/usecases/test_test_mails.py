"""Test mails go to their sender, or to others a few times a day."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailTemporaryError, TooManyRequestsError
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.shared.mailing import MOST_TRIALS, MOST_TRIALS_TO_OTHERS

STRANGER = "stranger@example.com"


def test_an_administrator_sends_ten_test_mails_an_hour(deps, clock, ada, postbox):
    for _ in range(MOST_TRIALS):
        mailing.send_test_mail(deps, ada)

    clock.advance(timedelta(minutes=20))
    with pytest.raises(TooManyRequestsError, match="in 40 minutes"):
        mailing.send_test_mail(deps, ada)
    assert len(postbox.sent) == MOST_TRIALS
    clock.advance(timedelta(minutes=40))
    assert mailing.send_test_mail(deps, ada)


def test_an_address_of_somebody_else_gets_five_test_mails_a_day_from_all(
    deps, bank, ada, postbox
):
    bea = bank.agent("Bea", roles=(Role.ADMINISTRATOR,))
    for number in range(MOST_TRIALS_TO_OTHERS):
        mailing.send_test_mail(deps, (ada, bea)[number % 2], STRANGER)

    for who in (ada, bea):
        with pytest.raises(TooManyRequestsError, match="in 24 hours"):
            mailing.send_test_mail(deps, who, "Stranger+again@Example.com ")
    assert len(postbox.sent) == MOST_TRIALS_TO_OTHERS
    assert mailing.send_test_mail(deps, ada)


def test_test_mails_that_fail_are_counted_as_well(deps, ada, postbox):
    postbox.refusal = MailTemporaryError("The mail server is away.")
    for _ in range(MOST_TRIALS):
        with pytest.raises(MailTemporaryError):
            mailing.send_test_mail(deps, ada)

    with pytest.raises(TooManyRequestsError):
        mailing.send_test_mail(deps, ada)
