"""Customers' pages in a language made by a script, in both directions of writing."""
# ruff: noqa: F811 - fixtures are named as they are imported

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from invo_booking.mail.messages import MailKind, compose_mail
from invo_booking.mail.words import mail_words
from invo_booking.texts import html_language
from tests.e2e.pages.inspector import Inspector
from tests.e2e.test_always_answers import confirmed, plain, requested  # noqa: F401
from tests.e2e.test_reading import CUT_OFF, TOPIC, link, walk  # noqa: F401 - fixtures
from tests.mail.conftest import make_appointment, make_facts
from tests.support.pseudo_language import PseudoReader

pytestmark = pytest.mark.browser

READ = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = new Set();
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.closest("script, style, noscript, .brand, .who")) continue;
    if (/\\p{L}{2}/u.test(data)) texts.add(data.trim());
  }
  return [...texts];
}"""
"""The texts of a page, without the bank's name."""

SAY = """(words) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest("script, style, select, noscript")) continue;
    const said = words[text.data.trim()];
    if (!said) continue;
    text.was = text.data;
    text.data = said;
  }
}"""
"""Says every text of a page in another language."""

SAY_AS_BEFORE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.was) text.data = text.was;
    delete text.was;
  }
}"""

CHEVRONS = """() =>
  [...document.querySelectorAll('svg:has(> use[href$="#right"])')]
    .filter((it) => it.checkVisibility())
    .map((it) => getComputedStyle(it).transform)"""
WRITTEN = "() => getComputedStyle(document.body).direction"
TURNED = "matrix(-1, 0, 0, 1, 0, 0)"

DATES = re.compile(
    r"""(?x) ( (Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w* | [AP]M | (GMT|UTC)[-+:\d]* | to | at
    | (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* | \w+[ ]time | time
    | Chicago | (days|hours|minutes|seconds)\b | [\d:,.\u2013()\s\u202f-]+ )+"""
)
TAGLINE = "Talk with us face to face, from wherever you are."
LANGUAGES = {"EN", "English", "Español", "Français", "Polski"}


def of_the_bank(bank) -> set[str]:
    """Return the texts that the bank has typed, or that a customer has."""
    words = {"Harbor Federal Credit Union", TAGLINE}
    for answer in bank.topics():
        words |= {answer["title"], answer["description"], answer["queue"]}
        words |= {" · ".join(answer["documents"]), *answer["documents"]}
    return {it for it in words if it}


def is_known(text: str, reader: PseudoReader) -> bool:
    """Whether each part of a text is in a catalogue, or is a date or a time."""
    at_the_start = text[:1].upper() + text[1:]
    if reader.read(text) or reader.read(at_the_start) or DATES.fullmatch(text):
        return True
    parts = [it for it in re.split(r", |: ", text) if it.strip()]
    return len(parts) > 1 and all(is_known(it, reader) for it in parts)


@pytest.fixture(params=["ltr", "rtl"])
def direction(request) -> str:
    """How the longer language is written."""
    return request.param


KNOWN = json.dumps({"en": {"direction": "ltr"}})[:-2]
AHEAD = f"""{{
  const words = document.querySelector('meta[name="words"]');
  words.content = words.content.replace('{KNOWN}', '{KNOWN.replace("ltr", "rtl")}');
}}
"""
"""Tells scripts that English is written from right to left, as its catalogue would."""


def write_by_scripts(page: Page) -> None:
    """Let the page's own script learn that its language is written to the left."""

    def rewrite(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=AHEAD + response.text())

    page.route("**/words.js", rewrite)


def write_by_server(page: Page) -> None:
    """Let a browser without scripts get pages as the server writes them in Hebrew."""

    def rewrite(route: Route) -> None:
        if route.request.resource_type != "document":
            route.fallback()
            return
        response = route.fetch()
        served = response.text()
        written = served.replace(html_language("en"), html_language("he"), 1)
        route.fulfill(response=response, body=written)

    page.route("**/*", rewrite)


@pytest.fixture
def look(house, picture, direction) -> Callable[..., None]:
    """Say a page in the longer language, look at it, and say it as before."""
    pages = PseudoReader()

    def look(page: Page, state: str, reader: PseudoReader = pages) -> None:
        words = {it: reader.read(it) for it in page.evaluate(READ)}
        page.evaluate(SAY, {it: said for it, said in words.items() if said})
        picture(page, f"pseudo-{direction}-{state}")
        assert any(words.values()), state
        assert page.evaluate(WRITTEN) == direction, state
        assert Inspector(page, house.url).overhang() == 0, state
        assert page.evaluate(CUT_OFF) == [], state
        turned = set(page.evaluate(CHEVRONS))
        assert turned <= {TURNED if direction == "rtl" else "none"}, state
        page.evaluate(SAY_AS_BEFORE)

    return look


def test_every_page_of_customers_reads_well_in_a_longer_language(
    visitor, walk, look, direction
):
    page = visitor(width=320)
    if direction == "rtl":
        write_by_scripts(page)

    walk(page, lambda state: look(page, state))


def test_pages_without_scripts_read_well_in_a_longer_language(
    plain, bank, requested, confirmed, look, direction
):
    page, token = plain(width=320), confirmed()
    if direction == "rtl":
        write_by_server(page)
    pages = {
        "waiting": f"/a/{requested()}",
        "asks": f"/a/{bank.secret_that_confirms(requested())}",
        "confirmed": f"/a/{token}",
        "missing": "/a/nothing-of-this-name-exists",
        "unknown": "/nothing-of-this-name-exists",
    }
    for state, address in pages.items():
        page.goto(address)
        look(page, f"served-{state}")
    bank.cancel(token)
    page.goto(f"/a/{token}")
    look(page, "served-cancelled")


def test_mails_read_well_in_a_longer_language(visitor, look, direction):
    page, reader = visitor(width=320), PseudoReader(mail_words("en").catalogue)
    for kind in MailKind:
        facts = make_facts(make_appointment(), reason="The branch is closed.")
        letter = compose_mail(kind, facts).html
        page.set_content(letter.replace('dir="ltr"', f'dir="{direction}"'))

        look(page, f"mail-{kind}", reader)


def test_every_text_of_customers_is_in_a_catalogue(visitor, bank, walk):
    page, reader, unread = visitor(), PseudoReader(), {}
    own = of_the_bank(bank) | LANGUAGES

    def look(state: str) -> None:
        texts = [it for it in page.evaluate(READ) if it not in own]
        unread[state] = [it for it in texts if not is_known(it, reader)]

    walk(page, look)

    assert {state: texts for state, texts in unread.items() if texts} == {}
