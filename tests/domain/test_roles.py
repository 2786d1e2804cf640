"""Who may do what."""

from uuid import UUID

import pytest

from invo_booking.domain.access.roles import Actor, Role, has_any_role

MORTGAGES, CARDS = UUID(int=1), UUID(int=2)


def actor(*roles):
    return Actor(
        id=UUID(int=9),
        name="Ana",
        email="ana@bank.example",
        roles=frozenset(roles),
        queues=frozenset({MORTGAGES}),
        languages=frozenset({"en"}),
    )


@pytest.mark.parametrize(
    ("role", "oversees", "administers"),
    [
        (Role.AGENT, False, False),
        (Role.BOOKING_MANAGER, True, False),
        (Role.MANAGER, True, False),
        (Role.ADMINISTRATOR, True, True),
        (Role.SUPER_ADMIN, True, True),
    ],
)
def test_role_decides_what_a_person_sees_and_administers(role, oversees, administers):
    assert actor(role).oversees is oversees
    assert actor(role).administers is administers


def test_person_without_a_role_may_do_nothing():
    assert not actor().oversees
    assert not actor().administers
    assert not has_any_role(actor(), frozenset(Role))


def test_one_of_several_roles_is_enough():
    both = actor(Role.AGENT, Role.MANAGER)

    assert has_any_role(both, frozenset({Role.MANAGER}))
    assert not has_any_role(both, frozenset({Role.ADMINISTRATOR}))


def test_super_admin_may_do_what_nobody_else_may():
    assert has_any_role(actor(Role.SUPER_ADMIN), frozenset())


def test_agent_serves_a_queue_only_in_a_language_spoken():
    assert actor(Role.AGENT).serves(MORTGAGES, "en")
    assert not actor(Role.AGENT).serves(MORTGAGES, "es")
    assert not actor(Role.AGENT).serves(CARDS, "en")
