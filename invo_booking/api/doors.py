"""Send people to the room of their call, and only when they press for it.

A room's address may contain a signed token: it is sent once, to a person who asks for
it now, and is neither cached nor passed on as a referrer.
"""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from invo_booking.api.core.pages import html_page
from invo_booking.api.core.problem import STATUSES
from invo_booking.domain.errors import InvoError

_PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
_POLICY = "content-security-policy"
_OURS = "form-action 'self'"
"""Where forms may lead. The form of a door leads to other servers: browsers apply the
rule to redirects as well (CSP level 3, section 4.2.6)."""


_SEE_OTHER = 303


def is_press(headers: Headers) -> bool:
    """Whether a person followed a link on one of our own pages just now.

    Browsers report this with Fetch Metadata, which pages cannot forge. Crawlers, mail
    scanners, previews and prefetching do not report it.
    """
    return (
        headers.get("sec-fetch-site") == "same-origin"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-user") == "?1"
        and not (headers.get("sec-purpose") or headers.get("purpose"))
    )


def room_redirect(address: str) -> Response:
    """Send a browser to a room."""
    return RedirectResponse(address, _SEE_OTHER, headers=_PRIVATE)


def door_page(*, refusal: InvoError | None = None, **values: object) -> Response:
    """Return the page in front of a room: a button, or why there is none.

    Args:
        refusal: Why the room cannot be entered.
        values: Values of the template.
    """
    sentence = "" if refusal is None else str(refusal)
    page = html_page("room_door.html", scripted=True, sentence=sentence, **values)
    page.headers.update(_PRIVATE)
    page.headers[_POLICY] = page.headers[_POLICY].replace(_OURS, f"{_OURS} https:")
    if refusal is not None:
        page.status_code = STATUSES[refusal.code]
    return page
