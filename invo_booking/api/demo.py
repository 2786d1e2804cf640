"""Show the demo's mailbox and its room for video calls; only in a demo."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Path
from starlette.responses import HTMLResponse

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.mail.mailbox import (
    demo_mailbox_folder,
    list_demo_mails,
    read_demo_mail,
)
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.deps import Deps

_LINKS_LEAVE_THE_FRAME = '<base target="_top">'

router = policy_router(RoutePolicy.PUBLIC, "/demo")


@router.get("/mailbox", include_in_schema=False)
def show_mailbox(deps: CurrentDeps) -> HTMLResponse:
    """List the newest mails; the page refreshes itself."""
    mails = list_demo_mails(demo_mailbox_folder(deps.config))
    return html_page("mailbox.html", scripted=True, mails=mails, zone=_zone(deps))


@router.get("/mailbox/{mail_id}", include_in_schema=False)
def show_mail(deps: CurrentDeps, mail_id: str) -> HTMLResponse:
    """Show one mail, inside a frame without scripts."""
    mail = read_demo_mail(demo_mailbox_folder(deps.config), mail_id)
    framed = _LINKS_LEAVE_THE_FRAME + mail.html
    return html_page("mail.html", mail=mail, framed=framed, zone=_zone(deps))


@router.get("/room/{name}", include_in_schema=False)
def show_room(name: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]) -> HTMLResponse:
    """Show a page that says which video calls a bank would connect instead."""
    return html_page("demo_room.html", room=name)


def _zone(deps: Deps) -> ZoneInfo:
    return ZoneInfo(booking.public_site(deps).time_zone)
