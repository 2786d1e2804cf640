"""Determine whether a browser's request comes from our own pages.

Browsers send ``Origin`` with every request except simple reads, and with every
websocket handshake; pages cannot forge this header. A request without ``Origin`` and
``Sec-Fetch-Site`` comes from a program that is not a browser. Other sites cannot make
such a program send a user's cookie.
"""

from collections.abc import Collection

from starlette.datastructures import Headers

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""


def is_foreign_origin(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a browser reports another site as the origin."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin in origins:
        return False
    if origin in {None, "null"}:  # null: hidden by the page's referrer policy
        return site not in {None, "same-origin", "none"} or (
            origin == "null" and site is None
        )
    return True


def is_own_origin(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a browser reports one of our own pages as the origin."""
    return not is_foreign_origin(headers, origins) and (
        headers.get("origin") in origins
        or headers.get("sec-fetch-site") == "same-origin"
    )
