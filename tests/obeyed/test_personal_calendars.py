"""Agents show their own calendars where administrators let them."""

import pytest

from invo_booking.usecases.calendars.personal.sign_in import offered_personal_calendars

GUID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
FIELDS = {
    "google": {
        "calendars.google_client_id": "123.apps.googleusercontent.com",
        "calendars.google_client_secret": "a secret",
    },
    "outlook": {
        "calendars.outlook_client_id": GUID,
        "calendars.outlook_tenant": GUID,
        "calendars.outlook_client_secret": "a secret",
    },
}


@pytest.mark.obeys("calendars.google_personal", "calendars.outlook_personal")
@pytest.mark.parametrize("provider", FIELDS)
def test_own_calendars_are_offered_where_they_are_switched_on_and_filled_in(
    deps, decide, provider
):
    assert offered_personal_calendars(deps) == ()
    decide({f"calendars.{provider}_personal": "on"})
    assert offered_personal_calendars(deps) == ()

    decide(FIELDS[provider])
    assert offered_personal_calendars(deps) == (provider,)

    decide({f"calendars.{provider}_personal": "off"})
    assert offered_personal_calendars(deps) == ()
