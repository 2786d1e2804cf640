"""Programs load without the garbage collector and collect afterwards."""

import gc

import pytest

from invo_booking.run.collector import collector_paused


def test_collector_rests_while_a_program_loads_and_works_afterwards():
    with collector_paused():
        is_enabled = gc.isenabled()

    assert not is_enabled
    assert gc.isenabled()


def test_collector_works_after_a_program_could_not_load():
    with pytest.raises(ImportError), collector_paused():
        raise ImportError

    assert gc.isenabled()


def test_what_was_loaded_is_not_visited_again():
    with collector_paused():
        loaded = [[number] for number in range(10_000)]

    assert not any(it is loaded for it in gc.get_objects())
