"""Administrators' routes for settings, on a real database."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.settings import general, time
from invo_booking.settings.registry import BY_KEY, ENTRIES
from tests.api.test_staff import ORIGIN, browser_of, token_of
from tests.support.api_document import api_document
from tests.support.bank import PASSWORD

SETTINGS = "/api/v1/admin/settings"
JOIN = time.JOIN_BEFORE.key
SECRET = next(entry for entry in ENTRIES if entry.is_secret)


@pytest.fixture
def ada(api, bank):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    return browser_of(api, "ada")


@pytest.fixture
def grace(api, bank):
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    return browser_of(api, "grace")


def listed(api, caller, **query):
    answer = api.get(SETTINGS, params=query, headers=caller)
    assert answer.status_code == 200, answer.text
    return {it["key"]: it for it in answer.json()["settings"]}


def put(api, caller, body):
    return api.put(SETTINGS, json=body, headers=caller)


def test_every_setting_is_listed_with_all_that_a_client_needs(api, ada):
    found = listed(api, ada)

    assert list(found) == [entry.key for entry in ENTRIES]
    assert found[JOIN] == {
        "key": JOIN,
        "page": "time",
        "label": "Joining the call",
        "help": time.JOIN_BEFORE.help,
        "kind": "minutes",
        "unit": "minutes",
        "choices": [],
        "minimum": 0,
        "maximum": 120,
        "value": "10",
        "default": "10",
        "was": "10",
        "is_set": False,
        "editable": True,
        "deprecated": False,
        "changed_by": "",
        "changed_at": None,
        "broken": "",
        "warning": "",
        "consequence": "",
    }


def test_deleting_for_good_is_said_and_needs_a_word(api, ada):
    key = general.PURGE_OUTDATED.key
    said = listed(api, ada)[key]["consequence"]
    refused = put(api, ada, {key: {"value": "on"}})
    saved = put(api, ada, {key: {"value": "on", "word": "DELETE"}})

    assert said.startswith("This deletes ")
    assert refused.status_code == 422
    assert refused.json()["errors"][key] == f"{said} Type DELETE to confirm."
    assert saved.status_code == 200


def test_settings_can_be_listed_by_page_and_by_words(api, ada):
    assert {it["page"] for it in listed(api, ada, page="ux").values()} == {"ux"}
    assert JOIN in listed(api, ada, search="joining call")
    assert JOIN not in listed(api, ada, search="joining", page="ux")


def test_page_that_does_not_exist_is_refused_by_name(api, ada):
    refused = api.get(SETTINGS, params={"page": "secrets"}, headers=ada)

    assert refused.status_code == 422
    assert refused.json()["errors"]["page"].startswith("Choose one of: general, time")


def test_what_is_put_is_in_force_at_the_next_request(api, ada):
    contact = general.CONTACT_REQUIREMENT.key
    saved = put(api, ada, {contact: {"value": "both"}, JOIN: {"value": "20"}})

    assert saved.status_code == 200
    assert set(saved.json()["changed"]) == {contact, JOIN}
    assert api.get("/api/v1/answers").json()["contact"] == "both"
    found = listed(api, ada)[JOIN]
    assert (found["value"], found["changed_by"]) == ("20", "Ada")


def test_wrong_values_are_refused_per_key_and_nothing_is_saved(api, ada):
    refused = put(api, ada, {JOIN: {"value": "20"}, time.MAX_WAIT.key: {"value": "-1"}})

    assert refused.status_code == 422
    assert refused.json()["errors"] == {
        time.MAX_WAIT.key: "Enter a whole number from 1 to 240."
    }
    assert listed(api, ada)[JOIN]["value"] == "10"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time.travel": {"value": "on"}}, "request"),
        ({JOIN: {"value": 20}}, JOIN),
        ({JOIN: "20"}, JOIN),
        ({JOIN: {}}, JOIN),
        ({JOIN: {"value": "20", "force": True}}, "request"),
        ([], "request"),
    ],
)
def test_body_of_another_shape_is_refused_without_repeating_it(api, ada, body, field):
    refused = put(api, ada, body)

    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == [field]
    assert "travel" not in refused.text


def test_change_made_meanwhile_is_told_and_not_overwritten(api, ada, grace):
    put(api, grace, {JOIN: {"value": "20", "was": "10"}})

    refused = put(api, ada, {JOIN: {"value": "5", "was": "10"}})

    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "conflict"
    (theirs,) = told["changed"]
    assert (theirs["key"], theirs["by"], theirs["value"]) == (JOIN, "Grace", "20")
    assert theirs["at"].endswith("Z")
    assert listed(api, ada)[JOIN]["value"] == "20"
    again = {"value": "5", "was": theirs["was"]}
    assert put(api, ada, {JOIN: again}).status_code == 200


def test_history_reset_and_undo_go_together(api, ada):
    put(api, ada, {JOIN: {"value": "20"}})
    assert api.post(f"{SETTINGS}/{JOIN}/reset", headers=ada).json()["changed"] == [JOIN]

    changes = api.get(f"{SETTINGS}/{JOIN}/history", headers=ada).json()["changes"]
    assert [(it["action"], it["before"], it["after"]) for it in changes] == [
        ("reset", "20", "10"),
        ("changed", "10", "20"),
    ]

    path = f"{SETTINGS}/history/{changes[0]['number']}/undo"
    assert api.post(path, json={"was": "10"}, headers=ada).json()["changed"] == [JOIN]
    assert listed(api, ada)[JOIN]["value"] == "20"


def test_secret_can_be_replaced_but_is_never_told(api, ada):
    body = {SECRET.key: {"value": "Tr0ub4dor&3", "was": ""}}
    assert put(api, ada, body).json()["changed"] == [SECRET.key]

    history = api.get(f"{SETTINGS}/{SECRET.key}/history", headers=ada)
    everything = api.get(SETTINGS, headers=ada)
    assert "Tr0ub4dor" not in history.text + everything.text
    assert history.json()["changes"][0]["action"] == "replaced"
    assert listed(api, ada)[SECRET.key]["is_set"]
    assert listed(api, ada)[SECRET.key]["value"] == ""


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{SETTINGS}/time.travel/history"),
        ("POST", f"{SETTINGS}/time.travel/reset"),
        ("POST", f"{SETTINGS}/history/999999999/undo"),
        ("POST", f"{SETTINGS}/history/0/undo"),
        ("POST", f"{SETTINGS}/history/{2**63}/undo"),
    ],
)
def test_what_does_not_exist_is_not_found(api, ada, method, path):
    assert api.request(method, path, headers=ada).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER])
def test_staff_without_the_role_are_refused(api, bank, role):
    bank.agent("Sam", roles=(role,), password=PASSWORD)
    sam = token_of(api, "sam")

    for refused in (
        api.get(SETTINGS, headers=sam),
        put(api, sam, {JOIN: {"value": "20"}}),
        api.get(f"{SETTINGS}/{JOIN}/history", headers=sam),
        api.post(f"{SETTINGS}/{JOIN}/reset", headers=sam),
        api.post(f"{SETTINGS}/history/1/undo", headers=sam),
    ):
        assert refused.status_code == 403
        assert refused.json()["code"] == "not_allowed"


def test_administrator_whose_role_is_taken_away_is_refused_at_once(api, bank, ada):
    with bank.deps.unit_of_work() as work:
        account = work.people.account("ada@bank.example")
        assert account
        work.people.set_roles(account.id, [Role.AGENT.value])
        work.publish_roster_change()

    assert put(api, ada, {JOIN: {"value": "20"}}).status_code == 403


def test_setting_kept_for_super_admins_is_refused_to_administrators(api, ada):
    (key, *_) = (it.key for it in ENTRIES if Role.ADMINISTRATOR not in it.changeable_by)

    refused = put(api, ada, {key: {"value": "google"}, JOIN: {"value": "20"}})

    assert refused.status_code == 403
    assert "Only a super admin" in refused.json()["detail"]
    assert not listed(api, ada)[key]["editable"]
    assert listed(api, ada)[JOIN]["value"] == "10"


def test_broken_value_is_listed_and_degrades_health_without_failing_it(api, bank, ada):
    bank.set(time.INTERVAL, "7.5")

    assert listed(api, ada)[time.INTERVAL.key]["broken"]
    ready = api.get("/readyz")
    assert ready.status_code == 200
    (check,) = (it for it in ready.json()["checks"] if it["name"] == "settings")
    assert not check["ok"]
    assert "“Duration interval”" in check["sentence"]


def test_documentation_names_every_key():
    members = api_document()["components"]["schemas"]["SettingsBody"]["properties"]
    assert members.keys() - BY_KEY.keys() == {"keep", "reassign"}
    assert {key: members[key]["description"] for key in BY_KEY} == {
        key: entry.label for key, entry in BY_KEY.items()
    }


def test_no_two_shapes_share_a_name_in_the_documentation():
    shapes = api_document()["components"]["schemas"]

    assert not [name for name in shapes if "__" in name]


def test_browser_on_another_site_changes_nothing(api, ada):
    del ada  # who is signed in by cookie instead
    form = {"email": "ada@bank.example", "password": PASSWORD}
    api.post("/session/sign-in", data=form)

    body = {JOIN: {"value": "20"}}
    assert api.put(SETTINGS, json=body).status_code == 403
    assert api.put(SETTINGS, json=body, headers=ORIGIN).status_code == 200


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("general.who_can_delete", "agent"),
        ("general.program_requests", "600"),
        ("mailer.server", "mail.evil.example"),
        ("mailer.password", "stolen"),
        ("calendars.outlook_client_secret", "stolen"),
        ("calendars.primary_provider", "none"),
    ],
)
def test_token_changes_no_setting_that_would_raise_its_power(api, bank, key, text):
    bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    token = token_of(api, "root")
    before = listed(api, token)[key]

    for answer in (
        put(api, token, {key: {"value": text}, JOIN: {"value": "15"}}),
        api.post(f"{SETTINGS}/{key}/reset", headers=token),
    ):
        assert answer.status_code == 403
        assert "browser" in answer.json()["detail"]
    assert listed(api, token)[key] == before


def test_token_with_the_scope_for_it_changes_the_other_settings(api, bank):
    bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    token = token_of(api, "root")

    assert put(api, token, {JOIN: {"value": "15"}}).status_code == 200
    assert listed(api, token)[JOIN]["value"] == "15"
