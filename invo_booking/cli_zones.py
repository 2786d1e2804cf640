"""Keep clock times after new time-zone data: ``invo-booking zones``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import parts
from invo_booking.usecases.upkeep import zone_rules

console = Console(highlight=False, soft_wrap=True)


def zones(
    *,
    keep: Annotated[
        bool,
        typer.Option(help="Move them to the clock time agreed, and tell customers."),
    ] = False,
) -> None:
    """Show appointments that new rules of a time zone put at another clock time."""
    with parts() as deps:
        if keep:
            done = zone_rules.keep_wall_times(deps)
            console.print(
                f"{done.moved} appointments stand at the clock time agreed again, and "
                f"their customers are told. {done.unassigned} of them have no agent; "
                f"{done.left} were left as they are."
            )
            return
        found = zone_rules.shifted(deps)
    for one in found:
        console.print(
            f"{one.appointment_id}: {one.starts_at:%Y-%m-%d %H:%M} UTC, agreed for "
            f"{one.agreed_at:%Y-%m-%d %H:%M} UTC"
        )
    if not found:
        console.print("All appointments stand at the clock time agreed.")
