"""The web process without its pages, as Granian starts it for a test.

Nothing of the product is imported before the collector is paused, as in
``invo_booking.run.serving``: a start takes a quarter less of the processor.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from invo_booking.config import load_config
from invo_booking.run.collector import collector_paused


def create() -> ASGIApp:
    """Return the web process without its pages; Granian calls this."""
    with collector_paused():
        return _create()


def create_checked() -> ASGIApp:
    """Return the same, after the check of the database as in ``run.serving``."""
    with collector_paused():
        from invo_booking import bootstrap  # noqa: PLC0415 - without the collector

        if problem := bootstrap.start_refusal(load_config()):
            raise SystemExit(problem)
        return _create()


def _create() -> ASGIApp:
    from invo_booking.api import with_gate  # noqa: PLC0415 - without the collector
    from invo_booking.api.application import ApiDispatcher  # noqa: PLC0415 - the same
    from invo_booking.run import logs  # noqa: PLC0415 - the same

    config = load_config()
    logs.set_up_logs(config.log_level)
    logs.take_over_logs()
    return with_gate(ApiDispatcher(_no_pages, config), config)


async def _no_pages(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
