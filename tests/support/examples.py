"""How many examples a property test tries, and which ones.

``make test`` tries the same ones every time, so that red means a change and not bad
luck. ``INVO_TEST_EXAMPLES=20`` tries twenty times as many, others in every run: a
search. Less than one tries fewer, for a tool that breaks one line after the other.
"""

import os

from hypothesis import HealthCheck, settings

SLOWNESS = [HealthCheck.too_slow]
"""Complaints that a busy machine alone can cause; what says others has to add these."""

TIMES = float(os.environ.get("INVO_TEST_EXAMPLES", "1"))


def how_many(examples: int) -> int:
    """Return how many examples to try where ``examples`` is the usual number."""
    return max(1, round(examples * TIMES))


def pytest_configure() -> None:
    """Load the profile where this is a plugin: mutants run without our fixtures."""
    load_profile()


def load_profile() -> None:
    """Make what is said above hold for every test that says nothing else."""
    settings.register_profile(
        "invo",
        max_examples=how_many(100),
        deadline=None,
        suppress_health_check=SLOWNESS,
        derandomize=TIMES <= 1,
        database=None,
        print_blob=True,
    )
    settings.load_profile("invo")
