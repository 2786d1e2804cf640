"""What the states of the settings pages do with the use cases, on a real database."""
# ruff: noqa: SLF001 - live updates call what is private to a state

import asyncio

import pytest

from invo_booking.settings import calendars, general, mailer, time, ux
from invo_booking.settings.registry import ENTRIES
from invo_booking.settings.spec import Page
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.shared import settings
from invo_booking.web.admin.calendars.state import CalendarApiState
from invo_booking.web.admin.finder_state import FinderState
from invo_booking.web.admin.setting_words import PARTS, setting_rows_by_part
from invo_booking.web.admin.settings.branding_state import BrandingState
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from invo_booking.web.admin.settings.page import LEADS
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.core import routes
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD
from tests.web_staff.conftest import Client, run, see

PURGE = general.PURGE_OUTDATED
JOIN, WAIT = time.JOIN_BEFORE, time.MAX_WAIT


class Desk:
    """Somebody at one settings page."""

    def __init__(self, client: Client, page: Page) -> None:
        self.client = client
        self.at = routes.settings_route(page.slug)
        self.do("open_page")

    def do(self, name: str, *arguments):
        (answer,) = run(self.client.send(SettingsState, name, *arguments, at=self.at))
        return answer

    @property
    def page(self):
        return see(self.client, SettingsState)

    def row(self, entry):
        rows = {row.key: row for part in self.page.parts for row in part.rows}
        return rows[entry.key]

    def live(self) -> None:
        """Hear of somebody else's change, as an open page does."""
        self.client._arrive(self.at)
        asyncio.run(self.page._refresh())


@pytest.fixture
def desk(sign_in, grace):
    return Desk(sign_in(grace), Page.TIME)


def stored(deps, actor, entry) -> str:
    rows = {row.key: row for row in settings.all_setting_entries(deps, actor)}
    return rows[entry.key].text


def test_page_shows_each_setting_with_label_unit_default_and_last_change(desk):
    row = desk.row(WAIT)

    assert (row.label, row.unit, row.value) == ("Max waiting time", "minutes", "15")
    assert row.default == "Default: 15 minutes"
    assert (row.changed, row.history) == ("Never changed", False)
    assert row.bounds == "1 to 240"


def test_every_setting_is_in_a_part_of_its_page(product, grace):
    for page in Page:
        rows = list(settings.settings_page(product, grace, page).rows)
        shown = [row for _, mine in setting_rows_by_part(page, rows) for row in mine]
        assert sorted(row.key for row in shown) == sorted(row.key for row in rows)
        assert len(setting_rows_by_part(page, rows)) == len(PARTS[page])
        assert LEADS[page]
    assert len(ENTRIES) == len(settings.all_setting_entries(product, grace))


def test_changes_are_counted_marked_reviewed_and_saved_together(product, desk, grace):
    desk.do("edit_setting", JOIN.key, "20")
    desk.do("edit_setting", WAIT.key, "25")
    assert desk.page.counted == "2 changes"
    assert desk.row(JOIN).was == "In use until saved: 10 minutes"

    desk.do("open_review")
    assert [(it.before, it.after) for it in desk.page.review] == [
        ("10 minutes", "20 minutes"),
        ("15 minutes", "25 minutes"),
    ]

    desk.do("save_changes")
    assert (desk.page.count, desk.page.is_reviewing) == (0, False)
    assert desk.page.done == "Saved 2 changes, in use everywhere now."
    assert desk.row(JOIN).changed == "Changed by Grace, just now"
    assert (stored(product, grace, JOIN), stored(product, grace, WAIT)) == ("20", "25")


def test_what_was_saved_can_be_undone_at_once(product, desk, grace):
    desk.do("edit_setting", JOIN.key, "20")
    desk.do("save_changes")
    assert desk.page.undoable

    desk.do("undo_save")

    assert stored(product, grace, JOIN) == "10"
    assert desk.row(JOIN).value == "10"
    assert not desk.page.undoable


def test_deleting_for_good_is_said_and_confirmed_by_a_word_and_never_undone(
    product, sign_in, grace
):
    desk = Desk(sign_in(grace), Page.GENERAL)
    desk.do("switch_setting", PURGE.key, True)
    desk.do("save_changes")
    assert desk.page.is_reviewing
    assert desk.page.review[0].warning.startswith("This deletes ")

    desk.do("save_changes")
    desk.do("confirm_changes", {"word": "delete"})
    assert desk.page.is_reviewing
    assert desk.page.word_problem == "Type DELETE to confirm."
    assert stored(product, grace, PURGE) == "off"

    desk.do("confirm_changes", {"word": "DELETE"})
    assert stored(product, grace, PURGE) == "on"
    assert not desk.page.undoable
    assert "switch it off again before the next midnight" in desk.page.cautions[0]

    desk.do("switch_setting", PURGE.key, False)
    desk.do("save_changes")
    assert desk.page.review[0].warning.startswith("Nothing more is deleted")
    assert desk.page.word == ""
    desk.do("confirm_changes", {})
    assert stored(product, grace, PURGE) == "off"
    assert not desk.page.undoable


