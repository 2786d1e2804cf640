"""Define the HTTP routes beside the pages, and the layers that protect both."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from invo_booking import bootstrap
from invo_booking.api.application import ApiDispatcher
from invo_booking.api.core.addresses import PageLanguages, PlainAddresses
from invo_booking.api.core.content_policy import (
    ContentPolicies,
    built_pages_with_policies,
)
from invo_booking.api.core.gate import Gate
from invo_booking.api.core.headers import OwnOriginsOnly, SecurityHeaders
from invo_booking.api.core.set_up_first import SetUpFirst
from invo_booking.api.core.sockets import Sockets
from invo_booking.api.public.facts import Facts, KnownFacts, institution_facts
from invo_booking.api.public.files import BuiltFiles
from invo_booking.api.public.pages import FilledPages, UnknownPages
from invo_booking.api.public.refusals import RefusalPages
from invo_booking.api.public.shell import PageShell
from invo_booking.config import Config, load_config
from invo_booking.usecases.accounts import sessions


def with_gate(app: ASGIApp, config: Config) -> Gate:
    """Return the application of the web process, wrapped in the gate."""
    return Gate(app, config, Sockets(is_signed_in, has_limits=config.rate_limits))


async def is_signed_in(token: str) -> bool:
    """Whether a session is valid; the check does not count as a use of the session.

    Pages connect their websockets without any action of the person.
    """
    actor = await run_in_threadpool(
        sessions.actor_of_session, bootstrap.deps(), token, touch=False
    )
    return actor is not None


def _institution_facts() -> Facts | None:
    return institution_facts(bootstrap.deps())


def transformers(config: Config | None = None) -> list[Callable[[ASGIApp], ASGIApp]]:
    """Return the layers around the pages for ``rx.App(api_transformer=...)``.

    The innermost layer comes first.

    Args:
        config: The configuration; read from the environment if missing.
    """
    deployment = config or load_config()
    build = built_pages_with_policies()
    policies, shell = ContentPolicies(build), PageShell.read(build)
    facts = KnownFacts(_institution_facts)
    return [
        lambda app: FilledPages(app, build, _institution_facts),
        lambda app: PlainAddresses(app, build),
        lambda app: UnknownPages(app, shell, facts, build),
        lambda app: SetUpFirst(app, deployment),
        lambda app: ApiDispatcher(app, deployment, shell),
        lambda app: OwnOriginsOnly(app, deployment),
        lambda app: RefusalPages(app, shell, facts),
        lambda app: BuiltFiles(app, build),
        lambda app: SecurityHeaders(app, deployment, policies),
        PageLanguages,
    ]
