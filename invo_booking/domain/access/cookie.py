"""The cookies there are: their names, and the only reader of them.

The standard library's reader takes quadratic time over backslashes on older Pythons,
and a web process can be stopped with it; so no ``Cookie`` header reaches that one.
"""

import re

NAME = "invo_session"
SECURE_NAME = f"__Host-{NAME}"
"""Over https. Browsers take it from this very host alone, so that no neighboring host
can plant a session of its own (RFC 6265bis section 4.1.3.2)."""

KNOWN_BROWSER = "invo_known"
"""By which a browser is known whose owner has signed in before; no session."""

MOST_BYTES = 8_192
"""What browsers send for a whole host is far less."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


def cookie_name(public_url: str) -> str:
    """Return what the session's cookie is called at an address people type."""
    return SECURE_NAME if public_url.startswith("https:") else NAME


def session_cookie_value(header: str, name: str) -> str:
    """Return a cookie's token; empty if there is none, or none that could be one.

    Takes time in proportion to the header's length, of which no more than
    ``MOST_BYTES`` is read. Quoted values are none of ours.

    Args:
        header: Of a request, as it came.
        name: Of the cookie; for a session's see ``cookie_name``.
    """
    for part in header[:MOST_BYTES].split(";"):
        found, _, value = part.strip().partition("=")
        if found == name:
            return value if _TOKEN.fullmatch(value) else ""
    return ""
