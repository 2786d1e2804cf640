"""People read every refusal as a page; programs and scripts read it as a document."""

import pytest

from tests.api.conftest import ORIGIN

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OWN = {"origin": ORIGIN}
FOREIGN = {"origin": "https://evil.example"}
FORM = {"email": "ana@bank.example", "password": "wrong"}

REFUSED = [
    ("/session/sign-in", {"headers": FOREIGN, "data": FORM}, 403, "another site"),
    ("/session/sign-in", {"headers": OWN, "content": b"x" * 70_000}, 413, "too large"),
    ("/session/nothing", {"headers": OWN}, 404, "cannot find"),
    ("/session/set-password", {"headers": OWN | {"x": "y" * 40_000}}, 431, "headers"),
    ("/session/account-link", {"headers": FOREIGN}, 403, "another site"),
]
"""Requests, and what is said of each."""


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(("path", "sent", "status", "words"), REFUSED)
def test_person_reads_why_a_form_was_refused(api, path, sent, status, words):
    page = api.post(path, **{**sent, "headers": sent["headers"] | BROWSER})

    assert page.status_code == status, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert words in page.text.lower()
    assert 'href="/bookings"' in page.text
    assert "problem+json" not in page.text


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(("path", "sent", "status", "words"), REFUSED)
def test_script_reads_the_same_as_a_document(api, path, sent, status, words):
    told = api.post(path, **sent)

    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    assert words in told.json()["detail"].lower()


@pytest.mark.usefixtures("bank")
def test_person_reads_what_is_wrong_with_a_field(api):
    page = api.get("/api/v1/slots?answer=x", headers=BROWSER)

    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="/"' in page.text


def test_person_reads_a_page_before_there_is_an_institution(api):
    page = api.post("/session/nothing", headers=OWN | BROWSER)

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
