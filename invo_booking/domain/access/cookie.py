"""Name the product's cookies and read them from a header.

The standard library's parser takes quadratic time over backslashes on older Pythons, so
a client could block a web process with one header. No ``Cookie`` header reaches that
parser.
"""

import re

NAME = "invo_session"
SECURE_NAME = f"__Host-{NAME}"
"""Name of the session cookie over https. Browsers accept it from this host only, so a
neighboring host cannot set a session of its own (RFC 6265bis section 4.1.3.2)."""

KNOWN_BROWSER = "invo_known"
"""Cookie that marks a browser in which the person has signed in before. It is not a
session."""

MOST_BYTES = 8_192
"""Longest header that is read; browsers send far less for a whole host."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


def cookie_name(public_url: str) -> str:
    """Return the name of the session cookie for the installation's address."""
    return SECURE_NAME if public_url.startswith("https:") else NAME


def session_cookie_value(header: str, name: str) -> str:
    """Return a cookie's token; empty if the cookie is missing or malformed.

    The time is proportional to the header's length, of which at most ``MOST_BYTES`` are
    read. The product never sets quoted values, so they are ignored.

    Args:
        header: The ``Cookie`` header as received.
        name: Name of the cookie; for a session see ``cookie_name``.
    """
    for part in header[:MOST_BYTES].split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value if _TOKEN.fullmatch(value) else ""
    return ""
