"""Keep clock times after an update of time-zone data: ``invo-booking zones``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts
from invo_booking.usecases.upkeep import zone_rules

console = Console(highlight=False, soft_wrap=True)


def zones(
    *,
    keep: Annotated[
        bool,
        typer.Option(help="Move them to the agreed clock time and notify customers."),
    ] = False,
) -> None:
    """List appointments whose clock time new time-zone rules have changed."""
    with open_parts() as deps:
        if keep:
            done = zone_rules.keep_wall_times(deps)
            console.print(
                f"Moved to the agreed clock time: {done.moved} appointments; their "
                f"customers are notified. Without an agent: {done.unassigned}. Not "
                f"moved: {done.left}."
            )
            return
        shifted = zone_rules.shifted_appointments(deps)
    for one in shifted:
        console.print(
            f"{one.appointment_id}: {one.starts_at:%Y-%m-%d %H:%M} UTC, agreed for "
            f"{one.agreed_at:%Y-%m-%d %H:%M} UTC"
        )
    if not shifted:
        console.print("All appointments are at the agreed clock time.")
