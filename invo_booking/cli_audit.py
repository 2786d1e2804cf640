"""Define the commands that verify the audit log: ``invo-booking audit``."""

from typing import Annotated

import typer
from rich.console import Console

from invo_booking.cli_parts import open_parts, plain_line
from invo_booking.domain.audit import MISFIT_TEXTS
from invo_booking.persistence.audit.chain import ChainHead
from invo_booking.texts import say
from invo_booking.usecases.upkeep import audit_seals
from invo_booking.usecases.upkeep.audit_seals import SealState

audit = typer.Typer(help=say("operator.audit.help"), no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)


@audit.command("verify")
def verify(
    *,
    head: Annotated[
        str,
        typer.Option(
            help="Head stored elsewhere, as PLACE:HASH, for example from the log; the "
            "chain must contain it."
        ),
    ] = "",
) -> None:
    """Recompute every seal and list entries that do not match."""
    expected = _head(head) if head else None
    with open_parts() as deps:
        state = audit_seals.check_audit_chain(deps, expected)
    for line in _lines(state):
        console.print(plain_line(line))
    if not state.is_whole or state.unverifiable:
        raise typer.Exit(1)


@audit.command("head")
def show_head() -> None:
    """Print PLACE:HASH of the newest sealed entry, to be stored elsewhere."""
    with open_parts() as deps:
        figures = audit_seals.seal_figures(deps)
    if figures.head is None:
        console.print(
            plain_line(figures.problem or say("operator.audit.nothing_sealed"))
        )
        raise typer.Exit(1)
    console.print(_text(figures.head))


@audit.command("restart")
def restart() -> None:
    """Continue the chain of seals after an invalid head; the gap stays visible."""
    with open_parts() as deps:
        gap = audit_seals.restart_audit_chain(deps)
    console.print(say("operator.audit.gap_accepted", gap=gap))


def _lines(state: SealState) -> list[str]:
    lines = [
        say("operator.audit.entry", place=it.place, why=say(MISFIT_TEXTS[it.why]))
        for it in state.misfits
    ]
    if state.problem:
        lines.append(state.problem)
    lines += [
        say("operator.audit.key_missing", key_id=key_id)
        for key_id in state.unverifiable
    ]
    if state.is_whole:
        lines.append(say("operator.audit.verified", sealed=state.sealed))
    lines.append(say("operator.audit.waiting", waiting=state.waiting))
    if state.head is not None:
        lines.append(say("operator.audit.head", text=_text(state.head)))
    return lines


def _text(head: ChainHead) -> str:
    return f"{head.place}:{head.hash}"


def _head(typed: str) -> tuple[int, str]:
    place, separator, digest = typed.partition(":")
    if not separator or not place.isdecimal():
        raise typer.BadParameter(say("operator.audit.head_format"))
    return int(place), digest.strip().lower()
