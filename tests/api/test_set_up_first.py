"""What everybody meets before there is an institution."""

import shlex
from pathlib import Path

import pytest

from invo_booking.config import PROJECT, load_config
from invo_booking.run.commands import command_line
from invo_booking.usecases.admin import institution
from invo_booking.usecases.admin.institution import FirstAdmin, InstitutionDraft
from tests.api.conftest import ORIGIN

PAGES = ["/", "/schedule", "/sign-in", "/dashboard", "/a/" + "x" * 32, "/settings/time"]
DRAFT = InstitutionDraft(name="First Bank", time_zone="Europe/Berlin", country="DE")
ADMIN = FirstAdmin(name="Sam", email="sam@first.example", password="a-long-password")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_so_and_names_the_command(api, path):
    answer = api.get(path)

    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "no-store"
    assert "This site is not set up yet" in answer.text
    assert "invo-booking institution" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize("path", ["/tokens.css", "/theme.js", "/assets/x.js"])
def test_files_are_served_all_the_same(api, path):
    assert api.get(path).text == "a page"


def test_the_websocket_is_served_all_the_same(api):
    assert api.get("/_event").json()["code"] == "websocket_only"


def test_pages_are_there_as_soon_as_the_institution_is(api, deps):
    assert api.get("/sign-in").status_code == 503

    institution.create_institution(deps, DRAFT, ADMIN, languages=("de",))

    there = [it for it in PAGES if not it.startswith("/a/")]
    assert [api.get(path).text for path in there] == ["a page"] * len(there)
    assert "First Bank" in api.get("/a/" + "x" * 32).text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/session/sign-in"),
        ("GET", "/session/forgot-password"),
        ("POST", "/session/forgot-password"),
        ("GET", "/session/set-password"),
        ("POST", "/session/set-password"),
        ("POST", "/session/tokens"),
    ],
)
def test_forms_say_so_and_no_password_is_called_wrong(api, method, path):
    api.cookies.set("invo_session", "of-an-older-database")
    form = {"email": "sam@first.example", "password": "a-long-password"}

    answer = api.request(
        method,
        path,
        data=form if method == "POST" else None,
        headers={"origin": ORIGIN},
    )

    assert answer.status_code == 503
    assert "This site is not set up yet" in answer.text
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/v1/answers", {}),
        ("/api/v1/staff/catalogue", {"authorization": "Bearer of-an-older-database"}),
        ("/api/v1/staff/catalogue", {"cookie": "invo_session=of-an-older-database"}),
        ("/api/v1/program/appointments", {"authorization": "Bearer older"}),
        ("/api/v1/profile/tokens", {"authorization": "Bearer of-an-older-database"}),
    ],
)
def test_the_api_says_so_with_a_code(api, path, headers):
    answer = api.get(path, headers=headers)

    assert answer.status_code == 503
    assert answer.json()["code"] == "not_set_up"
    assert "not set up yet" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


def test_a_try_to_sign_in_before_is_no_failure_after(api, deps):
    for _ in range(8):
        form = {"email": ADMIN.email, "password": ADMIN.password}
        api.post("/session/sign-in", data=form, headers={"origin": ORIGIN})

    institution.create_institution(deps, DRAFT, ADMIN, languages=("de",))

    answer = api.post("/session/sign-in", data=form, headers={"origin": ORIGIN})
    assert answer.headers["location"].startswith("/session/set-password?link=")


def test_readiness_names_the_command_that_makes_an_institution(api):
    answer = api.get("/readyz")

    (check,) = (it for it in answer.json()["checks"] if it["name"] == "institution")
    assert answer.status_code == 503
    assert "invo-booking institution" in check["sentence"]
    assert "invo-booking demo" not in check["sentence"]


def test_command_names_a_program_that_is_there_and_the_data_folder(tmp_path):
    typed = shlex.split(command_line(load_config({}), "institution"))
    elsewhere = load_config({"INVO_DATA_DIR": str(tmp_path)})

    assert (PROJECT / typed[0]).exists()
    assert not Path(typed[0]).is_absolute()
    assert typed[1:] == ["institution"]
    assert command_line(elsewhere, "institution").split()[0] == (
        f"INVO_DATA_DIR={tmp_path}"
    )
