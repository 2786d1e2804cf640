"""The web application: pages, HTTP interface and live updates in one process."""

import logging
import secrets
from collections import deque
from typing import cast

import reflex as rx
from reflex.event import EventSpec
from reflex.state import FrontendEventExceptionState
from reflex_base.event.context import EventContext

from invo_booking import api
from invo_booking.run import draining
from invo_booking.run.log_budget import LogBudget
from invo_booking.web.core import (
    browser_failures,
    failures,
    live,
    pages,
    presence,
    socket,
    theme,
)
from invo_booking.web.core.binding import SessionBinding
from invo_booking.web.core.guard import REQUEST
from invo_booking.web.core.language_choice import words_for_scripts
from invo_booking.web.core.notice import NoticeState

log = logging.getLogger(__name__)
traces = LogBudget()
failures_shown: deque[str] = deque(maxlen=1_000)
"""Ids of failed events whose failure is shown to the reader."""


def report_failure(exception: Exception) -> EventSpec | None:
    """Log an unexpected error and show the reader its reference.

    A line is always written; of many within seconds some have no trace. If the event
    that shows a reference fails itself, nothing more is shown: it would fail again.
    """
    reference = secrets.token_hex(4)
    request = getattr(exception, REQUEST, "")
    trace = exception if traces.is_left() else None
    log.error(
        "event failed, reference %s, request %s", reference, request, exc_info=trace
    )
    if not _remember_failure():
        return None
    return cast("EventSpec", NoticeState.show_failure(reference))


def _remember_failure() -> bool:
    """Remember the failed event; return whether no earlier failure caused it."""
    try:
        failed = EventContext.get()
    except LookupError:  # not within an event
        return True
    if failed.parent_txid in failures_shown:
        return False
    failures_shown.append(failed.txid)
    return True


async def live_updates() -> None:
    """Update open pages after committed changes."""
    await live.follow_changes(app)


async def drain() -> None:
    """End this process on SIGTERM without losing what its pages do."""
    if isinstance(pages_of := app.event_namespace, socket.Socket):
        await draining.drain_at_sigterm(pages_of)


async def idle_sessions() -> None:
    """Empty the open pages of expired sessions."""
    await presence.watch_page_sessions(app)


FrontendEventExceptionState.auto_reload_on_errors = []  # it would need eval

app = rx.App(
    stylesheets=list(theme.STYLESHEETS),
    html_lang="en",
    head_components=[
        rx.el.link(rel="icon", href=theme.LOGO),
        words_for_scripts(),
        rx.el.script(src="/words.js"),
        rx.el.script(src="/theme.js"),
        rx.el.script(src="/failed.js"),
        rx.el.script(src="/line.js"),
        rx.el.script(src="/press.js", defer=True),
    ],
    api_transformer=api.transformers(),
    backend_exception_handler=report_failure,
    frontend_exception_handler=browser_failures.Reports().log_report,
    extra_app_wraps={failures.KEY: failures.app_boundary},
    toaster=None,
)
pages.import_pages()
socket.attach_socket(app)
app.add_middleware(SessionBinding())
app.register_lifespan_task(live_updates)
app.register_lifespan_task(idle_sessions)
app.register_lifespan_task(drain)
