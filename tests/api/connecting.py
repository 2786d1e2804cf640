"""A browser of an administrator who connects a provider."""

from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.links import hash_secret
from tests.api.conftest import serve
from tests.support.bank import PASSWORD

ORIGIN = {"origin": "http://localhost:8000"}


def signed_in(deps, name):
    browser = serve(deps)
    form = {"email": f"{name}@bank.example", "password": PASSWORD}
    assert browser.post("/session/sign-in", data=form, headers=ORIGIN).cookies
    return browser


def begun(deps, grace, browser):
    session = hash_secret(browser.cookies["invo_session"])
    return connections.begin_connection_sign_in(deps, grace, session)
