"""Build the objects that use cases depend on (``Deps``), once per process."""

import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from invo_booking import broker
from invo_booking.config import Config, ConfigError, load_config
from invo_booking.demo import accounts
from invo_booking.domain.calendars.ports import ServerProvider
from invo_booking.domain.clock import DatabaseClock, utc_now
from invo_booking.domain.notifications import Notification
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.persistence import notifications
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.providers import registry
from invo_booking.run import exposure, schema, start_check
from invo_booking.usecases.calendars.through_worker.asking import servers_through_worker
from invo_booking.usecases.shared.deps import Deps

_lock = threading.Lock()
_built: list[Deps] = []
_calls_servers = threading.Event()
_clock = DatabaseClock(utc_now)


def now() -> datetime:
    """Return the current UTC instant: by the database's clock, once that is known."""
    return _clock.now()


def deps() -> Deps:
    """Return this process's dependencies, built from the environment at the first call.

    Raises:
        ConfigError: If the environment is invalid; the message has a line for each
            invalid variable.
    """
    if not _built:
        with _lock:
            if not _built:
                _built.append(build_deps(load_config()))
    return _built[0]


def start_refusal(config: Config) -> str:
    """Return why this process must not start; empty if it may start.

    If the database cannot be reached, the process may start. Then this process, and
    each process forked from it, checks the database before its first transaction, and
    stops if the database must not be used.
    """
    parts = deps()
    try:
        exposure.refuse_unsafe_start(config)
        _refuse_database(config, parts)
    except ConfigError as error:
        return str(error)
    except SQLAlchemyError:
        check = partial(_refuse_database, config, parts)
        use_deps(replace(parts, begin=start_check.check_first(parts.begin, check)))
    return ""


def _refuse_database(config: Config, parts: Deps) -> None:
    """Raise an error if the schema does not match or demo accounts are public."""
    if problem := schema.schema_mismatch(config.database_url):
        raise ConfigError(problem)
    accounts.require_no_demo_people_in_public(parts)


def listen_to_notifications() -> AsyncIterator[Notification]:
    """Yield the notifications of all processes; see ``persistence.notifications``."""
    return notifications.listen_to_notifications(deps().config.database_url)


def use_deps(parts: Deps) -> None:
    """Set the dependencies of this process, as tests do."""
    _built[:] = [parts]


def call_servers_here() -> None:
    """Make this process call all providers itself instead of asking a worker.

    Must be called before ``deps``.
    """
    _calls_servers.set()
    for server in registry.servers(load_config()).values():
        server.load()


def build_deps(config: Config) -> Deps:
    """Build the dependencies for a configuration that has a database address."""
    servers: Mapping[str, ServerProvider] = registry.servers(config)
    if not _calls_servers.is_set():
        servers = servers_through_worker(config, servers, broker.ask_worker)
    return Deps(
        config=config,
        begin=unit_of_work(
            make_engine(config.database_url), config.mail_link_key, _clock
        ),
        now=_clock.now,
        machine_now=_clock.machine,
        mailer=SmtpMailer(config),
        wake=broker.wake,
        providers=registry.providers(config),
        personal=registry.personal_providers(config),
        servers=servers,
    )
