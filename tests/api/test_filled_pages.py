"""Public pages name the institution in their HTML, before any script and without."""

import asyncio
import gzip
import json
import re
from dataclasses import replace
from html import unescape
from threading import Event

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from invo_booking.api.public import facts as facts_of
from invo_booking.api.public.pages import FilledPages

PAGE = (
    "<html><head><title>Schedule</title></head><body>"
    "<p>{{name}}</p><a href='{{phone_url}}'>{{phone}}</a></body></html>"
)
HARBOR = {
    "name": "Harbor & Söhne",
    "headline": "Your money",
    "phone": "312 555",
    "phone_url": "tel:312555",
}


class Institution:
    """What is read, and how often."""

    def __init__(self) -> None:
        self.facts = dict(HARBOR)
        self.reads = 0
        self.seconds = 0.0

    def read(self):
        self.reads += 1
        return self.facts and dict(self.facts)

    def clock(self):
        return self.seconds


@pytest.fixture
def institution():
    return Institution()


@pytest.fixture
def client(tmp_path, institution):
    (tmp_path / "schedule").mkdir()
    (tmp_path / "staff").mkdir()
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "schedule" / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "staff" / "index.html").write_text("<p>staff</p>", encoding="utf-8")
    return TestClient(
        FilledPages(
            PlainTextResponse("other"), tmp_path, institution.read, institution.clock
        )
    )


@pytest.mark.parametrize("path", ["/", "/schedule", "/schedule/", "/?from=mail"])
def test_page_names_the_institution(client, path):
    html = client.get(path).text

    assert "<p>Harbor &amp; Söhne</p>" in html
    assert "<a href='tel:312555'>312 555</a>" in html


def test_script_reads_the_same_facts_as_people(client):
    (written,) = re.findall(
        r'<meta name="facts" content="(.*?)"/>', client.get("/").text
    )

    assert json.loads(unescape(written)).items() >= HARBOR.items()


def test_page_has_a_headline_in_its_language_where_the_institution_has_none(
    client, institution
):
    institution.facts["headline"] = ""

    assert "Talk with us." in client.get("/").text


def test_name_cannot_become_markup_or_another_mark(client, institution):
    institution.facts["name"] = "</p><script>alert(1)</script>{{phone}}\"'"

    html = client.get("/").text

    assert "<script" not in html
    assert html.count("{{phone}}") == 2  # as typed: in the text and for the script
    assert "<p>&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{phone}}" in html


def test_other_addresses_and_methods_are_served_as_before(client):
    assert client.get("/staff").text == "other"
    assert client.get("/images/logo").text == "other"
    assert client.post("/").text == "other"


def test_head_says_the_length_and_sends_nothing(client):
    answer = client.head("/")

    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0


def test_page_is_packed_for_those_who_take_it(client):
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    plain = client.get("/", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) == len(
        gzip.compress(plain.content, mtime=0)
    )


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, BR;q=0.5", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0, br;q=0.0", None),
        ("brotli", None),
        ("", None),
    ],
)
def test_page_is_sent_in_the_smallest_form_the_browser_takes(client, accepted, sent):
    answer = client.get("/", headers={"accept-encoding": accepted})

    assert answer.headers.get("content-encoding") == sent
    assert "Harbor &amp; S\u00f6hne" in answer.text
    assert answer.headers["vary"] == "accept-encoding"


def test_browser_that_has_the_page_gets_it_again_only_when_a_fact_changed(
    client, institution
):
    first = client.get("/")
    known = {"if-none-match": first.headers["etag"]}
    assert client.get("/", headers=known).status_code == 304

    institution.facts["name"] = "New name"
    institution.seconds = 2.0

    again = client.get("/", headers=known)
    assert again.status_code == 200
    assert "New name" in again.text


def test_facts_are_read_once_a_second_however_many_ask(client, institution):
    for _ in range(50):
        client.get("/")
    assert institution.reads == 1

    institution.seconds = 1.0
    client.get("/")
    assert institution.reads == 2


def test_page_keeps_the_name_while_there_is_no_database(client, institution):
    client.get("/")
    institution.facts = None
    institution.seconds = 2.0

    assert "Harbor &amp; Söhne" in client.get("/").text


def test_page_without_a_database_from_the_start_says_no_name_until_there_is_one(
    client, institution
):
    institution.facts = None
    assert "<p></p>" in client.get("/").text

    institution.facts = dict(HARBOR)
    institution.seconds = 2.0
    assert "Harbor &amp; Söhne" in client.get("/").text


def test_who_comes_while_the_first_facts_are_read_waits_for_them(tmp_path):
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    asked, go_on = Event(), Event()

    def read():
        asked.set()
        go_on.wait(30)
        return dict(HARBOR)

    async def two():
        app = FilledPages(PlainTextResponse("other"), tmp_path, read)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://b") as them:
            first = asyncio.create_task(them.get("/"))
            await asyncio.to_thread(asked.wait, 30)
            second = asyncio.create_task(them.get("/"))
            await asyncio.sleep(0)
            go_on.set()
            return [it.text for it in await asyncio.gather(first, second)]

    assert all("Harbor &amp; Söhne" in text for text in asyncio.run(two()))


def test_nothing_is_known_of_the_institution_without_a_database(bank):
    def fail(_caller):
        raise OperationalError("SELECT", {}, Exception("gone"))

    assert facts_of.institution_facts(replace(bank.deps, begin=fail)) is None


def test_facts_are_those_of_the_institution(bank):
    facts = facts_of.institution_facts(bank.deps)

    assert facts["name"] == "Test Bank"
    assert facts["phone_url"] == "tel:+13125550142"
    assert facts["scheduling"] == "on"
    assert facts["headline"] == ""


def test_opening_hours_are_on_the_page_in_its_language_before_any_script(
    tmp_path, institution
):
    page = PAGE.replace("{{name}}", "{{hours}}")
    (tmp_path / "es").mkdir()
    for name in ("index.html", "es/index.html"):
        (tmp_path / name).write_text(page, encoding="utf-8")
    client = TestClient(
        FilledPages(
            PlainTextResponse("other"), tmp_path, institution.read, institution.clock
        )
    )
    assert "<p></p>" in client.get("/").text

    institution.facts |= {
        "opening": "0 09:00-17:00;1 09:00-17:00;5 10:00-13:00;5 14:00-15:00",
        "time_zone": "America/Chicago",
    }
    institution.seconds += 2

    assert (
        "<p>Opening hours: Mon to Tue 9:00 AM to 5:00 PM; Sat 10:00 AM to 1:00 PM, "
        "2:00 PM to 3:00 PM (Chicago time)</p>"
    ) in client.get("/").text
    assert "<p>Horario de atención: lun \u2013 mar 9:00" in client.get("/es/").text


def test_scripts_leave_the_line_to_the_style_sheet(tmp_path, institution):
    script = '<link rel="modulepreload" href="/assets/page.js"/>'
    page = PAGE.replace("</head>", f"{script}</head>")
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    app = PlainTextResponse("not here", status_code=404)
    client = TestClient(FilledPages(app, tmp_path, institution.read, institution.clock))

    html = client.get("/").text

    assert 'rel="modulepreload" fetchpriority="low" href="/assets/page.js"' in html
