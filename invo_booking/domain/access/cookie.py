"""Name the product's cookies and read cookies from a header.

In older versions of Python, the standard library's cookie parser takes quadratic time
for a header of backslashes, so one request could block a web process. Therefore no
``Cookie`` header is passed to the standard library's parser.
"""

import re

NAME = "invo_session"
SECURE_NAME = f"__Host-{NAME}"
"""Name of the session cookie over https. Browsers accept a cookie with the prefix
``__Host-`` only from the host itself, so a neighboring host cannot set it (RFC 6265bis
section 4.1.3.2)."""

KNOWN_BROWSER = "invo_known"
"""Name of a cookie that marks a browser in which the person has signed in before. The
cookie does not sign anyone in."""

MOST_BYTES = 8_192
"""Longest ``Cookie`` header that is read, in bytes; browsers send far less."""

GRANT = "invo_grant"
"""Name of the cookie with the encrypted grant of one personal calendar."""

SECURE_GRANT = f"__Secure-{GRANT}"
"""Name of the grant cookie over https. The prefix is not ``__Host-``, because that
prefix does not allow a cookie to have its own path."""

LONGEST_GRANT = 3_900
"""Longest value of the grant cookie, in bytes. Browsers store at most 4,096 bytes for a
cookie, including its name and attributes."""

RELAY = "/relay/"
"""Prefix of the paths of grants. Each grant has its own path below this prefix, and
browsers send the grant's cookie to that path only."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SEALED = re.compile(rf"[A-Za-z0-9_:-]{{1,{LONGEST_GRANT}}}")
_GRANT_PATH = re.compile(rf"{RELAY}([A-Za-z0-9_-]{{22}})(/[a-z-]{{1,20}})?")


def cookie_name(public_url: str) -> str:
    """Return the name of the session cookie for the installation's public URL."""
    return SECURE_NAME if public_url.startswith("https:") else NAME


def grant_cookie_name(public_url: str) -> str:
    """Return the name of a grant's cookie for the installation's public URL."""
    return SECURE_GRANT if public_url.startswith("https:") else GRANT


def grant_of_path(path: str) -> str:
    """Return the id of the grant that a path belongs to; empty for any other path."""
    match = _GRANT_PATH.fullmatch(path)
    return match[1] if match else ""


def grant_cookie_value(header: str, name: str) -> str:
    """Return the encrypted grant; empty if the cookie is missing or malformed."""
    return _cookie_value(header, name, _SEALED)


def session_cookie_value(header: str, name: str) -> str:
    """Return a cookie's token; empty if the cookie is missing or malformed.

    Takes time proportional to the header's length. At most ``MOST_BYTES`` are read. The
    product never sets quoted values, so they are ignored.

    Args:
        header: The ``Cookie`` header as received.
        name: Name of the cookie; for a session see ``cookie_name``.
    """
    return _cookie_value(header, name, _TOKEN)


def _cookie_value(header: str, name: str, form: re.Pattern[str]) -> str:
    for part in header[:MOST_BYTES].split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value if form.fullmatch(value) else ""
    return ""
