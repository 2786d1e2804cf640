import pytest

from invo_booking.domain.access.caller import (
    Caller,
    Interface,
    network_of,
    shorten_address,
)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::2", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_limits_count_a_household_of_ipv6_as_one(address, network):
    assert network_of(address) == network
    assert Caller(interface=Interface.API, address=address).network == network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::1", "2001:db8:1::/48"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_what_is_kept_of_an_address_is_shared_by_many_households(address, network):
    assert shorten_address(address) == network
