"""Whether mail can be sent as the Mailer settings say."""

from typing import Annotated

from fastapi import Body as RequestBody

from invo_booking.api.core.policy import CurrentActor, CurrentDeps, RoutePolicy, door
from invo_booking.api.core.shapes import Body, Email
from invo_booking.api.core.submits import SubmitKey
from invo_booking.usecases.shared import mailing

router = door(RoutePolicy.ADMIN, "/api/v1/admin/mail")


class TrialBody(Body):
    """Who gets the test mail; yourself if nobody is named."""

    to: Email = ""


@router.post("/test")
def send_test_mail(
    deps: CurrentDeps,
    actor: CurrentActor,
    key: SubmitKey,
    wanted: Annotated[TrialBody | None, RequestBody()] = None,
) -> dict[str, str]:
    """Send a mail at once, as customers would get it; say why if it cannot be sent.

    503 `mail_later` or 422 `mail_refused` with a sentence on what to check.
    """
    to = wanted.to if wanted else ""
    return {"detail": mailing.send_test_mail(deps, actor, to, key=key)}
