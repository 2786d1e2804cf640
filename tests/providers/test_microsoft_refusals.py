"""Microsoft's refusals, in sentences an administrator can act upon."""

from datetime import timedelta

import pytest

from invo_booking.domain.calendars.provider_errors import (
    ReconnectError,
    ThrottledError,
)
from invo_booking.providers.microsoft.permissions import names_needed
from invo_booking.providers.microsoft.refusals import authority_refusal
from tests.providers.contract import OutlookWorld
from tests.providers.test_microsoft_calendar import ANA, TODAY
from tests.support.microsoft.people import SCHEDULER


def refused(number):
    """Return what is made of a refusal by the authority."""
    words = f"AADSTS{number}: Something in Microsoft's own words. Trace ID: 1"
    told = {"error": "invalid_grant", "error_codes": [number]}
    return authority_refusal(
        {**told, "error_description": words}, names_needed(has_own_host=False)
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (70043, "how often people sign in"),
        (70044, "how often people sign in"),
        (50055, "password has expired"),
        (50105, "for assigned people only"),
        (53000, "certain devices only"),
        (53001, "certain devices only"),
        (530003, "certain devices only"),
        (90072, "of another tenant"),
        (7000112, "is disabled in this tenant"),
    ],
)
def test_refusal_of_a_sign_in_says_what_to_do(number, told):
    error = refused(number)

    assert isinstance(error, ReconnectError)
    assert told in str(error)
    assert "sign in" in str(error).lower()
    assert "AADSTS" not in str(error)


def test_loop_that_microsoft_saw_is_waited_for_and_asks_nobody_to_sign_in():
    error = refused(50196)

    assert isinstance(error, ThrottledError)
    assert error.wait == timedelta(minutes=5)
    assert "automatically" in str(error)


def test_account_without_a_mailbox_is_named_as_the_trouble(outlook):
    outlook.without_mailbox.add(SCHEDULER)
    calendar = OutlookWorld(outlook).calendar

    with pytest.raises(ReconnectError, match="no mailbox in Exchange Online"):
        calendar.free_busy([ANA], TODAY)
    bad = [it for it in calendar.check() if not it.ok]
    assert [it.name for it in bad] == ["Free and busy of the connected account"]
    assert "no mailbox in Exchange Online" in bad[0].sentence
