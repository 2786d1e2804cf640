"""A bank whose administrators sign in at the fake Google."""

from invo_booking.settings import calendars
from invo_booking.settings.providers import GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.shared.sealing import seal
from tests.support.connecting import BROWSER
from tests.support.google import SCHEDULER


def register_google(bank, google) -> None:
    """Fill in what Google knows the bank by, and choose Google."""
    sealed = seal(bank.deps.config, GOOGLE_CLIENT_SECRET.key, google.client_secret)
    bank.set(GOOGLE_CLIENT_ID, google.client_id)
    bank.set(GOOGLE_CLIENT_SECRET, sealed)
    bank.set(calendars.PRIMARY_PROVIDER, calendars.GOOGLE)


def connect_google(deps, actor, google, *, session=BROWSER, **how):
    """Sign in at the fake from beginning to end; return the connection."""
    address = connections.begin_connection_sign_in(deps, actor, session)
    answer = google.approve(address, email=SCHEDULER, **how)
    return connections.finish_connection_sign_in(
        deps, actor, session, answer, calendars.GOOGLE
    )
