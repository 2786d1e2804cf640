"""Customers' pages in a language made by a script, in both directions of writing."""
# ruff: noqa: F811 - fixtures are named as they are imported

import re

import pytest

from tests.e2e.pages.inspector import Inspector
from tests.e2e.test_reading import CUT_OFF, TOPIC, link, walk  # noqa: F401 - fixtures
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
  document.documentElement.removeAttribute("dir");
}"""

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


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_page_of_customers_reads_well_in_a_longer_language(
    visitor, house, walk, direction, picture
):
    page = visitor(width=320)
    inspector, reader = Inspector(page, house.url), PseudoReader()

    def look(state: str) -> None:
        words = {it: reader.read(it) for it in page.evaluate(READ)}
        page.evaluate(SAY, {it: said for it, said in words.items() if said})
        page.evaluate("way => (document.documentElement.dir = way)", direction)
        picture(page, f"pseudo-{direction}-{state}")
        assert any(words.values()), state
        assert inspector.overhang() == 0, state
        assert page.evaluate(CUT_OFF) == [], state
        page.evaluate(SAY_AS_BEFORE)

    walk(page, look)


def test_every_text_of_customers_is_in_a_catalogue(visitor, bank, walk):
    page, reader, unread = visitor(), PseudoReader(), {}
    own = of_the_bank(bank) | LANGUAGES

    def look(state: str) -> None:
        texts = [it for it in page.evaluate(READ) if it not in own]
        unread[state] = [it for it in texts if not is_known(it, reader)]

    walk(page, look)

    assert {state: texts for state, texts in unread.items() if texts} == {}
