"""Test the settings of the Mailer page."""

from typing import Annotated

from fastapi import Body as RequestBody

from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.api.core.shapes import Body, Email
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.shared import mailing

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin/mail")


class TrialBody(Body):
    """The recipient of the test mail; by default, your own e-mail address."""

    to: Email = ""


@router.post("/test")
def send_test_mail(
    deps: CurrentDeps,
    actor: CurrentActor,
    key: SubmitKey,
    body: Annotated[TrialBody | None, RequestBody()] = None,
) -> dict[str, str]:
    """Send a test mail now, the way customers get mail.

    503 `mail_later` or 422 `mail_refused`, with a sentence on what to check.
    """
    to = body.to if body else ""
    return {"detail": mailing.send_test_mail(deps, actor, to, key=key)}
