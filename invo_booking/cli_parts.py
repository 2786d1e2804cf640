"""Provide functions that several groups of commands use."""

from collections.abc import Iterator
from contextlib import contextmanager

from invo_booking import bootstrap
from invo_booking.config import load_config
from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.run import instance, schema
from invo_booking.run.schema import SchemaError
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps


@contextmanager
def open_parts() -> Iterator[Deps]:
    """Yield the dependencies for a command, starting the database if necessary.

    Raises:
        SchemaError: If the database schema is not that of this version.
    """
    with instance.open_database(load_config()) as address:
        if schema.current_schema_revision(address) != schema.newest_schema_revision():
            raise SchemaError(say("operator.parts.schema_behind"))
        yield bootstrap.deps().for_caller(Caller(interface=Interface.COMMAND_LINE))


def plain_line(line: str) -> str:
    """Return a line with its brackets escaped, so that Rich prints them."""
    return line.replace("[", r"\[")
