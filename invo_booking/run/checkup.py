"""Run the checks of ``invo-booking doctor``; each yields a finding."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

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
from invo_booking.run.backup import (
    backup_deadline,
    complete_backups,
    database_mark,
    newest_backup,
)
from invo_booking.run.embedded import EmbeddedError
from invo_booking.run.schema import SchemaError
from invo_booking.run.supervisor import SupervisorError, check_supervised_port
from invo_booking.settings.spec import Values
from invo_booking.texts import count, say
from invo_booking.texts.dates import instant_text
from invo_booking.usecases.calendars import health
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import mail_obstacle, own_mail_server
from invo_booking.usecases.upkeep import (
    audit_seals,
    copies,
    periodic,
    task_runs,
    zone_rules,
)

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class CheckupFinding:
    """The result of one check.

    Attributes:
        is_warning: Whether the result is only a warning, not an error.
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
        environment: Environment variables, to find misspelled names.
        repair: Whether to correct wrong availability data.
    """
    yield _variables(environment)
    yield from _guard(say("operator.checkup.disk_name"), lambda: [_disk(config)])
    yield from _guard("network", lambda: exposure_findings(config))
    yield _node()
    yield from _guard("pages", lambda: [_pages(config)])
    yield from _guard("database", lambda: _database(config, repair=repair))
    yield from _guard("broker", lambda: [_broker(config)])
    yield from _guard("web", lambda: [_web(config)])


def _guard(
    name: str, check: Callable[[], Iterable[CheckupFinding]]
) -> Iterator[CheckupFinding]:
    """Yield the findings of a check; an unexpected error does not stop other checks."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        sentence = say("operator.checkup.unforeseen", kind=type(error).__name__)
        yield CheckupFinding(name, ok=False, sentence=sentence)


def _finding(name: str, problem: str, right: str) -> CheckupFinding:
    """Return a finding with the problem, or with ``right`` if there is no problem."""
    return CheckupFinding(name, ok=not problem, sentence=problem or right)


def _variables(environment: Mapping[str, str]) -> CheckupFinding:
    unknown = unknown_variables(environment)
    sentence = say("operator.checkup.variables_right")
    if unknown:
        names = ", ".join(unknown)
        sentence = say("operator.checkup.variables_unknown", names=names)
    return CheckupFinding("variables", ok=not unknown, sentence=sentence)


