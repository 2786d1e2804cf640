"""The checks of ``invo-booking doctor``, one finding each."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis

from invo_booking import bootstrap
from invo_booking.config import Config, ConfigError, unknown_variables
from invo_booking.config_values import database_after
from invo_booking.demo import accounts
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.mail.server import MailServer
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.run import exposure, frontend, instance, schema
from invo_booking.run.backup import newest_backup
from invo_booking.run.embedded import EmbeddedError
from invo_booking.run.schema import SchemaError
from invo_booking.run.supervisor import SupervisorError, check_supervised_port
from invo_booking.settings.spec import Values
from invo_booking.usecases.calendars import health
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import mail_obstacle, own_mail_server
from invo_booking.usecases.upkeep import audit_seals, copies, periodic, zone_rules

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class CheckupFinding:
    """The result of one check, as a sentence.

    Attributes:
        is_warning: Whether it is unwise rather than bad.
    """

    name: str
    ok: bool
    sentence: str
    is_warning: bool = False


def checkup_findings(
    config: Config, environment: Mapping[str, str], *, repair: bool = False
) -> Iterator[CheckupFinding]:
    """Yield the result of each check, configuration first.

    Args:
        config: The configuration in force.
        environment: Environment to check for misspelled variables.
        repair: Whether to correct wrong availability data.
    """
    yield from _configuration(config, environment)
    yield from exposure_findings(config)
    yield _node()
    yield _pages(config)
    yield from _database(config, repair=repair)
    yield backup_checkup(config, utc_now())
    yield _broker(config)
    yield _web(config)


def _configuration(
    config: Config, environment: Mapping[str, str]
) -> Iterator[CheckupFinding]:
    unknown = unknown_variables(environment)
    if unknown:
        names = ", ".join(unknown)
        yield CheckupFinding(
            "variables", ok=False, sentence=f"Unknown variables: {names}."
        )
    else:
        yield CheckupFinding(
            "variables", ok=True, sentence="All INVO_ variables are known."
        )
    usage = shutil.disk_usage(config.data_dir)
    free = usage.free / 2**30
    yield CheckupFinding(
        "data folder",
        ok=free > 1,
        sentence=f"{config.data_dir} has {free:.1f} GB free; at least 1 is required.",
    )


def exposure_findings(config: Config) -> Iterator[CheckupFinding]:
    """Yield findings about exposure to the network."""
    is_exposed = exposure.is_exposed(config)
    try:
        exposure.refuse_unsafe_start(config)
    except ConfigError as error:
        yield CheckupFinding("strangers", ok=False, sentence=str(error))
    else:
        yield from _address(config)
    if not config.rate_limits:
        sentence = "INVO_RATE_LIMITS is off: the number of requests is not limited."
        yield CheckupFinding(
            "limits", ok=False, sentence=sentence, is_warning=not is_exposed
        )
    has_no_proxy = config.trusted_proxy_hops == 0
    if has_no_proxy and not exposure.is_loopback(config.host):
        sentence = (
            f"INVO_HOST is {config.host}, so everyone on the network can reach this "
            "port, unencrypted. Put a reverse proxy in front, set INVO_HOST to "
            "127.0.0.1 or an address that only the proxy reaches, and set "
            "INVO_TRUSTED_PROXY_HOPS."
        )
        yield CheckupFinding(
            "network", ok=False, sentence=sentence, is_warning=not is_exposed
        )
    elif has_no_proxy and is_exposed:
        sentence = (
            "INVO_TRUSTED_PROXY_HOPS is 0, so all requests seem to come from the "
            "proxy's address and share its limits. Set it to the number of proxies in "
            "front."
        )
        yield CheckupFinding("proxy", ok=False, sentence=sentence, is_warning=True)
    if newer := exposure.safe_python():
        sentence = (
            "This Python can be slowed down with long cookies (CVE-2024-7592). Long "
            f"cookies are refused; nevertheless, upgrade to Python {newer} or later."
        )
        yield CheckupFinding("python", ok=False, sentence=sentence, is_warning=True)


def _address(config: Config) -> Iterator[CheckupFinding]:
    if config.demo:
        yield CheckupFinding(
            "demo", ok=True, sentence="This is a demo; not for production."
        )
    if config.public_url.startswith("https://"):
        sentence = f"{config.public_url} is encrypted."
        yield CheckupFinding("address", ok=True, sentence=sentence)
        return
    is_ours = exposure.is_loopback(exposure.public_host(config))
    sentence = (
        f"{config.public_url} is not encrypted"
        + (" and reaches this machine only." if is_ours else ".")
        + " Set INVO_PUBLIC_URL to an https:// address before customers use it."
    )
    yield CheckupFinding(
        "address", ok=is_ours, sentence=sentence, is_warning=not is_ours
    )


def _demo_people(config: Config) -> Iterator[CheckupFinding]:
    if config.demo:
        return
    if left := accounts.people_with_published_password(bootstrap.deps()):
        sentence = exposure.demo_people_sentence(left)
        yield CheckupFinding("demo people", ok=False, sentence=sentence)


def _node() -> CheckupFinding:
    try:
        version = subprocess.run(  # noqa: S603 - from our own environment
            [frontend.BIN / "node", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        return CheckupFinding("node", ok=False, sentence=f"Node does not run: {error}.")
    return CheckupFinding("node", ok=True, sentence=f"Node {version} builds the pages.")


def _pages(config: Config) -> CheckupFinding:
    if frontend.has_built_pages(config):
        return CheckupFinding("pages", ok=True, sentence="The pages are built.")
    sentence = "The pages will be built at the next start."
    return CheckupFinding("pages", ok=True, sentence=sentence)


def _database(config: Config, *, repair: bool) -> Iterator[CheckupFinding]:
    try:
        with instance.open_database(config) as address:
            at, newest = (
                schema.current_schema_revision(address),
                schema.newest_schema_revision(),
            )
            if at == newest:
                sentence = f"The database answers; its schema is at {at}."
                yield CheckupFinding("database", ok=True, sentence=sentence)
                yield from _demo_people(config)
                yield _copy()
                yield _availability(repair=repair)
                yield zone_checkup(bootstrap.deps())
                yield _calendar()
                yield _audit()
                yield _mail(config, _settings())
                return
    except (SchemaError, EmbeddedError) as error:
        yield CheckupFinding("database", ok=False, sentence=str(error))
    else:
        sentence = f"The schema is at {at or 'nothing'}, not {newest}: run migrate."
        yield CheckupFinding("database", ok=False, sentence=sentence)
    yield _mail(config, Values({}))


def _availability(*, repair: bool) -> CheckupFinding:
    wrong = periodic.check_agent_days(bootstrap.deps(), repair=repair)
    if not wrong:
        sentence = "The prepared availability agrees with the appointments."
        return CheckupFinding("availability", ok=True, sentence=sentence)
    if repair:
        sentence = f"{wrong} days of agents or queues were wrong and are now corrected."
        return CheckupFinding("availability", ok=True, sentence=sentence)
    sentence = (
        f"{wrong} days of agents or queues differ from their appointments: booked "
        "times may be offered, and free times may not. Run `invo-booking doctor "
        "--repair`."
    )
    return CheckupFinding("availability", ok=False, sentence=sentence)


def _copy() -> CheckupFinding:
    with bootstrap.deps().unit_of_work() as work:
        sentence = copies.copy_sentence(work)
    ok = not sentence
    return CheckupFinding("copy", ok=ok, sentence=sentence or "This is no copy.")


def backup_checkup(config: Config, now: datetime) -> CheckupFinding:
    """Check that the newest backup is complete and young enough."""
    folder = config.backup_dir
    if folder is None:
        sentence = (
            "INVO_BACKUP_DIR is not set, so no backups are made by themselves. Set it, "
            "or run `invo-booking backup` on a schedule of your own."
        )
        is_demo = config.demo
        return CheckupFinding("backup", is_demo, sentence, is_warning=not is_demo)
    description = newest_backup(folder)
    if description is None:
        return CheckupFinding("backup", False, f"There is no backup in {folder} yet.")
    moment = f"{description.taken_at:%-d %B %Y, %H:%M} UTC"
    made = f"{moment} ({description.size / 2**20:.1f} MB)"
    limit = 2 * timedelta(hours=config.backup_hours)
    if now - description.taken_at < limit:
        return CheckupFinding("backup", True, f"The newest backup is of {made}.")
    sentence = (
        f"The newest backup is of {made}, though one is due every "
        f"{config.backup_hours} hours. See the worker's log, or run `invo-booking "
        "backup`."
    )
    return CheckupFinding("backup", False, sentence)


def zone_checkup(deps: Deps) -> CheckupFinding:
    """Check for appointments whose wall time new time-zone data has changed."""
    number = len(zone_rules.shifted_appointments(deps))
    if not number:
        sentence = "All appointments are at the agreed clock time."
        return CheckupFinding("time zones", ok=True, sentence=sentence)
    are = "1 appointment is" if number == 1 else f"{number} appointments are"
    sentence = (
        f"{are} no longer at the agreed clock time, because the rules of a time zone "
        "have changed. `invo-booking zones` lists them; `invo-booking zones --keep` "
        "moves them back and notifies the customers."
    )
    return CheckupFinding("time zones", ok=False, sentence=sentence)


def _calendar() -> CheckupFinding:
    deps = bootstrap.deps()
    with deps.unit_of_work() as work:
        problem = work.is_set_up and health.connection_trouble(work, deps.now())
    sentence = problem or "No outside calendar has a problem."
    return CheckupFinding("calendar", ok=not problem, sentence=sentence)


def _audit() -> CheckupFinding:
    seals = audit_seals.seal_figures(bootstrap.deps())
    problem = audit_seals.audit_trouble(seals)
    sentence = problem or "Entries are sealed. To check all: invo-booking audit verify"
    return CheckupFinding("audit log", ok=not problem, sentence=sentence)


def _broker(config: Config) -> CheckupFinding:
    address = config.redis_url or instance.running_environment(config).get(
        "INVO_REDIS_URL", ""
    )
    if not address:
        sentence = "The embedded Valkey starts with `invo-booking run`."
        return CheckupFinding("broker", ok=True, sentence=sentence)
    stores = {
        "INVO_REDIS_URL": address,
        "INVO_STATE_REDIS_URL": config.state_redis_url or database_after(address, 1),
        "INVO_LIMITS_REDIS_URL": config.limits_redis_url or database_after(address, 2),
    }
    for variable, store in stores.items():
        if problem := _silence_of(store):
            sentence = (
                f"The Redis server does not answer ({problem}). Programs can book; "
                f"pages do not work. Check {variable}."
            )
            return CheckupFinding("broker", ok=False, sentence=sentence)
    return CheckupFinding("broker", ok=True, sentence="The Redis server answers.")


def _silence_of(address: str) -> str:
    """Return the error type of a Redis database; empty if it answers."""
    try:
        with redis.Redis.from_url(address, socket_timeout=_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        return type(error).__name__
    return ""


def _mail(config: Config, settings: Values) -> CheckupFinding:
    if problem := mail_obstacle(config, settings):
        return CheckupFinding("mail", ok=False, sentence=problem)
    if config.demo:
        sentence = f"Mail goes to the demo mailbox on port {config.demo_port}."
        return CheckupFinding("mail", ok=True, sentence=sentence)
    try:
        server = own_mail_server(config, settings)
        SmtpMailer(config).greet(server)
    except (MailTemporaryError, MailPermanentError) as error:
        return CheckupFinding("mail", ok=False, sentence=f"{error} Mail waits.")
    host = (server or MailServer.of(config)).host
    return CheckupFinding("mail", ok=True, sentence=f"The mail server {host} answers.")


def _settings() -> Values:
    """Return the stored settings."""
    with bootstrap.deps().unit_of_work() as work:
        return work.settings if work.is_set_up else Values({})


def _web(config: Config) -> CheckupFinding:
    if instance.running_environment(config):
        sentence = f"Invo Booking runs at {config.public_url}."
        return CheckupFinding("web", ok=True, sentence=sentence)
    try:
        check_supervised_port(config.host, config.port, "INVO_PORT")
    except SupervisorError as error:
        return CheckupFinding("web", ok=False, sentence=str(error))
    return CheckupFinding("web", ok=True, sentence=f"Port {config.port} is free.")
