"""Who gets an appointment."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.assignment import fewest_today

ANA, BEN, CLEO = (UUID(int=number) for number in (1, 2, 3))
agents = st.builds(UUID, int=st.integers(0, 9))


def test_agent_with_the_fewest_appointments_that_day_is_chosen():
    assert fewest_today([ANA, BEN, CLEO], {ANA: 3, BEN: 1, CLEO: 2}) == BEN


def test_agent_without_any_is_chosen_before_one_with_one():
    assert fewest_today([ANA, BEN], {ANA: 1}) == BEN


def test_nobody_is_chosen_from_nobody():
    with pytest.raises(ValueError, match=r"min|empty"):
        fewest_today([], {})


@given(
    st.lists(agents, min_size=1),
    st.dictionaries(agents, st.integers(0, 3)),
    st.randoms(use_true_random=False),
)
def test_choice_does_not_depend_on_the_order(candidates, counts, dice):
    shuffled = dice.sample(candidates, len(candidates))

    chosen = fewest_today(candidates, counts)

    assert fewest_today(shuffled, counts) == chosen
    assert counts.get(chosen, 0) == min(counts.get(it, 0) for it in candidates)