def _disk(config: Config) -> CheckupFinding:
    """Check the disk of the data folder, which may not exist yet.

    A machine that runs only single processes does not create the folder if
    ``INVO_SECRET_KEYS`` is set.
    """
    folder = config.data_dir.absolute()
    existing = next(it for it in (folder, *folder.parents) if it.exists())
    free = shutil.disk_usage(existing).free / 2**30
    return CheckupFinding(
        say("operator.checkup.disk_name"),
        ok=free > 1,
        sentence=say(
            "operator.checkup.disk_full",
            data_dir=config.data_dir,
            free=f"{free:.1f}",
        ),
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
        sentence = say("operator.checkup.limits_off")
        yield CheckupFinding(
            "limits", ok=False, sentence=sentence, is_warning=not is_exposed
        )
    has_no_proxy = config.trusted_proxy_hops == 0
    if has_no_proxy and not exposure.is_loopback(config.host):
        sentence = say("operator.checkup.host_open", host=config.host)
        yield CheckupFinding(
            "network", ok=False, sentence=sentence, is_warning=not is_exposed
        )
    elif has_no_proxy and is_exposed:
        sentence = say("operator.checkup.proxy_hops")
        yield CheckupFinding("proxy", ok=False, sentence=sentence, is_warning=True)
    if newer := exposure.safe_python():
        sentence = say("operator.checkup.python_cookies", newer=newer)
        yield CheckupFinding("python", ok=False, sentence=sentence, is_warning=True)


def _address(config: Config) -> Iterator[CheckupFinding]:
    if config.demo:
        yield CheckupFinding("demo", ok=True, sentence=say("operator.checkup.demo"))
    if config.public_url.startswith("https://"):
        sentence = say("operator.checkup.encrypted", public_url=config.public_url)
        yield CheckupFinding("address", ok=True, sentence=sentence)
        return
    is_ours = exposure.is_loopback(exposure.public_host(config))
    reach = say("operator.checkup.reach_local") if is_ours else ""
    sentence = say(
        "operator.checkup.address_unencrypted", address=config.public_url, reach=reach
    )
    yield CheckupFinding(
        "address", ok=is_ours, sentence=sentence, is_warning=not is_ours
    )


def _demo_people(config: Config) -> Iterator[CheckupFinding]:
    if config.demo:
        return
    if left := accounts.people_with_published_password(bootstrap.deps()):
        sentence = exposure.demo_people_sentence(left)
        yield CheckupFinding(
            say("operator.checkup.demo_name"), ok=False, sentence=sentence
        )


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
        return CheckupFinding(
            "node", ok=False, sentence=say("operator.checkup.node_broken", error=error)
        )
    return CheckupFinding(
        "node",
        ok=True,
        sentence=say("operator.checkup.node_right", version=version),
    )


def _pages(config: Config) -> CheckupFinding:
    built, later = (
        say("operator.checkup.pages_right"),
        say("operator.checkup.pages_later"),
    )
    return _finding("pages", "", built if frontend.has_built_pages(config) else later)


def _database(config: Config, *, repair: bool) -> Iterator[CheckupFinding]:
    try:
        with instance.open_database(config) as url:
            yield from _reached_database(config, url, repair=repair)
    except (SchemaError, EmbeddedError) as error:
        yield CheckupFinding("database", ok=False, sentence=str(error))
        yield _mail(config, Values({}))
        yield from _guard("backup", lambda: [backup_checkup(config, utc_now())])


def _reached_database(
    config: Config, url: str, *, repair: bool
) -> Iterator[CheckupFinding]:
    at, newest = schema.current_schema_revision(url), schema.newest_schema_revision()
    if at == newest:
        sentence = say("operator.checkup.database_right", at=at)
        yield CheckupFinding("database", ok=True, sentence=sentence)
        yield from _content(config, repair=repair)
    else:
        value = at or "nothing"
        sentence = say("operator.checkup.schema_behind", value=value, newest=newest)
        yield CheckupFinding("database", ok=False, sentence=sentence)
        yield _mail(config, Values({}))
    yield from _guard(
        "backup", lambda: [backup_checkup(config, utc_now(), database_mark(url))]
    )


def _content(config: Config, *, repair: bool) -> Iterator[CheckupFinding]:
    """Yield the results of the checks that read the database."""
    yield from _guard(say("operator.checkup.demo_name"), lambda: _demo_people(config))
    yield from _guard("copy", lambda: [_copy()])
    yield from _guard("tasks", lambda: [_tasks()])
    yield from _guard("availability", lambda: [_availability(repair=repair)])
    yield from _guard(
        say("operator.checkup.zones_name"), lambda: [zone_checkup(bootstrap.deps())]
    )
    yield from _guard("calendar", lambda: [_calendar()])
    yield from _guard(say("operator.checkup.audit_name"), lambda: [_audit()])
    yield from _guard("mail", lambda: [_mail(config, _settings())])


def _availability(*, repair: bool) -> CheckupFinding:
    wrong = periodic.check_agent_days(bootstrap.deps(), repair=repair)
    problem, right = "", say("operator.checkup.availability_right")
    if wrong and repair:
        right = say("operator.checkup.availability_repaired", wrong=wrong)
    elif wrong:
        problem = say("operator.checkup.availability_wrong", wrong=wrong)
    return _finding("availability", problem, right)


def _copy() -> CheckupFinding:
    with bootstrap.deps().unit_of_work() as work:
        problem = copies.copy_sentence(work)
    return _finding("copy", problem, say("operator.checkup.copy_no"))


def _tasks() -> CheckupFinding:
    deps = bootstrap.deps()
    with deps.unit_of_work() as work:
        problem = task_runs.tasks_trouble(deps, work)
    return _finding("tasks", problem, say("upkeep.tasks.right"))


def backup_checkup(config: Config, now: datetime, mark: str = "*") -> CheckupFinding:
    """Check that a complete backup exists and that no new backup is overdue.

    A new backup is overdue two configured intervals after the newest backup.

    Args:
        config: The configuration in force.
        now: The current instant.
        mark: Identifier of the database whose backups count; by default, the backups of
            all databases count.
    """
    folder = config.backup_dir
    if folder is None:
        sentence = say("operator.checkup.backups_off")
        is_demo = config.demo
        return CheckupFinding("backup", is_demo, sentence, is_warning=not is_demo)
    others = len(complete_backups(folder)) - len(complete_backups(folder, mark))
    beside = count("operator.checkup.backups_of_others", others) if others else ""
    newest = newest_backup(folder, now, mark)
    if newest is None:
        sentence = say("operator.checkup.backup_none", folder=folder)
        return CheckupFinding("backup", False, sentence + beside)
    moment = say("operator.checkup.utc", taken_at=instant_text(newest.taken_at))
    made = say("operator.checkup.mb", moment=moment, value=f"{newest.size / 2**20:.1f}")
    if now < backup_deadline(config, newest):
        sentence = say("operator.checkup.backup_right", made=made)
        return CheckupFinding("backup", True, sentence + beside)
    hours = config.backup_hours
    sentence = say("operator.checkup.backup_overdue", made=made, backup_hours=hours)
    return CheckupFinding("backup", False, sentence + beside)


def zone_checkup(deps: Deps) -> CheckupFinding:
    """Check for appointments whose wall time changed with new time-zone data."""
    number = len(zone_rules.shifted_appointments(deps))
    are = count("operator.checkup.appointments_are", number)
    problem = say("operator.checkup.zones_changed", are=are) if number else ""
    name = say("operator.checkup.zones_name")
    return _finding(name, problem, say("operator.zones.none"))


def _calendar() -> CheckupFinding:
    deps = bootstrap.deps()
    with deps.unit_of_work() as work:
        problem = health.connection_trouble(work, deps.now()) if work.is_set_up else ""
    return _finding("calendar", problem, say("operator.checkup.calendars_right"))


def _audit() -> CheckupFinding:
    seals = audit_seals.seal_figures(bootstrap.deps())
    problem = audit_seals.audit_trouble(seals)
    right = say("operator.checkup.audit_sealed")
    return _finding(say("operator.checkup.audit_name"), problem, right)


def _broker(config: Config) -> CheckupFinding:
    address = config.redis_url or instance.running_environment(config).get(
        "INVO_REDIS_URL", ""
    )
    if not address:
        sentence = say("operator.checkup.valkey_embedded")
        return CheckupFinding("broker", ok=True, sentence=sentence)
    stores = {
        "INVO_REDIS_URL": address,
        "INVO_STATE_REDIS_URL": config.state_redis_url or database_after(address, 1),
        "INVO_LIMITS_REDIS_URL": config.limits_redis_url or database_after(address, 2),
    }
    for variable, store in stores.items():
        if problem := _silence_of(store):
            sentence = say(
                "operator.checkup.redis_down",
                problem=problem,
                variable=variable,
            )
            return CheckupFinding("broker", ok=False, sentence=sentence)
    return _finding("broker", "", say("operator.checkup.redis_right"))


def _silence_of(address: str) -> str:
    """Return the name of the error if a Redis database does not answer; else empty."""
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
        sentence = say("operator.checkup.mail_demo", demo_port=config.demo_port)
        return CheckupFinding("mail", ok=True, sentence=sentence)
    try:
        server = own_mail_server(config, settings)
        SmtpMailer(config).greet(server)
    except (MailTemporaryError, MailPermanentError) as error:
        sentence = say("operator.checkup.mail_down", error=error)
        return CheckupFinding("mail", ok=False, sentence=sentence)
    host = (server or MailServer.of(config)).host
    return _finding("mail", "", say("operator.checkup.mail_right", host=host))


def _settings() -> Values:
    """Return the stored settings; the defaults if no institution exists yet."""
    with bootstrap.deps().unit_of_work() as work:
        return work.settings if work.is_set_up else Values({})


def _web(config: Config) -> CheckupFinding:
    if instance.running_environment(config) or _is_our_web_process(config):
        sentence = say("operator.checkup.running", public_url=config.public_url)
        return CheckupFinding("web", ok=True, sentence=sentence)
    try:
        check_supervised_port(config.host, config.port, "INVO_PORT")
    except SupervisorError as error:
        return CheckupFinding("web", ok=False, sentence=str(error))
    return CheckupFinding(
        "web", ok=True, sentence=say("operator.checkup.port_right", port=config.port)
    )


def _is_our_web_process(config: Config) -> bool:
    """Whether one of our web processes, however started, answers at the port."""
    answer = instance.ask_web_process(config, "/readyz")
    return isinstance(answer, dict) and {"ready", "checks"} <= answer.keys()
