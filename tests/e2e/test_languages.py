"""A customer books, confirms and cancels in another language, mails included."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from invo_booking.config import PROJECT
from invo_booking.mail.words import Words, mail_words
from invo_booking.texts import page_texts, say, speak_within
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.mailbox import MailboxPage

pytestmark = [pytest.mark.browser, pytest.mark.warm]

SOON = 30_000
NOT_FOUND = 404

TELL_TEXTS = """
  window.everShown = new Set();
  const look = () => {
    if (!document.body) return;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!parentElement?.closest("script, style")) everShown.add(data.trim());
    }
  };
  const how = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document, how);
"""
"""Collects every text that ever is in the page, from its HTML to the live page."""

LONGER = r"""
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      const isRead = !text.parentElement.closest("script, style, select");
      if (isRead) text.data = text.data.replace(/[aeiou]/g, (it) => it + it);
    }
"""
"""Makes every word about half as long again, as in a pseudo-language."""


@pytest.fixture
def inspected(visitor, house):
    def open_at(path: str, **habits) -> tuple[Page, Inspector]:
        page = visitor(**habits)
        inspector = Inspector(page, house.url)
        page.goto(f"{house.url}{path}")
        return page, inspector

    return open_at


def subject_of(words: Words) -> str:
    """Return how the subject of the mail that asks to confirm begins."""
    return re.escape(words.catalogue["requested.subject"].pieces[0][0].strip())


def request_appointment(page: Page, email: str, topic: str) -> None:
    page.get_by_role("link", name=say("public.schedule")).click()
    page.locator(".topic", has_text=topic).click(timeout=SOON)
    soonest = say("scheduler.when.soonest", start="")
    page.get_by_role("button", name=soonest).click(timeout=SOON)
    page.get_by_label(say("scheduler.contact.name")).fill("Lucía Żak", timeout=SOON)
    page.get_by_label(say("public.email")).fill(email)
    button = page.get_by_role("button", name=say("scheduler.details.request"))
    button.locator("visible=true").click()


def dead_links(page: Page) -> list[str]:
    """Return the links of the page to our own addresses that open nothing."""
    links = page.locator("a[href^='/']").evaluate_all("all => all.map(it => it.href)")
    return [it for it in {*links} if not page.request.get(it).ok]


@pytest.mark.parametrize(
    ("language", "topic", "written"),
    [
        ("es", "Asesoría hipotecaria", "es"),
        ("fr", "Conseil en prêt immobilier", "en"),
        ("pl", "Doradztwo hipoteczne", "pl"),
    ],
)
def test_customer_books_in_a_language_and_is_written_to_in_that_of_the_talk(
    inspected, visitor, house, language, topic, written
):
    email = f"{uuid4().hex[:12]}@example.com"
    page, inspector = inspected(f"/{language}")
    expect(page.locator("html")).to_have_attribute("lang", language)

    with speak_within(language):
        request_appointment(page, email, topic)
        page.wait_for_url(re.compile(f"/{language}/a/"), timeout=SOON)
        heading = page.get_by_role("heading", name=say("customer.waiting.heading"))
        expect(heading).to_be_visible(timeout=SOON)
        assert inspector.barriers() == []

    mailbox, words = MailboxPage(visitor(), house.url), mail_words(written)
    mailbox.open_mail(email, subject_of(words))
    mailbox.press(words.say("requested", "button"))
    confirming = mailbox.page
    pages = re.escape(house.url) + ("/" if written == "en" else f"/{written}/") + "a/"
    confirming.wait_for_url(re.compile(pages), timeout=SOON)
    with speak_within(written):
        button = say("public.confirm_appointment")
        confirming.get_by_role("button", name=button).click(timeout=SOON)
        badge = confirming.locator(".badge")
        expect(badge).to_have_text(say("customer.badge.confirmed"), timeout=SOON)
    with speak_within(language):
        badge = page.locator(".badge")
        expect(badge).to_have_text(say("customer.badge.confirmed"), timeout=SOON)
    assert dead_links(page) == []
    assert inspector.complaints == []


@pytest.mark.parametrize("language", ["es", "fr", "pl"])
def test_no_english_text_shows_while_a_page_of_another_language_loads(
    visitor, house, language
):
    page = visitor()
    page.add_init_script(TELL_TEXTS)
    page.goto(f"{house.url}/{language}/schedule")
    page.locator(".topic").first.wait_for(timeout=SOON)

    shown = set(page.evaluate("[...everShown]"))

    english = {it.template for it in map(page_texts().__getitem__, page_texts())}
    own = {it.template for it in map(page_texts(language).__getitem__, page_texts())}
    assert shown & own
    assert shown & (english - own) <= {"English"}


@pytest.mark.parametrize("path", ["/", "/schedule", "/fr/schedule"])
def test_nothing_can_be_pressed_in_vain_before_there_is_a_line(visitor, house, path):
    """What needs the server is disabled; links, and the header, need no line."""
    page = visitor()
    page.route_web_socket("**/_event/**", lambda _: None)
    page.goto(f"{house.url}{path}")
    page.locator("html:has(main h1)").wait_for(timeout=SOON)

    buttons = page.locator("main button:not([disabled])")

    expect(buttons).to_have_count(0)
    expect(page.get_by_role("combobox").first).to_be_enabled()  # the page is alive
    expect(buttons).to_have_count(0)


def test_switch_keeps_the_place_and_is_remembered(inspected, house):
    page, _ = inspected("/schedule?language=es")

    page.get_by_role("combobox", name="Language of this page").select_option("pl")
    page.wait_for_url(f"{house.url}/pl/schedule?language=es")
    with speak_within("pl"):
        heading = say("scheduler.topic.heading")
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=SOON)
    page.goto(house.url)

    page.wait_for_url(f"{house.url}/pl")


def test_language_is_chosen_before_the_page_is_alive(visitor, house):
    page = visitor()
    page.route(re.compile(r"/assets/.+\.js"), lambda _: None)  # they never arrive
    page.goto(f"{house.url}/schedule?language=es", wait_until="commit")

    page.get_by_role("combobox", name="Language of this page").select_option("pl")

    page.wait_for_url(f"{house.url}/pl/schedule?language=es", wait_until="commit")
    assert page.evaluate("localStorage.getItem('language')") == "pl"


@pytest.mark.parametrize("path", ["/", "/schedule"])
def test_language_is_chosen_without_scripts(visitor, house, path):
    page = visitor(java_script_enabled=False)
    page.goto(f"{house.url}{path}")

    expect(page.get_by_role("combobox")).to_have_count(0)
    page.get_by_role("link", name="Polski").click()

    page.wait_for_url(f"{house.url}/pl{path.rstrip('/')}")
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"{house.url}{path}")


def test_reader_of_another_language_is_led_to_it_and_may_choose_english(
    inspected, house
):
    page, _ = inspected("/", locale="fr-CA")
    page.wait_for_url(f"{house.url}/fr")

    with speak_within("fr"):
        choice = say("public.page_language")
    page.get_by_role("combobox", name=choice).select_option("en")

    page.wait_for_url(f"{house.url}/")
    schedule = page.get_by_role("link", name="Schedule a call")
    expect(schedule).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("language", ["es", "fr", "pl"])
@pytest.mark.parametrize("path", ["", "/schedule", "/a/nothing-of-this-name-exists"])
def test_pages_in_a_language_have_no_barriers(inspected, language, path):
    page, inspector = inspected(f"/{language}{path}", width=320)
    page.get_by_role("heading", level=1).first.wait_for(timeout=SOON)

    assert inspector.barriers() == []
    assert inspector.overhang() == 0


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("path", ["/", "/schedule"])
def test_longer_words_and_the_other_direction_stay_on_the_screen(
    inspected, path, direction
):
    page, inspector = inspected(path, width=320)
    page.locator(".topic, .hello").first.wait_for(timeout=SOON)

    page.evaluate(LONGER)
    page.evaluate("way => (document.documentElement.dir = way)", direction)

    assert inspector.overhang() == 0


def test_address_without_a_page_says_so_in_its_language(inspected, house):
    page, _ = inspected("/fr/no-such-page")
    answer = page.request.get(f"{house.url}/fr/no-such-page")
    assert answer.status == NOT_FOUND

    with speak_within("fr"):
        heading = page.get_by_role("heading", name=say("unknown.heading"))
        link = page.get_by_role("link", name=say("public.schedule"))
    expect(page.locator("#served")).to_have_count(0, timeout=SOON)  # taken over
    expect(heading).to_be_visible(timeout=SOON)
    expect(link).to_have_attribute("href", "/fr/schedule")


@pytest.mark.parametrize(
    ("path", "english"),
    [
        ("/es/schedule?answer=1", "/schedule?answer=1"),
        ("/es", "/"),
        ("/es//other.example/a", "/other.example/a"),
        ("/es///other.example", "/other.example"),
    ],
)
def test_choice_of_a_language_never_leads_to_another_site(browser, path, english):
    page = browser.new_page()
    script = (PROJECT / "assets" / "words.js").read_text("utf-8")
    head = """<meta name="words" content='{"en": {}, "es": {}}'>"""
    page.route(
        "http://alone.example/**",
        lambda it: it.fulfill(
            body=f"<!doctype html>{head}<script>{script}</script>",
            content_type="text/html",
        ),
    )

    page.goto(f"http://alone.example{path}")

    assert page.evaluate("pageIn('en')") == english
    page.close()
