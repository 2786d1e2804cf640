"""The machines' door: HTTP routes beside the pages, and what guards both."""

from collections.abc import Callable

from starlette.types import ASGIApp

from invo_booking.api.addresses import PlainAddresses
from invo_booking.api.application import ApiDoor
from invo_booking.api.content_policy import ContentPolicies, built_pages
from invo_booking.api.headers import OwnOriginsOnly, SecurityHeaders
from invo_booking.api.set_up_first import SetUpFirst
from invo_booking.config import Config, load_config


def transformers(config: Config | None = None) -> list[Callable[[ASGIApp], ASGIApp]]:
    """Return what ``rx.App(api_transformer=...)`` wraps the pages in, innermost first.

    Args:
        config: The deployment; read from the environment if not given.
    """
    deployment = config or load_config()
    build = built_pages()
    policies = ContentPolicies(build)
    return [
        lambda app: PlainAddresses(app, build),
        lambda app: SetUpFirst(app, deployment),
        lambda app: ApiDoor(app, deployment),
        lambda app: OwnOriginsOnly(app, deployment),
        lambda app: SecurityHeaders(app, deployment, policies),
    ]
