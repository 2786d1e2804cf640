"""Send people to the room of their video call when they click a button.

A room's URL may contain a signed token. So the URL is sent only to a person who has
just clicked the button, and is neither cached nor passed on as a referrer.
"""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.problem import STATUSES
from invo_booking.domain.contact import phone_url
from invo_booking.domain.errors import InvoError
from invo_booking.web.customer.view import VisitView

_PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
_POLICY = "content-security-policy"
_OURS = "form-action 'self'"
"""CSP directive that lets forms lead to our own server only.

The form of a door page redirects to another server. Browsers apply the directive to
redirects too (CSP level 3, section 4.2.6), so the page's policy must allow other
servers.
"""


_SEE_OTHER = 303


def is_press(headers: Headers) -> bool:
    """Whether a person has just clicked a link or a button on one of our own pages.

    Browsers report this in Fetch Metadata headers, which pages cannot forge. Crawlers,
    mail scanners, previews and prefetching send other values, or none.
    """
    return (
        headers.get("sec-fetch-site") == "same-origin"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-user") == "?1"
        and not (headers.get("sec-purpose") or headers.get("purpose"))
    )


def room_redirect(address: str) -> Response:
    """Return a redirect to a room, which must not be cached."""
    return RedirectResponse(address, _SEE_OTHER, headers=_PRIVATE)


def door_page(
    *, refusal: InvoError | None = None, phone: str = "", **values: object
) -> Response:
    """Return the page in front of a room: a button, or the reason why there is none.

    Args:
        refusal: Why the room cannot be entered; ``None`` if it can.
        phone: Number to call instead; empty for none.
        values: Further values of the template.
    """
    sentence = "" if refusal is None else str(refusal)
    known = {"view": VisitView(), "opens": "", "sentence": sentence, **values}
    known |= {"phone": phone, "dial": phone_url(phone)}
    page = html_page("room_door.html", scripted=True, **known)
    page.headers.update(_PRIVATE)
    page.headers[_POLICY] = page.headers[_POLICY].replace(_OURS, f"{_OURS} https:")
    if refusal is not None:
        page.status_code = STATUSES[refusal.code]
    return page
