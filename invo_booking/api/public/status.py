"""Serve the status page as HTML, and handle its forms.

The page's URL is the customer's link. The page works without scripts and without the
websocket. With scripts and websocket, the live page replaces it. Opening the page
changes nothing; its forms are posted to the same URL.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response

from invo_booking.api.accounts.session import shorten_typed_text
from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.api.core.problem import STATUSES
from invo_booking.api.public.facts import Facts, facts_of_site
from invo_booking.api.public.shell import PageShell
from invo_booking.domain.appointment import OVER
from invo_booking.domain.errors import InvoError, NotFoundError, PurgedError
from invo_booking.mail.facts import OPEN
from invo_booking.texts import in_language, say
from invo_booking.usecases.booking import (
    booking,
    lateness,
    limit_resolution,
    manage,
    request_mail,
)
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.web.core.routes import DONE, Done
from invo_booking.web.customer.notices import is_offered_for_visit, visit_done_notice
from invo_booking.web.customer.view import VisitView, visit_view
from invo_booking.web.kit.text import times

Typed = Annotated[str, Form()]
Action = Callable[[Deps, str, str], object]

_SEE_OTHER, _FINE, _GONE, _NOT_USABLE = 303, 200, 410, 422


@dataclass(frozen=True, slots=True)
class _FormOutcome:
    """The outcome of a form, as the page shows it.

    Attributes:
        done: The action that was carried out before the page opened; empty for none.
        opened: The action whose form is open; empty for none.
        refused: The action that was refused; empty for none.
        error: Why the action was refused.
        status: HTTP status, if it does not follow from the error or the appointment.
    """

    done: str = ""
    opened: str = ""
    refused: str = ""
    error: InvoError | None = None
    status: int = 0


_NOTHING = _FormOutcome()

router = policy_router(RoutePolicy.LINK, "/a/{token}")


@router.api_route("", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
def show_status(
    request: Request,
    deps: CurrentDeps,
    token: str,
    done: str = "",
    opened: Annotated[str, Query(alias=OPEN)] = "",
) -> Response:
    """Show the appointment of a link, and the form of an action if ``opened``.

    Changes nothing.
    """
    outcome = _FormOutcome(done=done, opened=opened)
    return _status_page(request, deps, token, outcome)


@router.api_route("/limit", methods=["GET", "HEAD"], include_in_schema=False)
def show_limit(request: Request, deps: CurrentDeps, token: str) -> Response:
    """Show a page that explains the limit of appointments, until the live page loads.

    On the live page, the customer chooses an appointment to cancel.
    """
    shell: PageShell = request.app.state.shell
    facts = facts_of_site(booking.public_site(deps))
    title, address = say("limit.page"), f"/a/{token}/limit"
    try:
        limit_resolution.read_limit_prompt(deps, token)
    except NotFoundError as error:
        return _missing_page(shell, facts, title, error)
    return shell.page("make_room.html", facts, title=title, address=address)


@router.post("", include_in_schema=False)
def act(
    request: Request,
    deps: CurrentDeps,
    token: str,
    do: Typed = "",
    text: Typed = "",
) -> Response:
    """Do what a form of the page asks for, and show the page with the outcome.

    If the action is refused, the page says why beside the button that was pressed.
    """
    if do not in _ACTIONS:
        return _status_page(request, deps, token, _FormOutcome(status=_NOT_USABLE))
    try:
        _ACTIONS[Done(do)](deps, token, shorten_typed_text(text))
    except NotFoundError:
        return _status_page(request, deps, token)
    except InvoError as error:
        return _status_page(request, deps, token, _FormOutcome(refused=do, error=error))
    return RedirectResponse(f"{in_language(f'/a/{token}')}?{DONE}={do}", _SEE_OTHER)


_ACTIONS: dict[Done, Action] = {
    Done.CONFIRMED: lambda deps, token, _: manage.confirm_by_link(deps, token),
    Done.CANCELLED: manage.cancel_by_link,
    Done.LATE: lambda deps, token, _: lateness.report_late(deps, token),
    Done.IN_TIME: lambda deps, token, _: lateness.withdraw_late_report(deps, token),
    Done.SENT_AGAIN: lambda deps, token, _: request_mail.resend_request_mail(
        deps, token
    ),
    Done.ADDRESS_CHANGED: request_mail.correct_address,
}


def _status_page(
    request: Request, deps: Deps, token: str, outcome: _FormOutcome = _NOTHING
) -> Response:
    shell: PageShell = request.app.state.shell
    facts = facts_of_site(booking.public_site(deps))
    title = say("public.your_appointment")
    try:
        visit = manage.read_visit(deps, token)
    except NotFoundError as error:
        return _missing_page(shell, facts, title, error)
    view, refused = visit_view_of_request(request, visit), outcome.refused
    return shell.page(
        "status.html",
        facts,
        title=title,
        status=_status_of(visit, outcome),
        address=f"/a/{token}",
        view=view,
        token=token,
        notice=visit_done_notice(outcome.done, visit, view),
        opened=outcome.opened,
        refused=refused,
        is_offered=bool(refused) and is_offered_for_visit(refused, view),
        sentence=str(outcome.error or ""),
    )


def _missing_page(
    shell: PageShell, facts: Facts, title: str, error: NotFoundError
) -> Response:
    template = "purged.html" if isinstance(error, PurgedError) else "missing.html"
    return shell.page(template, facts, title=title, status=STATUSES[error.code])


def _status_of(visit: Visit, outcome: _FormOutcome) -> int:
    if outcome.error is not None:
        return STATUSES[outcome.error.code]
    return outcome.status or (_GONE if visit.phase in OVER else _FINE)


def visit_view_of_request(request: Request, visit: Visit) -> VisitView:
    """Return the status page in the customer's zone and the browser's formats."""
    zone = times.browser_zone_of(
        visit.appointment.customer.time_zone, visit.institution_zone
    )
    habits = times.locale_of(request.headers.get("accept-language", ""))
    return visit_view(visit, zone, habits)
