"""Define the commands that create the institution and accounts of staff."""

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.domain.access.roles import Role
from invo_booking.texts import say
from invo_booking.usecases.accounts import passwords
from invo_booking.usecases.admin import institution, people
from invo_booking.usecases.admin.institution import FirstAdmin, InstitutionDraft
from invo_booking.usecases.shared.deps import Deps

console = Console(highlight=False, soft_wrap=True)

users = typer.Typer(help=say("operator.cli.user_help"), no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mail address to sign in with.")]
Password = Annotated[
    str,
    typer.Option(
        envvar="INVO_NEW_PASSWORD",
        help="First password, which its owner must replace at the first sign-in. "
        "Without one, a link to set a password is shown. Other users of this machine "
        "can read options; the variable is safer.",
    ),
]
AskPassword = Annotated[
    bool, typer.Option(help="Prompt for a first password instead of showing a link.")
]
Roles = Annotated[list[Role], typer.Option("--role", help="Role; can be repeated.")]


def create_institution(  # noqa: PLR0913  (each is asked for if not given)
    *,
    name: Annotated[str, typer.Option(help="Name that customers see.")] = "",
    time_zone: Annotated[
        str, typer.Option(help="IANA name, such as America/Chicago.")
    ] = "",
    country: Annotated[str, typer.Option(help="ISO 3166 code, such as US.")] = "",
    languages: Annotated[
        list[str],
        typer.Option("--language", help="ISO 639-1 code, such as es; can be repeated."),
    ] = ["en"],  # noqa: B006  (typer reads it, nobody changes it)
    admin: Annotated[str, typer.Option(help="Name of the first super admin.")] = "",
    email: Annotated[
        str,
        typer.Option(help="E-mail address with which the first super admin signs in."),
    ] = "",
    password: Password = "",
    ask_password: AskPassword = False,
) -> None:
    """Create the institution and its first super admin if the database is empty.

    Asks for each required value that is missing, and again if the answer is invalid.
    """
    with open_parts() as deps:
        institution.require_no_institution(deps)
        draft = InstitutionDraft(
            name=name or _ask("name", say("operator.cli.ask.name")),
            time_zone=time_zone or _ask("time_zone", say("operator.cli.ask.time_zone")),
            country=(
                country or _ask("country", say("operator.cli.ask.country"))
            ).upper(),
        )
        first = FirstAdmin(
            name=admin or _ask("admin_name", say("operator.cli.ask.admin_name")),
            email=email or _ask("email", say("operator.cli.ask.email")),
            password=password or (_ask_password() if ask_password else ""),
        )
        institution.create_institution(deps, draft, first, languages=tuple(languages))
        console.print(
            say("operator.cli.institution_created", plain_line=plain_line(draft.name))
        )
        _say_how_to_enter(deps, first.email, first.password)


def _ask(field: str, label: str) -> str:
    return typer.prompt(
        label,
        value_proc=_accept(lambda text: institution.field_problem(field, text)),
    )


def _ask_password() -> str:
    return typer.prompt(
        say("operator.cli.password_label"),
        hide_input=True,
        confirmation_prompt=True,
        value_proc=_accept(passwords.password_problem),
    )


def _accept(problem_of: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that returns a valid answer and raises an error for others."""

    def accept(text: str) -> str:
        if problem := problem_of(text):
            raise typer.BadParameter(problem)
        return text

    return accept


@users.command("create")
def create_user(
    *,
    email: Email,
    roles: Roles,
    name: Annotated[str, typer.Option(prompt=True, help="Name that colleagues see.")],
    password: Password = "",
    ask_password: AskPassword = False,
) -> None:
    """Create an account; its owner sets the password."""
    password = password or (_ask_password() if ask_password else "")
    draft = people.AccountDraft(name=name, email=email, password=password, roles=roles)
    with open_parts() as deps:
        people.create_account(deps, draft)
        _say_how_to_enter(deps, email, password)


@users.command("roles")
def set_roles(email: Email, roles: Roles) -> None:
    """Replace a person's roles."""
    with open_parts() as deps:
        people.set_person_roles(deps, email, roles)
    console.print(say("operator.cli.user_roles", email=email, list=", ".join(roles)))


@users.command("disable")
def disable_user(email: Email) -> None:
    """Disable an account and end its sessions and tokens."""
    with open_parts() as deps:
        people.disable_person(deps, email)
    console.print(say("operator.cli.user_disabled", email=email))


@users.command("reset-password")
def reset_password(
    *, email: Email, password: Password = "", ask_password: AskPassword = False
) -> None:
    """Show a link to set a new password, or set an initial password directly."""
    password = password or (_ask_password() if ask_password else "")
    with open_parts() as deps:
        if password:
            people.reset_password(deps, email, password)
        _say_how_to_enter(deps, email, password)


def _say_how_to_enter(deps: Deps, email: str, password: str) -> None:
    """Print how the owner of a new account can sign in."""
    if password:
        console.print(say("operator.cli.user_password", email=email))
        return
    console.print(say("operator.cli.user_link", email=email))
    console.print(people.make_password_link(deps, email), style="bold", markup=False)
