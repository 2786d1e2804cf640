"""Scripts, style sheets and pictures of the pages come from memory, compressed."""

import gzip

import brotli
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from invo_booking.api.public.files import BuiltFiles

SCRIPT = b"export const word = 'hello'\n" * 20
ADDRESS = "/assets/page-1a2b.js"


@pytest.fixture
def build(tmp_path):
    script = tmp_path / "assets" / "page-1a2b.js"
    script.parent.mkdir()
    script.write_bytes(SCRIPT)
    script.with_name("page-1a2b.js.br").write_bytes(brotli.compress(SCRIPT))
    script.with_name("page-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "icons.svg").write_text("<svg/>", encoding="ascii")
    (tmp_path / "index.html").write_text("<p>page</p>", encoding="ascii")
    return tmp_path


@pytest.fixture
def client(build):
    return TestClient(BuiltFiles(PlainTextResponse("other"), build))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip", "gzip"),
        ("identity", None),
    ],
)
def test_browser_gets_the_smallest_form_that_it_accepts(client, accepted, encoding):
    answer = client.get(ADDRESS, headers={"accept-encoding": accepted})

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.content == SCRIPT


def test_file_that_the_browser_has_is_not_sent_again(client):
    first = client.get(ADDRESS)
    known = {"if-none-match": first.headers["etag"]}

    again = client.get(ADDRESS, headers=known)

    assert (again.status_code, again.content) == (304, b"")


def test_changed_file_has_another_tag(client, build):
    before = client.get(ADDRESS).headers["etag"]
    (build / "assets" / "page-1a2b.js").write_bytes(SCRIPT + SCRIPT)

    changed = TestClient(BuiltFiles(PlainTextResponse("other"), build))

    assert changed.get(ADDRESS).headers["etag"] != before


def test_headers_alone_have_the_length_of_the_file(client):
    answer = client.head(ADDRESS, headers={"accept-encoding": "identity"})

    assert answer.headers["content-length"] == str(len(SCRIPT))
    assert answer.content == b""


@pytest.mark.parametrize("path", ["/", "/index.html", f"{ADDRESS}.br", "/assets/no.js"])
def test_everything_else_is_left_to_the_other_layers(client, path):
    assert client.get(path).text == "other"


def test_change_of_a_file_is_left_to_the_other_layers(client):
    assert client.post(ADDRESS).text == "other"


def test_process_without_a_build_serves_no_files(tmp_path):
    client = TestClient(BuiltFiles(PlainTextResponse("other"), tmp_path / "missing"))

    assert client.get(ADDRESS).text == "other"


def test_files_are_read_once(client, build):
    (build / "icons.svg").unlink()

    answer = client.get("/icons.svg")

    assert (answer.text, answer.headers["content-type"]) == ("<svg/>", "image/svg+xml")
