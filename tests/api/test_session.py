from datetime import date
from uuid import UUID

import pytest

from invo_booking.api.accounts.session import FIRST_PAGE, safe_place_after_sign_in
from invo_booking.usecases.staff.calendar import Scope
from invo_booking.web.admin.audit import view as audit
from invo_booking.web.admin.people import view as people
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.menu import staff_pages
from tests.support.bank import PASSWORD

ORIGIN = {"origin": "http://localhost:8000"}


def sign_in(api, password=PASSWORD, **more):
    form = {"email": "ana@bank.example", "password": password} | more
    return api.post("/session/sign-in", data=form, headers=ORIGIN)


def test_right_password_opens_a_session_in_a_cookie_scripts_cannot_read(api, ana):
    del ana
    answer = sign_in(api)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/dashboard"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("invo_session=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert api.get("/api/v1/staff/catalogue").status_code == 200


def test_over_https_the_cookie_never_travels_in_the_clear(deps, ana, kept_parts):
    from dataclasses import replace  # noqa: PLC0415

    from tests.api.conftest import serve  # noqa: PLC0415

    del ana, kept_parts
    config = deps.config.model_copy(update={"public_url": "https://bank.test"})
    door = serve(replace(deps, config=config))

    form = {"email": "ana@bank.example", "password": PASSWORD}
    cookie = door.post("/session/sign-in", data=form).headers["set-cookie"]
    token = cookie.partition("=")[2].partition(";")[0]
    headers = {"cookie": f"__Host-invo_session={token}"}
    served = door.get("/api/v1/staff/catalogue", headers=headers)
    door.cookies.clear()
    planted = {"cookie": f"invo_session={token}"}
    refused = door.get("/api/v1/staff/catalogue", headers=planted)
    ended = door.post("/session/sign-out", headers=headers).headers["set-cookie"]

    for told in (cookie, ended):
        assert told.startswith("__Host-invo_session=")
        assert "Secure" in told
        assert "Path=/" in told
        assert "Domain" not in told
    assert (served.status_code, refused.status_code) == (200, 401)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"email": "ana@bank.example"},
        {"email": "ana@bank.example", "password": "wrong"},
        {"email": "nobody@bank.example", "password": PASSWORD},
        {"email": "ana\0@bank.example", "password": PASSWORD},
        {"email": "x" * 5_000, "password": "y" * 5_000},
    ],
)
def test_all_failures_look_alike(api, ana, form):
    del ana
    answer = api.post("/session/sign-in", data=form, headers=ORIGIN)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?error=wrong"
    assert "set-cookie" not in answer.headers


def test_guessing_is_slowed_down_and_says_so(api, ana):
    del ana
    places = [sign_in(api, "wrong").headers["location"] for _ in range(25)]

    assert places[0] == "/sign-in?error=wrong"
    assert places[-1] == "/sign-in?error=slow"


@pytest.mark.parametrize(
    "place", ["/dashboard", "/bookings", "/bookings?view=team&day=2026-11-24"]
)
def test_sign_in_goes_on_to_the_page_asked_for(place):
    assert safe_place_after_sign_in(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "https://evil.test/dashboard",
        "http://localhost:8000/dashboard",
        "/dashboard%0d%0aSet-Cookie:x",
        "/dashboard\r\nSet-Cookie: x=y",
        "/dashboard\n",
        "javascript:alert(1)",
        "/dashboard@evil.test",
        "/\tevil.test",
        "/bookings/../../x",
        "/bookings?next=//evil.test",
        "/session/sign-out",
        "/dashboard?" + "a" * 600,
    ],
)
def test_no_other_place_can_be_asked_for(place):
    assert safe_place_after_sign_in(place) == FIRST_PAGE


@pytest.mark.parametrize("page", sorted(staff_pages()))
def test_every_page_of_staff_can_be_gone_back_to(page):
    assert safe_place_after_sign_in(page) == page


@pytest.mark.parametrize(
    "place",
    [
        Place(
            scope=Scope.QUEUES,
            period=Period.WEEK,
            day=date(2026, 11, 24),
            queues=frozenset({UUID(int=1), UUID(int=2)}),
        ).address,
        people.people_list_address({"name": "Jos\u00e9 D\u00edaz", "account": "any"}),
        audit.audit_page_address({"action": "sign-in failed", "who": "Ana, Ben"}),
    ],
)
def test_sign_in_goes_on_to_what_the_page_had_narrowed(place):
    assert safe_place_after_sign_in(place) == place


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/session/password"),
        ("POST", "/session/tokens"),
        ("POST", "/session/programs"),
        ("POST", "/session/account-link"),
        ("POST", "/session/images/logo"),
        ("POST", "/api/v1/admin/audit/export"),
        ("GET", "/outlook"),
        ("GET", "/google/callback"),
    ],
)
def test_form_sent_after_the_session_leads_to_signing_in_again(api, method, path):
    accept = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    answer = api.request(method, path, headers=accept, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?error=ended"


def test_page_asked_for_survives_a_wrong_password(api, ana):
    del ana
    kept = sign_in(api, "wrong", next="/bookings?view=team").headers["location"]
    dropped = sign_in(api, "wrong", next="//evil.test").headers["location"]

    assert kept == "/sign-in?error=wrong&next=%2Fbookings%3Fview%3Dteam"
    assert dropped == "/sign-in?error=wrong"


def test_signing_out_ends_the_session_on_the_server(api, ana):
    del ana
    sign_in(api)
    token = api.cookies["invo_session"]

    answer = api.post("/session/sign-out", headers=ORIGIN)

    assert answer.headers["location"] == "/sign-in"
    assert "invo_session" not in api.cookies
    api.cookies.set("invo_session", token)
    assert api.get("/api/v1/staff/catalogue").status_code == 401


def test_signing_in_again_ends_the_session_before(api, ana):
    del ana
    sign_in(api)
    token = api.cookies["invo_session"]

    sign_in(api)

    api.cookies.clear()
    api.cookies.set("invo_session", token)
    assert api.get("/api/v1/staff/catalogue").status_code == 401


@pytest.mark.parametrize("path", ["/session/sign-in", "/session/sign-out"])
def test_other_sites_cannot_sign_anybody_in_or_out(api, ana, path):
    del ana
    sign_in(api)

    refused = api.post(path, headers={"origin": "http://127.0.0.1:9000"})

    assert refused.status_code == 403
    assert api.get("/api/v1/staff/catalogue").status_code == 200