def test_wrong_value_is_refused_beside_its_field_and_nothing_is_saved(
    product, desk, grace
):
    desk.do("edit_setting", JOIN.key, "soon")
    desk.do("edit_setting", WAIT.key, "25")

    desk.do("save_changes")

    assert desk.row(JOIN).error == "Enter a whole number from 0 to 120."
    assert desk.row(JOIN).described_by == f"{JOIN.key}-h {JOIN.key}-e"
    assert [link.label for link in desk.page.wrong] == ["Joining the call"]
    assert (desk.page.target, desk.page.turn) == (JOIN.key, 1)
    assert desk.page.count == 2
    assert stored(product, grace, WAIT) == "15"


def test_two_administrators_collide_and_the_second_decides(product, desk, grace, bank):
    other = bank.agent("Henry", roles=tuple(grace.roles), password=PASSWORD)
    desk.do("edit_setting", JOIN.key, "20")
    save_settings(product, other, {JOIN.key: SettingEdit(text="45", was="10")})

    desk.do("save_changes")

    assert desk.row(JOIN).clash == "Henry changed this just now to 45 minutes."
    assert "nothing was saved" in desk.page.problem
    assert stored(product, grace, JOIN) == "45"

    desk.do("keep_own_value", JOIN.key)
    desk.do("save_changes")
    assert stored(product, grace, JOIN) == "20"


def test_open_page_hears_of_a_change_and_keeps_what_is_typed(
    product, desk, grace, bank
):
    other = bank.agent("Henry", roles=tuple(grace.roles), password=PASSWORD)
    desk.do("edit_setting", JOIN.key, "20")

    save_settings(
        product,
        other,
        {JOIN.key: SettingEdit(text="45"), WAIT.key: SettingEdit(text="30")},
    )
    desk.live()

    assert desk.row(WAIT).value == "30"
    assert desk.row(JOIN).value == "20"
    assert desk.row(JOIN).clash.startswith("Henry changed this")
    desk.do("discard_change", JOIN.key)
    assert (desk.row(JOIN).value, desk.row(JOIN).clash) == ("45", "")


def test_default_can_be_put_back(product, desk, grace):
    desk.do("edit_setting", JOIN.key, "20")
    desk.do("save_changes")
    assert desk.row(JOIN).resettable

    desk.do("use_default", JOIN.key)
    assert desk.row(JOIN).value == "10"
    desk.do("save_changes")

    assert stored(product, grace, JOIN) == "10"
    assert not desk.row(JOIN).resettable


def test_discarding_shows_everything_as_it_is_stored(desk):
    desk.do("switch_setting", time.WEEKENDS_OFF.key, False)
    assert desk.row(time.WEEKENDS_OFF).value == "off"

    desk.do("discard_changes")

    assert desk.page.count == 0
    assert desk.row(time.WEEKENDS_OFF).value == "on"


def test_history_tells_every_change_and_goes_back(product, desk, grace):
    for text in ("20", "30"):
        desk.do("edit_setting", JOIN.key, text)
        desk.do("save_changes")

    def history(name, *arguments):
        run(desk.client.send(SettingHistoryState, name, *arguments, at=desk.at))
        return see(desk.client, SettingHistoryState)

    shown = history("open_history", JOIN.key)
    assert (shown.is_open, shown.label) == (True, "Joining the call")
    assert [(it.before, it.after) for it in shown.changes] == [
        ("20 minutes", "30 minutes"),
        ("10 minutes", "20 minutes"),
    ]
    assert shown.changes[0].undo == "Go back to 20 minutes"

    shown = history("restore_value", shown.changes[0].number)
    assert stored(product, grace, JOIN) == "20"
    assert shown.changes[0].sentence == "Grace undid an earlier change"
    assert desk.row(JOIN).value == "20"
    assert not history("close_history").is_open
    assert history("restore_value", 10**6).problem


def test_secret_is_never_sent_to_the_page(sign_in, grace):
    desk = Desk(sign_in(grace), Page.MAILER)
    desk.do("edit_setting", mailer.PASSWORD.key, "open sesame")
    desk.do("open_review")
    assert desk.page.review[0].after == "a new one"
    desk.do("save_changes")

    delta = str(asyncio.run(desk.client.delta()))
    assert "open sesame" not in delta
    assert (desk.row(mailer.PASSWORD).value, desk.row(mailer.PASSWORD).stored) == (
        "",
        True,
    )
    assert not desk.page.undoable


