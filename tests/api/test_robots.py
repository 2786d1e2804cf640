"""What search engines may list."""

import pytest


def test_sitemap_lists_the_public_pages_and_no_other(api):
    said = api.get("/sitemap.xml")

    assert said.headers["content-type"].startswith("application/xml")
    assert said.text.count("<loc>") == 8
    assert "<loc>http://localhost:8000/</loc>" in said.text
    assert "<loc>http://localhost:8000/schedule</loc>" in said.text
    assert "<loc>http://localhost:8000/es</loc>" in said.text
    assert "<loc>http://localhost:8000/pl/schedule</loc>" in said.text


def test_robots_are_told_where_the_sitemap_is_and_not_where_secrets_are(api):
    said = api.get("/robots.txt").text

    assert "Sitemap: http://localhost:8000/sitemap.xml" in said
    assert "/a/" not in said


@pytest.mark.parametrize(
    "path",
    [
        "/a/" + "x" * 32,
        "/a/x.html",
        "/sign-in",
        "/dashboard",
        "/settings/time",
        "/api/v1/docs",
        "/healthz",
        "/session/sign-in",
        "/no-such-page",
    ],
)
def test_all_but_public_pages_ask_not_to_be_listed(api, path):
    assert api.get(path).headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    "path", ["/", "/schedule", "/schedule/", "/fr", "/fr/schedule", "/tokens.css"]
)
def test_public_pages_may_be_listed(api, path):
    assert "x-robots-tag" not in api.get(path).headers
