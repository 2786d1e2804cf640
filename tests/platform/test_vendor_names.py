"""No vendor is named outside what belongs to it."""

import re
from pathlib import Path

import pytest

CODE = Path(__file__).resolve().parents[2] / "invo_booking"
VENDORS = re.compile(
    r"outlook|microsoft|entra\b|msal|office365|google|authlib|exchangelib"
    r"|\bexchange_|Exchange\b|\bEWS\b|\bTeams\b",
)
ADDRESSES = re.compile(r"[\w.-]+\.(?:com|org|net)/\S*")
"""Pages named as sources in docstrings."""

FOLDERS = (
    *("providers/exchange/", "providers/google/", "providers/microsoft/"),
    *("texts/", "web/kit/calendar/personal"),
)
"""A vendor's own folder, the catalogues with the words of all, and the panel in which
agents choose a vendor for their own calendars.
"""

OWN = {
    "api/google.py": "the address that Google sends browsers back to",
    "api/outlook.py": "the address that Microsoft sends browsers back to",
    "mail/own_calendars.py": "whose calendars customers have",
    "settings/calendars.py": "the choice of a provider, and personal calendars",
    "settings/provider_fields.py": "what credentials of each vendor look like",
    "settings/providers.py": "the settings of each vendor",
    "web/admin/calendars/page.py": "the older page of Google's settings",
    "web/admin/connection/provider_words.py": "what the panel calls things",
    "web/admin/calendars/state.py": "the older page of Google's settings",
    "web/admin/calendars/view.py": "the older page of Google's settings",
    "web/kit/text/likely_addresses.py": "mail domains of customers",
}
LISTS = {
    "api/application.py": "all routes",
    "api/personal/relay.py": "whose calendars agents can show",
    "config.py": "base addresses of the vendors",
    "providers/registry.py": "all providers",
    "run/logs.py": "libraries that log too much",
    "usecases/calendars/personal/sign_in.py": "which settings permit whose calendars",
    "usecases/calendars/registration.py": "which settings belong to which provider",
}
"""Where the parts are put together: one line for each vendor."""


def named(path: str, text: str) -> list[str]:
    """Return the lines that name a vendor and may not."""
    if path.startswith(FOLDERS) or path in OWN or path in LISTS:
        return []
    lines = enumerate(text.splitlines(), 1)
    return [
        f"{path}:{number}: {line.strip()}"
        for number, line in lines
        if VENDORS.search(ADDRESSES.sub("", line))
        or VENDORS.search(ADDRESSES.sub("", line).lower())
    ]


def files():
    kinds = ("*.py", "*.js", "*.jsx", "*.html")
    for path in sorted(it for kind in kinds for it in CODE.rglob(kind)):
        yield path.relative_to(CODE).as_posix(), path.read_text(encoding="utf-8")


def test_no_vendor_is_named_outside_what_belongs_to_it():
    assert [line for path, text in files() for line in named(path, text)] == []


def test_every_exception_names_a_vendor_and_exists():
    texts = dict(files())
    idle = [
        path
        for path in (*OWN, *LISTS)
        if not VENDORS.search(texts.get(path, "").lower())
    ]
    assert idle == []


@pytest.mark.parametrize(
    "line",
    [
        'if provider == "outlook":',
        "from invo_booking.settings.providers import GOOGLE_CLIENT_ID",
        'say("google.heading")',
        "# Exchange answers late",
    ],
)
def test_planted_name_is_found(line):
    assert named("usecases/planted.py", line)


@pytest.mark.parametrize(
    "line",
    ["learn.microsoft.com/graph/api/group", "They exchange their appointments."],
)
def test_source_and_plain_word_are_no_names(line):
    assert not named("usecases/planted.py", line)
