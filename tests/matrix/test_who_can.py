"""RELIABILITY 81: the four settings, for each role, in a session that stays open.

``tests/obeyed/test_roles.py`` shows the same for agents at more length.
"""

import pytest

from invo_booking.domain.access.roles import Role
from tests.obeyed.conftest import api, decide, kept_parts, product, sign_in
from tests.obeyed.test_roles import (
    Desk,
    assigns_by_api,
    assigns_by_event,
    creates_by_api,
    creates_by_event,
    deletes_by_api,
    deletes_by_event,
    edits_by_api,
    edits_by_event,
)
from tests.support.bank import PASSWORD

__all__ = ["api", "decide", "kept_parts", "product", "sign_in"]

WAYS = {
    "assign": (assigns_by_api, assigns_by_event),
    "edit": (edits_by_api, edits_by_event),
    "create": (creates_by_api, creates_by_event),
    "delete": (deletes_by_api, deletes_by_event),
}
ASKED = [role for role in Role if role not in {Role.AGENT, Role.SUPER_ADMIN}]


@pytest.fixture
def desk_of(bank, product, sign_in, api):
    """Make the desk of somebody with a role, whose session is open already."""
    assert product is bank.deps

    def make(role: Role) -> Desk:
        person = bank.agent("Ana", roles=(role,), password=PASSWORD)
        client = sign_in(person)
        api.cookies.set("invo_session", client.cookie.partition("=")[2])
        boss = bank.agent("Simone", roles=(Role.SUPER_ADMIN,))
        return Desk(bank, boss, person, client, api)

    return make


@pytest.mark.parametrize("action", WAYS)
@pytest.mark.parametrize("role", ASKED)
def test_each_role_may_at_once_what_the_setting_says_and_nothing_more(
    desk_of, decide, role, action
):
    desk, ways = desk_of(role), WAYS[action]
    others = ", ".join(it for it in Role if it not in {role, Role.SUPER_ADMIN})
    for allowed, is_allowed in ((others, False), (role, True), (others, False)):
        decide({f"general.who_can_{action}": str(allowed)})
        told = [desk.is_shown(action), *(way(desk) for way in ways)]

        assert told == [is_allowed] * 3, allowed


def test_a_super_admin_may_whatever_the_settings_say(desk_of, decide):
    desk = desk_of(Role.SUPER_ADMIN)
    for action, ways in WAYS.items():
        decide({f"general.who_can_{action}": "agent"})

        assert [desk.is_shown(action), *(way(desk) for way in ways)] == [True] * 3
