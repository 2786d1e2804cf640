"""Signing in at a fake vendor without a browser."""

import re
import ssl
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

SCHEDULER = "scheduling@bank.example"


class PageError(Exception):
    """The vendor shows a page of its own instead of sending the person back."""


def approve(
    auth_uri: str, *, email: str = SCHEDULER, accept: bool = True, ca_file: Path
) -> dict[str, str]:
    """Sign in and accept, or cancel; return what the browser would bring back.

    Raises:
        PageError: If nobody is sent back; its words are those of the page.
    """
    decision = "accept" if accept else "cancel"
    form = {"email": email, "decision": decision}
    with httpx.Client(verify=trusting(ca_file), trust_env=False) as browser:
        answer = browser.post(auth_uri, data=form)
    if not answer.is_redirect:
        raise PageError(unescape(re.sub(r"<[^>]+>", " ", answer.text)))
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def trusting(ca_file: Path) -> ssl.SSLContext:
    """Return a context that trusts this authority and nobody else."""
    return ssl.create_default_context(cafile=str(ca_file))
