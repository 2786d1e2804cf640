"""Build the web application: pages, HTTP API and live updates in one process."""

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
lists = live.ListPreparation()
failures_shown: deque[str] = deque(maxlen=1_000)
"""Ids of failed events whose error was shown on the page; only the newest are kept."""


def report_failure(exception: Exception) -> EventSpec | None:
    """Log an unexpected error of an event; show the error's reference on the page.

    Every error is logged. If many errors occur within seconds, the stack trace is
    logged only for some of them. If the event that shows the reference fails too,
    nothing more is shown, because another such event would probably fail as well.
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
    """Remember the failed event; return whether its error should be shown."""
    try:
        failed = EventContext.get()
    except LookupError:  # the error did not occur in an event
        return True
    if failed.parent_txid in failures_shown:
        return False
    failures_shown.append(failed.txid)
    return True


async def live_updates() -> None:
    """Update open pages whenever a change is committed."""
    await live.follow_changes(app, lists)


async def drain() -> None:
    """After SIGTERM, let running event handlers finish before this process ends."""
    if isinstance(pages_of := app.event_namespace, socket.Socket):
        await draining.drain_at_sigterm(pages_of)


async def idle_sessions() -> None:
    """Remove the contents of open pages when their session expires."""
    await presence.watch_page_sessions(app)


FrontendEventExceptionState.auto_reload_on_errors = []  # Reflex would use eval for it

app = rx.App(
    stylesheets=list(theme.STYLESHEETS),
    html_lang="en",
    head_components=[
        rx.el.link(rel="icon", href=theme.LOGO),
        rx.el.script(src="/storage.js"),
        words_for_scripts(),
        failures.staff_pages_for_scripts(),
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
app.register_lifespan_task(lists.run)
app.register_lifespan_task(idle_sessions)
app.register_lifespan_task(drain)
