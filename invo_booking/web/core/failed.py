"""What stands in the place of a page that the browser could not draw."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

KEY = (55, "ErrorBoundary")
"""Under which Reflex keeps its own boundary around all pages; ours takes its place."""


class Failed(rx.Component):
    """Draws nothing and lets ``failed.js`` say that the page stopped working."""

    library = "$/public" + rx.asset("failed.jsx", shared=True)
    tag = "Failed"


def boundary(_has_state: bool) -> rx.Component:  # noqa: FBT001 - as Reflex calls it
    """Around all pages: catches what cannot be drawn, and tells the server of it."""
    return ErrorBoundary.create(fallback_render=Failed.create())