def test_only_the_super_admin_changes_the_provider_and_reads_first_what_it_does(
    product, sign_in, grace, simone
):
    theirs = Desk(sign_in(grace), Page.CALENDARS)
    provider = calendars.PRIMARY_PROVIDER
    assert not theirs.row(provider).editable
    theirs.do("edit_setting", provider.key, "google")
    assert theirs.page.count == 0

    desk = Desk(sign_in(simone), Page.CALENDARS)
    desk.do("edit_setting", provider.key, "google")
    desk.do("save_changes")
    assert desk.page.is_reviewing
    assert "forgets" in desk.page.review[0].warning
    assert stored(product, simone, provider) == "none"
    desk.do("save_changes")
    assert stored(product, simone, provider) == "google"


def test_roles_are_ticked_one_by_one(sign_in, grace):
    desk = Desk(sign_in(grace), Page.GENERAL)
    assign = general.WHO_CAN[next(iter(general.WHO_CAN))]

    desk.do("tick_option", assign.key, "agent", True)
    desk.do("save_changes")

    chosen = [it.value for it in desk.row(assign).options if it.chosen]
    assert chosen == ["agent", "booking-manager", "manager", "administrator"]


def test_colours_are_previewed_and_hard_ones_warned_about(sign_in, grace):
    desk = Desk(sign_in(grace), Page.UX)
    assert all(it.reads_well for it in desk.page.slots.ratios)

    desk.do("edit_setting", ux.SLOT_SELECTED.key, "#1d4ed8")
    assert desk.page.slots.selected == "#1d4ed8"
    assert [it.reads_well for it in desk.page.slots.ratios] == [True, False]
    assert desk.page.slots.ratios[1].ratio == "3.1 to 1"
    desk.do("edit_setting", ux.SLOT_SELECTED.key, "#1d4")
    assert desk.page.slots.selected == "#8ab8ff"

    desk.do("edit_setting", ux.SLOT_SELECTED.key, "#1d4ed8")
    desk.do("save_changes")
    assert len(desk.page.cautions) == 1
    assert desk.row(ux.SLOT_SELECTED).notice == desk.page.cautions[0]


def test_search_leads_to_the_setting(sign_in, grace):
    client = sign_in(grace)

    def look(words):
        run(client.send(FinderState, "find_settings", words))
        return see(client, FinderState)

    found = look("remind")
    assert found.hits[0].address == "/settings/time#time.reminders"
    (answer,) = run(client.send(FinderState, "open_first_setting"))
    assert "/settings/time#time.reminders" in str(answer.args)
    assert look("zebra").summary == "No setting matches “zebra”. Try fewer letters."
    assert run(client.send(FinderState, "open_first_setting")) == [None]
    assert look("  ").hits == []
    assert len(look("e").hits) == 8
    assert look("e").summary.endswith("settings match “e”; these are the first 8")


def test_branding_says_what_became_of_an_upload(sign_in, grace):
    client = sign_in(grace)
    here = "/settings/branding?image=join&result=too_small"

    run(client.send(BrandingState, "open_page", at=here))

    logo, join = see(client, BrandingState).pictures
    assert (logo.result, logo.changed) == ("", "The default picture")
    assert join.refused
    assert "too small" in join.result


def test_older_calendar_page_leads_to_the_same_fields(sign_in, grace):
    client = sign_in(grace)

    run(client.send(CalendarApiState, "open_page", at=routes.CALENDAR_API))

    facts = see(client, CalendarApiState).facts
    assert [fact.label for fact in facts] == [
        "Google",
        "Google Client ID",
        "Google API key",
    ]
    assert facts[0].address == "/settings/calendars#calendars.google"


def test_agent_is_led_to_the_dashboard_which_says_why(bank, sign_in):
    client = sign_in(bank.agent("Ana", password=PASSWORD))

    (answer,) = run(client.send(SettingsState, "open_page", at="/settings/time"))

    assert "/dashboard?refused=1" in str(answer.args)
    assert see(client, SettingsState).parts == []
    run(client.send(DashboardState, "open_page", at="/dashboard?refused=1"))
    dashboard = see(client, DashboardState)
    assert dashboard.problem == "Your role does not allow this. Ask an administrator."
    assert not dashboard.administers


def test_page_nobody_knows_shows_nothing(sign_in, grace):
    client = sign_in(grace)

    run(client.send(SettingsState, "open_page", at="/settings/travel"))

    assert see(client, SettingsState).slug == ""
