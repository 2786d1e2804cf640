"""What it costs that settings are read anew for every booking.

``python -m benchmarks.settings``: starts its own PostgreSQL, fills the bank of
``institution.py`` and prints a table. One process, no HTTP.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks import institution
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import UnitOfWork, unit_of_work
from invo_booking.run.embedded import Postgres, scratch_folder
from invo_booking.run.schema import migrate_schema
from invo_booking.settings.registry import ENTRIES
from invo_booking.settings.spec import Values
from tests.support.keys import KEY

ROUNDS = 300


def read_all(values: Values) -> None:
    """Read every setting once, as no booking needs to."""
    for entry in ENTRIES:
        values[entry]


def nothing(work: UnitOfWork) -> None:
    """Ask the smallest question there is."""
    work.session.connection().exec_driver_sql("SELECT 1")


def kept(work: UnitOfWork) -> None:
    """Read every setting; nothing has changed since the last transaction."""
    read_all(work.settings)


def changed(work: UnitOfWork) -> None:
    """Read every setting in the transaction that changed one of them."""
    work.stored_settings.put("time.join_before", "15", "benchmark", utc_now())
    work.publish_roster_change()
    read_all(work.settings)


def milliseconds(transact: Callable[[], object]) -> float:
    """Return what one call takes, the median of many."""
    took: list[float] = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        transact()
        took.append(perf_counter() - begin)
    return median(took) * 1000


def main() -> None:
    """Measure and print."""
    with scratch_folder() as folder, Postgres(folder) as server:
        migrate_schema(server.url)
        institution.make(server.url)
        engine = make_engine(server.url, pool_size=1)
        begin = unit_of_work(engine, KEY)

        def transaction(ask: Callable[[UnitOfWork], None]) -> float:
            def once() -> None:
                with begin() as work:
                    ask(work)

            return milliseconds(once)

        empty = transaction(nothing)
        rows = {
            "A transaction with one question, for comparison": empty,
            "The same, with every setting read from those kept": transaction(kept),
            "Change one; read people, hours and all settings anew": transaction(
                changed
            ),
            "Every setting from kept values, without the database": in_memory(),
        }
        engine.dispose()
    print_table(rows)


def in_memory() -> float:
    """Return what the values alone take once they are parsed."""
    values = Values({})
    return milliseconds(lambda: read_all(values))


def print_table(rows: dict[str, float]) -> None:
    """Print what was measured."""
    table = Table("What", "ms (median)", title=f"{len(ENTRIES)} settings")
    for what, took in rows.items():
        table.add_row(what, f"{took:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
