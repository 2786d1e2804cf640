"""Serve robots.txt and the sitemap."""

from html import escape

from fastapi import Response
from starlette.responses import PlainTextResponse

from invo_booking.api.core.policy import CurrentDeps, RoutePolicy, policy_router
from invo_booking.texts import in_language, page_languages

INDEXED = tuple(
    in_language(page, language)
    for page in ("/", "/schedule")
    for language in page_languages()
)
"""Paths of the pages that search engines may list; others are sent with ``noindex``."""

router = policy_router(RoutePolicy.PUBLIC)


@router.get("/robots.txt", include_in_schema=False)
def rules(deps: CurrentDeps) -> PlainTextResponse:
    """Return robots.txt.

    Status pages are not listed: their addresses must not be published, and a page that
    is not fetched cannot be seen to be ``noindex``.
    """
    lines = (
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /session/",
        f"Sitemap: {deps.config.public_url}/sitemap.xml",
    )
    return PlainTextResponse("\n".join((*lines, "")))


@router.get("/sitemap.xml", include_in_schema=False)
def sitemap(deps: CurrentDeps) -> Response:
    """List the public pages."""
    base = escape(deps.config.public_url)
    urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in INDEXED)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )
    return Response(body, media_type="application/xml")
