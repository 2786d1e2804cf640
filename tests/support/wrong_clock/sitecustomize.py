"""Make the clock of a program wrong; Python runs this where it finds the folder.

``SECONDS_AHEAD`` says by how much. The time a program measures for itself stays right.
"""

import os
import time
from datetime import datetime, timedelta

from invo_booking.domain import clock

ahead = float(os.environ["SECONDS_AHEAD"])
true_time, true_now = time.time, clock.utc_now  # noqa: TID251 - replaced below


def wrong_time() -> float:
    """Return the seconds since 1970 as this clock shows them."""
    return true_time() + ahead


def wrong_now() -> datetime:
    """Return the instant that this clock shows."""
    return true_now() + timedelta(seconds=ahead)


time.time = wrong_time  # noqa: TID251 - as every library reads it
clock.utc_now = wrong_now
