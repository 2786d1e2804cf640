"""Whether a browser sent a request from one of our own pages.

Browsers put ``Origin`` on every request that is not a plain read and on every
websocket handshake, and pages cannot forge it. A request without ``Origin`` and
``Sec-Fetch-Site`` comes from a program, which has no visitor's cookie to abuse.
"""

from collections.abc import Collection

from starlette.datastructures import Headers

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""


def is_foreign(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a browser says that another site made the request."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin in origins:
        return False
    if origin in {None, "null"}:  # null: hidden by the page's referrer policy
        return site not in {None, "same-origin", "none"} or (
            origin == "null" and site is None
        )
    return True


def is_own(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a browser says that one of our own pages made the request."""
    return not is_foreign(headers, origins) and (
        headers.get("origin") in origins
        or headers.get("sec-fetch-site") == "same-origin"
    )
