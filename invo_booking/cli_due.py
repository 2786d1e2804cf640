"""The operator says how much at once is usual: ``invo-booking due``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import parts, plain
from invo_booking.domain.errors import InvalidInputError
from invo_booking.usecases.upkeep import ticks

console = Console(highlight=False, soft_wrap=True)


def due(
    *,
    accept: Annotated[
        str,
        typer.Option(
            help="What may happen to so many at once: expire, complete, purge."
        ),
    ] = "",
    most: Annotated[int, typer.Option(help="How many at once are usual.")] = 0,
) -> None:
    """Show why the clock's tasks wait, or let so many at once be usual."""
    with parts() as deps:
        if accept:
            try:
                ticks.accept(deps, accept, most)
            except InvalidInputError as error:
                raise typer.BadParameter(str(error)) from error
            console.print(f"From now on up to {most} at once count as usual.")
            return
        with deps.unit_of_work() as work:
            problems = ticks.troubles(deps, work)
    for line in problems or [
        "Nothing waits: clocks agree, and no more is due than usual."
    ]:
        console.print(plain(line))
