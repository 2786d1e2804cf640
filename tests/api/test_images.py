"""Branding's pictures over HTTP: who may replace them, and what everybody sees."""

from io import BytesIO

import pytest
from PIL import Image

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.accounts import sessions
from tests.api.conftest import ORIGIN
from tests.support.bank import PASSWORD

OWN = {"origin": ORIGIN}
PAGE = {"accept": "text/html,application/xhtml+xml"}
NAMES = ("logo", "join")


def png(width=120, height=80) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (10, 120, 200)).save(out, "PNG")
    return out.getvalue()


def upload(api, name="logo", data=None, **headers):
    files = {"file": ("c:\\..\\evil.svg", data or png(), "image/svg+xml")}
    return api.post(f"/session/images/{name}", files=files, headers=OWN | headers)


@pytest.fixture
def administrator(api, bank):
    return signed_in(api, bank, Role.ADMINISTRATOR)


def signed_in(api, bank, role):
    person = bank.agent("Grace", roles=(role,), password=PASSWORD)
    found = sessions.sign_in(bank.deps, person.email, PASSWORD)
    api.cookies.set("invo_session", found.token)
    return api


@pytest.mark.parametrize("name", NAMES)
def test_default_is_shown_until_there_is_another_and_again_after(administrator, name):
    api = administrator
    default = api.get(f"/images/{name}")
    assert default.headers["content-type"].startswith("image/svg+xml")

    answer = upload(api, name)
    assert answer.status_code == 200
    assert answer.json()["width"] == 120
    assert answer.json()["changed_by"] == "Grace"
    own = api.get(f"/images/{name}")
    assert own.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(own.content)).size == (120, 80)

    assert api.post(f"/session/images/{name}/remove", headers=OWN).status_code == 204
    assert api.post(f"/session/images/{name}/remove", headers=OWN).status_code == 204
    assert api.get(f"/images/{name}").content == default.content


def test_browser_that_has_the_picture_is_told_so_until_it_changes(administrator):
    api = administrator
    seen = api.get("/images/logo")
    assert seen.headers["cache-control"] == "no-cache"

    asked = {"if-none-match": seen.headers["etag"]}
    assert api.get("/images/logo", headers=asked).status_code == 304

    upload(api)
    changed = api.get("/images/logo", headers=asked)
    assert changed.status_code == 200
    asked = {"if-none-match": f'W/"x", {changed.headers["etag"]}'}
    again = api.get("/images/logo", headers=asked)
    assert (again.status_code, again.content) == (304, b"")


def test_picture_can_do_nothing_when_it_is_opened_by_itself(administrator):
    shown = administrator.get("/images/logo")

    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["favicon", "..%2Flogo", "logo.png", "LOGO", "a" * 99])
def test_only_known_names_exist(administrator, name):
    assert administrator.get(f"/images/{name}").status_code == 404
    assert upload(administrator, name).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER])
def test_only_administrators_replace_pictures(api, bank, role):
    signed_in(api, bank, role)

    assert upload(api).status_code == 403
    assert api.post("/session/images/logo/remove", headers=OWN).status_code == 403
    assert api.get("/images/logo").headers["content-type"].startswith("image/svg")


def test_nobody_and_other_sites_replace_nothing(api, administrator):
    foreign = {"origin": "https://evil.example"}
    assert upload(administrator, **foreign).status_code == 403
    api.cookies.clear()
    assert upload(api).status_code == 401


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot read"),
        (b"x" * (2 * 1024 * 1024 + 1), "below 2 MB"),
        (png(8, 8), "larger one"),
    ],
)
def test_file_that_cannot_be_used_is_refused_beside_the_field(
    administrator, data, sentence
):
    refused = upload(administrator, data=data)

    assert refused.status_code == 422
    assert sentence in refused.json()["errors"]["file"]
    shown = administrator.get("/images/logo")
    assert shown.headers["content-type"].startswith("image/svg")


def test_upload_without_a_file_says_so(administrator):
    for body in ({"data": {"file": "words"}}, {"files": {"other": b"x"}}, {}):
        refused = administrator.post("/session/images/logo", headers=OWN, **body)
        assert refused.status_code == 422
        assert refused.json()["errors"]["file"] == "Choose a picture first."


def test_body_far_beyond_a_picture_is_not_even_read(administrator):
    assert upload(administrator, data=b"x" * (5 * 1024 * 1024)).status_code == 413


def test_form_without_scripts_is_led_back_to_the_page(administrator):
    saved = upload(administrator, "join", **PAGE)
    refused = upload(administrator, data=b"words", **PAGE)
    removed = administrator.post("/session/images/join/remove", headers=OWN | PAGE)

    assert [answer.status_code for answer in (saved, refused, removed)] == [303] * 3
    where = "/settings/branding?image="
    assert saved.headers["location"] == f"{where}join&result=saved"
    assert refused.headers["location"] == f"{where}logo&result=not_a_picture"
    assert removed.headers["location"] == f"{where}join&result=removed"


def test_change_of_a_picture_is_in_the_audit_trail(administrator, bank):
    upload(administrator)
    administrator.post("/session/images/logo/remove", headers=OWN)

    with bank.deps.unit_of_work() as work:
        entries = work.audit.history("logo")
    assert [(e.actor, e.action) for e in entries] == [
        ("Grace", "replaced"),
        ("Grace", "removed"),
    ]
    assert entries[0].detail == {"width": 120, "height": 80}
