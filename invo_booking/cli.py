"""Define the operator's command line: ``invo-booking run`` and the other commands."""

import os
import sys
import time
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from invo_booking.cli_accounts import create_institution, users
from invo_booking.cli_audit import audit
from invo_booking.cli_copies import backup, release, restore
from invo_booking.cli_due import due
from invo_booking.cli_pages import build
from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.cli_zones import zones
from invo_booking.config import (
    PROJECT,
    Config,
    ConfigError,
    load_config,
    unknown_variables,
)
from invo_booking.demo import accounts
from invo_booking.demo import institution as demo_usecase
from invo_booking.domain.errors import InvalidInputError, InvoError
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run import exposure, frontend, instance, schema
from invo_booking.run.backup import BackupError
from invo_booking.run.checkup import CheckupFinding, checkup_findings
from invo_booking.run.commands import run_institution_advice
from invo_booking.run.embedded import EmbeddedError
from invo_booking.run.frontend import FrontendError
from invo_booking.run.schema import SchemaError
from invo_booking.run.supervisor import StopRequestedError, SupervisorError
from invo_booking.texts import say
from invo_booking.usecases.calendars import poll as sync_usecase
from invo_booking.usecases.upkeep import keys

app = typer.Typer(
    name="invo-booking",
    help=say("operator.cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(users, name="user")
app.add_typer(audit, name="audit")
app.command("institution")(create_institution)
for command in (build, backup, restore, release, due, zones):
    app.command()(command)

console = Console(highlight=False, soft_wrap=True)


@app.command()
def run() -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    config = load_config()
    exposure.secure_start(config)
    show = _teller()
    for name in unknown_variables(os.environ):
        show(say("operator.cli.unknown_variable", name=name))
    instance.run_instance(config, show, _welcome)


@app.command()
def web() -> None:
    """Serve pages and API; build the pages first if necessary."""
    config = _config_with_servers()
    exposure.secure_start(config)
    frontend.build_pages(config, os.environ, console.print)
    _replace_process(
        frontend.serve_command(config),
        {**os.environ, **frontend.serve_environment(config)},
    )


@app.command()
def worker(
    *,
    beat: Annotated[
        bool, typer.Option(help="Start the periodic tasks instead of running them.")
    ] = False,
    mail: Annotated[bool, typer.Option(help="Send mail only.")] = False,
) -> None:
    """Run background tasks. Two more are needed: one with --mail, one with --beat."""
    if beat and mail:
        raise typer.BadParameter(say("operator.cli.one_option"))
    config = _config_with_servers()
    exposure.secure_start(config)
    command = instance.worker_command
    if mail or beat:
        command = instance.mail_worker_command if mail else instance.beat_command
    _replace_process(command(config), dict(os.environ))


@app.command()
def migrate() -> None:
    """Update the database schema to this version."""
    config = load_config()
    with instance.open_database(config) as address:
        before, after = schema.migrate_schema(address)
    if before == after:
        console.print(say("operator.cli.schema_current", after=after))
    else:
        console.print(
            say("operator.cli.schema_changed", before=before or "nothing", after=after)
        )


@app.command()
def demo(
    *,
    disable_people: Annotated[
        bool, typer.Option(help="Disable the remaining people of the demo instead.")
    ] = False,
) -> None:
    """Create the demo institution if the database is empty."""
    with open_parts() as deps:
        if disable_people:
            gone = accounts.disable_demo_people(deps)
            console.print(say("operator.cli.demo_shut_out", number=len(gone)))
        elif demo_usecase.create_demo(deps):
            console.print(say("operator.cli.demo_created"))
        else:
            console.print(say("operator.cli.demo_exists"))


@app.command(hidden=True)
def prepare() -> None:
    """Prepare the database for a start."""
    migrate()
    if load_config().demo:
        demo()
    with open_parts() as deps:
        accounts.require_no_demo_people_in_public(deps)


@app.command()
def doctor(
    *,
    repair: Annotated[
        bool, typer.Option(help="Correct wrong availability data.")
    ] = False,
) -> None:
    """Check the configuration and everything it depends on, one line per check."""
    os.environ.update(instance.running_environment(load_config()))
    config = load_config()
    has_error = False
    for finding in checkup_findings(config, os.environ, repair=repair):
        _report(finding)
        has_error = has_error or not (finding.ok or finding.is_warning)
    if has_error:
        raise typer.Exit(1)


@app.command()
def sync() -> None:
    """Read agents' busy times from the calendar provider once, immediately."""
    with open_parts() as deps:
        outcome = sync_usecase.poll_if_due(deps, at_once=True)
    if outcome is None:
        console.print(say("operator.cli.sync_nothing"))
        return
    console.print(plain_line(outcome.sentence))
    if outcome.problem:
        raise typer.Exit(1)


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt every stored secret again, with the first of INVO_SECRET_KEYS."""
    with open_parts() as deps:
        rotation = keys.rotate_keys(deps)
    console.print(
        say(
            "operator.cli.rotated",
            key_id=rotation.key_id,
            number=len(rotation.resealed),
        )
    )
    for label in rotation.lost:
        console.print(say("operator.cli.rotate_unopened", plain_line=plain_line(label)))
    if rotation.lost:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; print errors as sentences, not stack traces."""
    try:
        app()
    except InvalidInputError as error:
        _fail("\n".join(error.fields.values()) or str(error))
    except (
        BackupError,
        ConfigError,
        EmbeddedError,
        FrontendError,
        InvoError,
        SchemaError,
        SupervisorError,
    ) as error:
        _fail(str(error))
    except StopRequestedError:
        sys.exit(130)


def _config_with_servers() -> Config:
    """Return a configuration with the addresses of PostgreSQL and Redis.

    Raises:
        ConfigError: If one of the addresses is missing.
    """
    os.environ.update(instance.running_environment(load_config()))
    config = load_config()
    if not config.database_url or not config.redis_url:
        raise ConfigError(say("operator.cli.addresses_needed"))
    return config


def _teller() -> instance.Show:
    """Return a function that prints a line, with the seconds since now before it."""
    started = time.monotonic()

    def show(line: str) -> None:
        seconds = time.monotonic() - started
        console.print(f"[dim]{seconds:6.1f} s[/]  {plain_line(line)}")

    return show


def _welcome(config: Config) -> None:
    console.print(say("operator.cli.addresses", address=config.public_url))
    if config.demo:
        console.print(say("operator.cli.demo_lead", address=config.public_url))
        for person in demo_usecase.DEMO_SIGN_INS:
            console.print(f"    {person.role:<17}{person.email:<32}{person.password}")
    if _is_empty(config):
        console.print(say("operator.cli.institution_missing"))
        console.print(f"  {plain_line(run_institution_advice(config))}")
    console.print(say("operator.cli.demo_end"))


def _is_empty(config: Config) -> bool:
    with instance.open_database(config) as address:
        engine = make_engine(address)
        try:
            with unit_of_work(engine, config.mail_link_key)() as work:
                return not work.is_set_up
        finally:
            engine.dispose()


def _report(finding: CheckupFinding) -> None:
    mark = "[green]ok[/]  " if finding.ok else "[red]bad[/] "
    if finding.is_warning:
        mark = "[yellow]warn[/]"
    console.print(f"{mark} {finding.name:<14} {plain_line(finding.sentence)}")


def _replace_process(command: list[str], environment: dict[str, str]) -> NoReturn:
    os.chdir(PROJECT)
    os.execve(command[0], command, environment)  # noqa: S606 - our own command line


def _fail(sentence: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"[red]{plain_line(sentence)}[/]"
    )
    sys.exit(1)


if __name__ == "__main__":
    main()
