"""Values that no page sends, in events of staff: refused or read, never an error."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.profile.state import ProfileState
from tests.support.bank import PASSWORD
from tests.web_staff.conftest import run

ODD = ["\0x", "\ud800", 10**30, None, -1, 1.5, "9" * 5_000]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_values_are_no_server_errors(product, bank, sign_in, odd):
    del product
    grace = bank.agent("Grace", roles=tuple(Role), password=PASSWORD)
    client = sign_in(grace)

    for state, name, arguments in (
        (DraftState, "open_draft", (odd, odd, odd)),
        (ProgramsState, "revoke_token", (str(odd),)),
        (ProfileState, "revoke_token", (str(odd),)),
        (SettingHistoryState, "restore_value", (odd,)),
        (PeopleState, "find_people", (str(odd),)),
    ):
        run(client.send(state, name, *arguments))
