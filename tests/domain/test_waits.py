from datetime import timedelta

import pytest

from invo_booking.domain.waits import wait_in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "1 second"),
        (0.2, "1 second"),
        (1, "1 second"),
        (1.1, "2 seconds"),
        (14.2, "15 seconds"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (3_600, "60 minutes"),
        (5_341, "2 hours"),
        (7_200, "2 hours"),
        (7_201, "3 hours"),
        (86_400, "24 hours"),
    ],
)
def test_wait_is_named_in_the_unit_that_reads_best_and_never_too_short(seconds, words):
    assert wait_in_words(timedelta(seconds=seconds)) == words
