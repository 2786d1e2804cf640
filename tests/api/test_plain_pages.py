"""What the server draws itself: documentation, demo mailbox, and what machines read."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from invo_booking.domain.clock import utc_now
from invo_booking.mail.mailbox import demo_mailbox_folder, keep_demo_mail
from invo_booking.run.draining import DRAINING
from tests.api.conftest import serve

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def demo(deps, bank, kept_parts):
    del bank, kept_parts
    config = deps.config.model_copy(update={"demo": True})
    return serve(replace(deps, config=config))


def mail(subject="Please confirm", html="<a href='/a/x'>View status</a>"):
    message = EmailMessage()
    message["From"] = "bank@example.com"
    message["To"] = "rosa@example.com"
    message["Subject"] = subject
    message.set_content("Plain words")
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_documentation_lists_every_operation_without_a_script(api):
    page = api.get("/api/v1/docs")

    assert page.status_code == 200
    assert "<script" not in page.text
    assert "a stable <code>code</code> and" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    for path, methods in api.get("/api/v1/openapi.json").json()["paths"].items():
        assert path in page.text
        assert all(method.upper() in page.text for method in methods)
    assert "Idempotency-Key" in page.text
    assert "<code>Idempotency-Key</code>" in page.text
    assert "time_zone" in page.text


def test_alive_needs_nothing(failing):
    answer = failing(ConnectionError("down")).get("/healthz")

    assert answer.json() == {"status": "ok"}


def test_ready_says_what_is_missing(api, bank):
    del bank
    answer = api.get("/readyz")

    assert answer.status_code == 200
    checks = {check["name"]: check["ok"] for check in answer.json()["checks"]}
    assert checks["database"] is True
    assert checks["worker"] is False  # none runs in this test; bookings go on


def test_callers_from_outside_learn_whether_it_is_ready_and_not_why(deps, bank):
    del bank
    answer = serve(deps, "93.184.216.34").get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "checks": []}


def test_not_ready_is_503(api):
    answer = api.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["ready"] is False


def test_process_that_ends_is_not_ready_but_alive(api, bank, request):
    del bank
    request.addfinalizer(lambda: setattr(DRAINING, "is_on", False))
    DRAINING.is_on = True

    ready, alive = api.get("/readyz"), api.get("/healthz")

    assert ready.status_code == 503
    assert ready.json()["checks"][0]["name"] == "process"
    assert alive.status_code == 200


def test_figures_are_readable_for_prometheus(api, bank):
    del bank
    answer = api.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    assert "invo_outbox_open 0.0" in answer.text


@pytest.mark.parametrize("path", ["/demo/mailbox", "/demo/mailbox/x"])
def test_there_is_no_mailbox_outside_a_demo(api, bank, path):
    assert bank
    assert api.get(path).text == "a page"


def test_empty_mailbox_says_what_to_do(demo):
    page = demo.get("/demo/mailbox")

    assert "No mail yet" in page.text


def test_list_of_mails_runs_our_own_file_and_a_mail_runs_nothing(demo, deps):
    folder = demo_mailbox_folder(deps.config)
    identity = keep_demo_mail(folder, mail(EVIL, f"<p>Hi</p>{EVIL}"), utc_now())

    listed = demo.get("/demo/mailbox").headers["content-security-policy"]
    shown = demo.get(f"/demo/mailbox/{identity}").headers["content-security-policy"]

    assert "script-src 'self';" in listed
    assert "script-src" not in shown


def test_mail_is_listed_and_shown_where_it_can_run_nothing(demo, deps):
    folder = demo_mailbox_folder(deps.config)
    identity = keep_demo_mail(folder, mail(EVIL, f"<p>Hi</p>{EVIL}"), utc_now())

    listed = demo.get("/demo/mailbox").text
    shown = demo.get(f"/demo/mailbox/{identity}").text

    assert f"/demo/mailbox/{identity}" in listed
    assert "Plain words" in shown
    assert 'sandbox="allow-top-navigation-by-user-activation"' in shown
    assert EVIL not in listed + shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("identity", ["x", "..%2f..%2fsecret.key", "0" * 53])
def test_mail_that_is_not_there_is_404(demo, identity):
    assert demo.get(f"/demo/mailbox/{identity}").status_code == 404


@pytest.mark.parametrize("path", ["/demo/mailbox", "/api/v1/docs"])
def test_plain_pages_are_not_kept_and_load_nothing_from_elsewhere(demo, path):
    page = demo.get(path)

    assert page.headers["cache-control"] == "no-store"
    assert "http://" not in page.text.replace("http://localhost:8000", "")
    assert "https://" not in page.text
