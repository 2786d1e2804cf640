"""Define the command for changed time-zone rules: ``invo-booking zones``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts
from invo_booking.texts import say
from invo_booking.texts.dates import instant_text
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
                say(
                    "operator.zones.moved",
                    moved=done.moved,
                    unassigned=done.unassigned,
                    left=done.left,
                )
            )
            return
        shifted = zone_rules.shifted_appointments(deps)
    for one in shifted:
        console.print(
            say(
                "operator.zones.difference",
                appointment_id=one.appointment_id,
                starts_at=instant_text(one.starts_at),
                agreed_at=instant_text(one.agreed_at),
            )
        )
    if not shifted:
        console.print(say("operator.zones.none"))
