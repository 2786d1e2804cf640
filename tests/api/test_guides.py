"""Everyone who sets up a provider can read its guide from the product itself."""

import re

import pytest
from lxml import html

from invo_booking.api.guides import GUIDES, PREFIX
from invo_booking.config import PROJECT
from invo_booking.web.admin.connection.provider_words import WORDS
from invo_booking.web.core import routes


def read(api, name):
    page = api.get(f"{PREFIX}/{name}")
    assert page.status_code == 200
    return html.document_fromstring(page.text)


def test_every_provider_with_a_panel_has_a_guide():
    assert set(GUIDES) == set(WORDS)
    assert f"{routes.GUIDES}" == f"{PREFIX}/"


@pytest.mark.parametrize("name", GUIDES)
def test_guide_is_the_one_in_the_documentation(api, name):
    page = read(api, name)
    text = (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")

    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    shown = page.xpath("//main//*[self::h1 or self::h2 or self::h3]")
    tables = re.findall(r"^\| ---", text, re.MULTILINE)
    assert len(shown) == len(headings)
    assert len(page.xpath("//table")) == len(tables)
    assert page.get("lang") == "en"
    assert page.findtext(".//title").startswith(headings[0])


@pytest.mark.parametrize("name", GUIDES)
def test_guide_needs_nobody_else_and_every_picture_is_there(api, name):
    page = api.get(f"{PREFIX}/{name}")
    pictures = html.document_fromstring(page.text).xpath("//img")

    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert pictures
    for picture in pictures:
        source = picture.get("src")
        assert source.startswith(("/images/", f"{PREFIX}/pictures/"))
        assert api.get(source).headers["content-type"].startswith("image/")
        assert picture.get("alt") or source == "/images/logo"


@pytest.mark.parametrize("name", GUIDES)
def test_links_of_a_guide_lead_to_guides_and_to_vendors(api, name):
    links = read(api, name).xpath("//main//a/@href")

    for link in links:
        assert link.startswith("https://") or api.get(link).status_code == 200
    assert ".md" not in "".join(links)


@pytest.mark.parametrize(
    "path",
    [
        "operations",
        "outlook.md",
        "..%2fpyproject",
        "pictures/../outlook.md",
        "pictures/architecture.svg",
        "pictures/outlook-nothing.png",
        "pictures/..%2f..%2fpyproject.toml",
    ],
)
def test_nothing_else_is_sent(api, path):
    assert api.get(f"{PREFIX}/{path}").status_code == 404
