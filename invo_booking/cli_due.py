"""Define the command that allows many changes at once: ``invo-booking due``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.upkeep import ticks

console = Console(highlight=False, soft_wrap=True)


def due(
    *,
    accept: Annotated[
        str,
        typer.Option(
            help="Allow this change for --most appointments: expire, complete, purge."
        ),
    ] = "",
    most: Annotated[int, typer.Option(help="Number of appointments to allow.")] = 0,
) -> None:
    """Show why periodic tasks make no changes, or allow many changes at once."""
    with open_parts() as deps:
        if accept:
            try:
                ticks.accept_amount(deps, accept, most)
            except InvalidInputError as error:
                raise typer.BadParameter(str(error)) from error
            console.print(say("operator.due.allowed", most=most))
            return
        with deps.unit_of_work() as work:
            problems = ticks.tick_troubles(deps, work)
    for line in problems or [say("operator.due.nothing")]:
        console.print(plain_line(line))
