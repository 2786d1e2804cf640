"""What the sign-in page says; the form itself is posted past Reflex."""

import reflex as rx

from invo_booking.usecases.booking import booking
from invo_booking.web.core import routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow

SENTENCES = {
    "wrong": "E-mail address or password is not right. Try again.",
    "slow": "Too many wrong passwords were tried. Wait a minute (after many, up to "
    "fifteen) and try again, or press Forgot password: it lets you in at once.",
    "ended": "You were signed out. Nothing is lost: sign in to go on.",
}


DONE = {"password": "Your password is set. Sign in with it."}


class SignInState(rx.State):
    """Why a person has to sign in again, and where they go afterwards."""

    institution: str = ""
    sentence: str = ""
    done: str = ""
    after: str = routes.DASHBOARD

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Read the reason and the way back from the address."""
        query = self.router.url.query_parameters
        self.sentence = SENTENCES.get(query.get("error", ""), "")
        self.done = DONE.get(query.get("done", ""), "")
        wanted = query.get("next", "")
        known = wanted.partition("?")[0].rstrip("/") in routes.STAFF_PAGES
        self.after = wanted if known else routes.DASHBOARD
        self.institution = (await ask(booking.public_site)).name
