"""The operator's door: ``invo-booking run`` and its neighbors."""

import os
import sys
import time
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from invo_booking.cli_audit import audit
from invo_booking.cli_due import due
from invo_booking.cli_parts import parts, plain
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
from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError, InvoError
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run import exposure, frontend, instance, schema
from invo_booking.run.checkup import CheckupFinding, findings
from invo_booking.run.commands import make_institution
from invo_booking.run.embedded import EmbeddedError
from invo_booking.run.frontend import FrontendError
from invo_booking.run.schema import SchemaError
from invo_booking.run.supervisor import StopRequestedError, SupervisorError
from invo_booking.usecases.admin import institution, people
from invo_booking.usecases.admin.institution import FirstAdmin, InstitutionDraft
from invo_booking.usecases.calendars import poll as sync_usecase
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.upkeep import keys

app = typer.Typer(
    name="invo-booking",
    help="Appointments that people book with an institution's agents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
users = typer.Typer(help="Staff accounts.", no_args_is_help=True)
app.add_typer(users, name="user")
app.add_typer(audit, name="audit")
app.command()(due)
app.command()(zones)

console = Console(highlight=False, soft_wrap=True)

Email = Annotated[str, typer.Argument(help="Address the person signs in with.")]
Password = Annotated[
    str,
    typer.Option(
        envvar="INVO_NEW_PASSWORD",
        help="A first password, replaced at the first sign-in; without one a link to "
        "set it is shown. Never give it where others can read it.",
    ),
]
AskPassword = Annotated[
    bool, typer.Option(help="Ask for a first password instead of showing a link.")
]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given repeatedly.")]


@app.command()
def run() -> None:
    """Start everything here: servers, worker, pages; stop it all with Ctrl-C."""
    config = load_config()
    exposure.refuse(config)
    say = _teller()
    for name in unknown_variables(os.environ):
        say(f"{name} is set, but there is no such variable; is it misspelt?")
    instance.run(config, say, _welcome)


@app.command()
def web() -> None:
    """Serve pages and API, building the pages first if need be."""
    config = _config_with_servers()
    exposure.refuse(config)
    frontend.build(config, os.environ, console.print)
    _become(
        frontend.serve_command(config),
        {**os.environ, **frontend.serve_environment(config)},
    )


@app.command()
def worker(
    *,
    beat: Annotated[
        bool, typer.Option(help="Keep the clock instead of doing the work.")
    ] = False,
    mail: Annotated[bool, typer.Option(help="Send mail, and do nothing else.")] = False,
) -> None:
    """Do what is due. One of them with --mail, which sends mail, one with --beat."""
    if beat and mail:
        raise typer.BadParameter("Start two processes, one with each.")
    config = _config_with_servers()
    exposure.refuse(config)
    command = instance.worker_command
    if mail or beat:
        command = instance.mail_command if mail else instance.beat_command
    _become(command(config), dict(os.environ))


@app.command()
def migrate() -> None:
    """Bring the database's schema to this version's."""
    config = load_config()
    with instance.database(config) as address:
        before, after = schema.migrate(address)
    if before == after:
        console.print(f"The schema is up to date (revision {after}).")
    else:
        console.print(f"The schema went from {before or 'nothing'} to {after}.")


@app.command()
def demo(
    *,
    disable_people: Annotated[
        bool, typer.Option(help="Disable the demo's people who are left instead.")
    ] = False,
) -> None:
    """Make the demo institution, if the database is empty."""
    with parts() as deps:
        if disable_people:
            gone = accounts.disable_all(deps)
            console.print(f"{len(gone)} people of the demo can no longer sign in.")
        elif demo_usecase.create_demo(deps):
            console.print("The demo institution was made.")
        else:
            console.print("The database holds an institution already; left as it is.")


@app.command("institution")
def create_institution(  # noqa: PLR0913  (each is asked for if not given)
    *,
    name: Annotated[str, typer.Option(prompt=True, help="Name customers read.")],
    time_zone: Annotated[
        str, typer.Option(prompt=True, help="IANA name, such as America/Chicago.")
    ],
    country: Annotated[
        str, typer.Option(prompt=True, help="ISO 3166 code, such as US.")
    ],
    languages: Annotated[
        list[str],
        typer.Option("--language", help="ISO 639-1 code; may be given repeatedly."),
    ] = ["en"],  # noqa: B006  (typer reads it, nobody changes it)
    admin: Annotated[
        str,
        typer.Option(
            prompt="Name of the first super admin", help="Who administers it first."
        ),
    ],
    email: Annotated[
        str,
        typer.Option(
            prompt="E-mail address to sign in with",
            help="What that person signs in with.",
        ),
    ],
    password: Password = "",
    ask_password: AskPassword = False,
) -> None:
    """Make the institution and its first super admin, if the database is empty."""
    draft = InstitutionDraft(name=name, time_zone=time_zone, country=country.upper())
    password = _first_password(password, ask=ask_password)
    first = FirstAdmin(name=admin, email=email, password=password)
    with parts() as deps:
        institution.create(deps, draft, first, languages=tuple(languages))
        console.print(f"{plain(draft.name)} is set up.")
        _say_how_to_enter(deps, email, password)


@app.command(hidden=True)
def prepare() -> None:
    """Do to the database what has to be done before a start."""
    migrate()
    if load_config().demo:
        demo()
    with parts() as deps:
        accounts.require_none_in_public(deps)


@app.command()
def doctor(
    *,
    repair: Annotated[
        bool, typer.Option(help="Put right what availability is derived from.")
    ] = False,
) -> None:
    """Check the configuration and everything it depends on, a sentence each."""
    os.environ.update(instance.running_with(load_config()))
    config = load_config()
    found = list(findings(config, os.environ, repair=repair))
    for finding in found:
        _report(finding)
    if not all(finding.ok or finding.is_warning for finding in found):
        raise typer.Exit(1)


@app.command()
def sync() -> None:
    """Read once, now, when agents are busy elsewhere, and say what came of it."""
    with parts() as deps:
        outcome = sync_usecase.tick(deps, at_once=True)
    if outcome is None:
        console.print("Nothing was read: no calendar is connected, or a run is on.")
        return
    console.print(plain(outcome.sentence))
    if outcome.problem:
        raise typer.Exit(1)


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Seal every secret with the first of INVO_SECRET_KEYS."""
    with parts() as deps:
        rotation = keys.rotate_keys(deps)
    console.print(
        f"Sealed with {rotation.key_id} instead of another key: "
        f"{len(rotation.resealed)} of what is kept secret."
    )
    for label in rotation.lost:
        console.print(f"No key opens {plain(label)}. Enter it, or sign in, again.")
    if rotation.lost:
        raise typer.Exit(1)


@users.command("create")
def create_user(
    *,
    email: Email,
    roles: Roles,
    name: Annotated[str, typer.Option(prompt=True, help="Name colleagues read.")],
    password: Password = "",
    ask_password: AskPassword = False,
) -> None:
    """Make an account; its owner sets the password."""
    password = _first_password(password, ask=ask_password)
    draft = people.AccountDraft(name=name, email=email, password=password, roles=roles)
    with parts() as deps:
        people.create(deps, draft)
        _say_how_to_enter(deps, email, password)


@users.command("roles")
def set_roles(email: Email, roles: Roles) -> None:
    """Replace a person's roles."""
    with parts() as deps:
        people.set_roles(deps, email, roles)
    console.print(f"{email} now has: {', '.join(roles)}.")


@users.command("disable")
def disable_user(email: Email) -> None:
    """Keep a person out from now on."""
    with parts() as deps:
        people.disable(deps, email)
    console.print(f"{email} can no longer sign in.")


@users.command("reset-password")
def reset_password(
    *, email: Email, password: Password = "", ask_password: AskPassword = False
) -> None:
    """Show a link to set another password, or set one to begin with."""
    password = _first_password(password, ask=ask_password)
    with parts() as deps:
        if password:
            people.reset_password(deps, email, password)
        _say_how_to_enter(deps, email, password)


def main() -> None:
    """Run the command line; troubles are told in sentences, not stack traces."""
    try:
        app()
    except InvalidInputError as error:
        _fail("\n".join(error.fields.values()) or str(error))
    except (
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


def _first_password(given: str, *, ask: bool) -> str:
    if given or not ask:
        return given
    return typer.prompt("First password", hide_input=True, confirmation_prompt=True)


def _say_how_to_enter(deps: Deps, email: str, password: str) -> None:
    """Say how somebody signs in for the first time."""
    if password:
        console.print(
            f"{email} signs in with this password and is asked for another one."
        )
        return
    console.print(
        f"{email} sets a password here, once, within 72 hours. Give the link to nobody "
        "else:"
    )
    console.print(people.make_link(deps, email), style="bold", markup=False)


def _config_with_servers() -> Config:
    """Return a configuration that names both servers, or say that it must."""
    os.environ.update(instance.running_with(load_config()))
    config = load_config()
    if not config.database_url or not config.redis_url:
        raise ConfigError(
            "Set INVO_DATABASE_URL and INVO_REDIS_URL. Without them only "
            "`invo-booking run` works, which starts both servers itself."
        )
    return config


def _teller() -> instance.Say:
    """Return how progress is told: each line with the seconds since the start."""
    started = time.monotonic()

    def say(line: str) -> None:
        seconds = time.monotonic() - started
        console.print(f"[dim]{seconds:6.1f} s[/]  {plain(line)}")

    return say


def _welcome(config: Config) -> None:
    console.print(f"\n  Customers       {config.public_url}/")
    console.print(f"  Staff           {config.public_url}/sign-in")
    if config.demo:
        console.print(f"  Demo mailbox    {config.public_url}/demo/mailbox")
        console.print("\n  Demo sign-ins")
        for person in demo_usecase.DEMO_SIGN_INS:
            console.print(f"    {person.role:<17}{person.email:<32}{person.password}")
    if _is_empty(config):
        console.print("\n  There is no institution yet, so nobody can sign in, and")
        console.print("  customers read that this site is not set up.")
        console.print(f"  {plain(make_institution(config))}")
    console.print("\n  Ctrl-C stops everything.\n")


def _is_empty(config: Config) -> bool:
    with instance.database(config) as address:
        engine = make_engine(address)
        try:
            with unit_of_work(engine)() as work:
                return not work.is_set_up
        finally:
            engine.dispose()


def _report(finding: CheckupFinding) -> None:
    mark = "[green]ok[/]  " if finding.ok else "[red]bad[/] "
    if finding.is_warning:
        mark = "[yellow]warn[/]"
    console.print(f"{mark} {finding.name:<14} {plain(finding.sentence)}")


def _become(command: list[str], environment: dict[str, str]) -> NoReturn:
    os.chdir(PROJECT)
    os.execve(command[0], command, environment)  # noqa: S606 - our own command line


def _fail(sentence: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"[red]{plain(sentence)}[/]"
    )
    sys.exit(1)


if __name__ == "__main__":
    main()
