"""Which function locks the days of what."""

import ast
from pathlib import Path

USECASES = Path(__file__).resolve().parents[2] / "invo_booking" / "usecases"
MAKES_APPOINTMENTS = {"booking/booking.py", "staff/appointments.py"}
DEFINES = "slots/availability.py"


def calls_of(name):
    """Return the files that call a function, once for each call."""
    for path in sorted(USECASES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name in ast.unparse(node.func):
                yield path.relative_to(USECASES).as_posix()


def test_days_of_an_appointment_that_exists_are_locked_with_another_look_at_it():
    by_period = [it for it in calls_of("lock_days_of") if it != DEFINES]

    assert sorted(by_period) == sorted(MAKES_APPOINTMENTS)
    assert len([*calls_of("lock_appointment")]) >= 6


def test_days_are_locked_in_the_order_that_prevents_deadlocks_only_there():
    assert {*calls_of("lock_days")} - MAKES_APPOINTMENTS <= {DEFINES}
