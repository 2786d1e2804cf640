"""Compute the Content-Security-Policy of each built page.

The build puts a few inline scripts into every page. The policy of a page contains the
hashes of these scripts, so no other inline script can run.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

FALLBACK = "404.html"
"""File served for URLs without their own file, such as those of status pages."""

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; manifest-src 'self'"
)


class ContentPolicies:
    """The policies of all pages of a build.

    Args:
        build: Folder of the built pages; may be empty or missing.
    """

    def __init__(self, build: Path) -> None:
        pages = {
            page.relative_to(build).as_posix(): page.read_text(encoding="utf-8")
            for page in build.glob("**/*.html")
        }
        self._fallback = content_policy_of(pages.pop(FALLBACK, ""))
        self._pages = {
            address: policy
            for name, html in pages.items()
            for policy in [content_policy_of(html)]
            for address in _addresses(name)
        }

    def of(self, path: str) -> str:
        """Return the policy of the page at a path."""
        return self._pages.get(path, self._fallback)


def built_pages_with_policies(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the built pages, from Reflex's environment variables."""
    return Path(environment.get("REFLEX_WEB_WORKDIR") or ".web") / "build" / "client"


def content_policy_of(html: str) -> str:
    """Return a policy that allows only a page's own inline scripts."""
    reader = _InlineScripts()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    hashes = dict.fromkeys(map(_hash, reader.scripts))
    return _POLICY.format(scripts=" ".join(["'self'", *hashes]))


class _InlineScripts(HTMLParser):
    """Collects the text of script elements that have no ``src``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = False


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _addresses(name: str) -> list[str]:
    """Return the paths at which a file of the build is served."""
    bare = f"/{name}".removesuffix("index.html").removesuffix(".html")
    return [f"/{name}", bare, bare.rstrip("/") or "/", f"{bare.rstrip('/')}/"]
