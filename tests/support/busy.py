"""How much longer everything takes on a machine that also does other work."""

import os


def with_slack(seconds: float) -> float:
    """Return a promised time, longer the busier the machine is.

    A promise of the product holds on a machine that does nothing else. With twice as
    much to do as processors, waiting alone takes several times as long.
    """
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(1.0, 2 * busy)
