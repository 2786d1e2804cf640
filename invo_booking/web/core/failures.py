"""Show a replacement for a page that the browser could not render."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from invo_booking.web.menu import staff_pages
from invo_booking.web.scripts import script

KEY = (55, "ErrorBoundary")
"""Key of Reflex's own error boundary, which ``app_boundary`` replaces."""


class FailureNotice(rx.Component):
    """Draws nothing and lets ``failed.js`` say that the page stopped working."""

    library = script(__name__, "failed.jsx")
    tag = "Failed"


class FailedPart(rx.Component):
    """Says that the main part of a page stopped working, and offers a link back.

    Attributes:
        back: Text of the link.
        href: Address of the link.
    """

    library = script(__name__, "failed.jsx")
    tag = "FailedPart"

    back: rx.Var[str]
    href: rx.Var[str]


def page_boundary(*content: rx.Component, back: str, href: str) -> rx.Component:
    """Wrap the main part of a page: if it cannot be drawn, the menu stays."""
    notice = FailedPart.create(back=back, href=href)
    return ErrorBoundary.create(*content, fallback_render=notice)


def app_boundary(_has_state: bool) -> rx.Component:  # noqa: FBT001 - as Reflex calls it
    """The error boundary of all pages, which reports failures to the server."""
    return ErrorBoundary.create(fallback_render=FailureNotice.create())


def staff_pages_for_scripts() -> rx.Component:
    """Return a ``meta`` element with the first path segments of staff pages' URLs.

    By this element, ``failed.js`` decides which page to link to from a failed page.
    """
    segments = sorted({route.split("/")[1] for route in staff_pages()})
    return rx.el.meta(name="staff-pages", content=" ".join(segments))
