"""The messages of the sign-in page; the browser posts the form without Reflex."""

import reflex as rx

from invo_booking.usecases.booking import booking
from invo_booking.web.core import routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit.text.names import reason_text
from invo_booking.web.menu import staff_pages

SENTENCES = {
    "wrong": "sign_in.problem.wrong",
    "slow": "sign_in.problem.slow",
    "ended": "sign_in.problem.ended",
}


DONE = {"password": "sign_in.done.password"}


class SignInState(rx.State):
    """Why a person must sign in, and which page is opened afterwards."""

    institution: str = ""
    sentence: str = ""
    is_refused: bool = False  # whether the last attempt failed
    done: str = ""
    after: str = routes.DASHBOARD

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Read the reason and the next page from the URL."""
        query = self.router.url.query_parameters
        reason = query.get("error", "")
        self.sentence = reason_text(SENTENCES, reason)
        self.is_refused = reason != "ended"
        self.done = reason_text(DONE, query.get("done", ""))
        place = query.get("next", "")
        known = place.partition("?")[0].rstrip("/") in staff_pages()
        self.after = place if known else routes.DASHBOARD
        self.institution = (await ask(booking.public_site)).name
