"""What people read when nothing comes back, or the browser does not do its part."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from invo_booking.api.core.pages import page_text
from invo_booking.config import PROJECT
from invo_booking.texts import page_texts
from invo_booking.web.core import routes
from tests.e2e.pages.staff import PASSWORD

pytestmark = pytest.mark.browser

ADMINISTRATOR = "simone@harbor.example"
ALONE = "http://alone.example/"
TEXTS = page_texts()
SAID = {
    key: TEXTS[f"browser.{key}"].template
    for key in ("failed.press", "press.unanswered")
}
WORDS = f"<script>window.word = (key) => ({json.dumps(SAID)})[key]</script>"
"""In place of the page's own, which are in its head."""

THROWING = f"""<!doctype html><title>A page</title><body>{WORDS}
<script src="/failed.js"></script><script src="/throws.js"></script>
<button id="bad">Move it</button><button id="late">Send it</button>
<button>Leave it</button>"""
THROWS = """addEventListener("click", async ({ target }) => {
  if (target.id === "bad") setTimeout(() => null.moved());
  await Promise.resolve();
  if (target.id === "late") null.sent();
});"""
PRESSED_ONCE = f"""<!doctype html><title>A page</title><body>{WORDS}
<button data-answer="0">Make it</button><script src="/press.js"></script>"""
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
NOT_ALLOWED = "document.execCommand = () => false"
SECRET = "invop_" + "x" * 43
NEW_TOKEN = page_text(
    "token.html",
    institution="Harbor Bank",
    name="Kiosk",
    secret=SECRET,
    may="It works for this program",
    until=None,
    whose="as this program",
    back="/programs",
    back_to="programs",
)
PATIENCE = 20_000
"""Milliseconds of ``press.js``."""


@pytest.fixture(scope="module")
def outlook_is_chosen(house) -> Iterator[None]:
    """Choose Outlook 365 for the time of these tests, without connecting it."""
    with httpx.Client(base_url=house.url, headers={"Origin": house.url}) as web:
        web.post(
            "/session/sign-in", data={"email": ADMINISTRATOR, "password": PASSWORD}
        )
        chosen = {"calendars.primary_provider": {"value": "outlook"}}
        web.put("/api/v1/admin/settings", json=chosen).raise_for_status()
        yield
        none = {"to": "none", "typed": "None", "cancel_events": False}
        web.post("/api/v1/admin/calendars/switch", json=none).raise_for_status()


@pytest.fixture
def redirect(visitor, signed_in, outlook_is_chosen):  # noqa: ARG001 - must be chosen
    """The page with Microsoft's redirect address, after a script of ours."""

    def open_page(*scripts: str) -> Page:
        page = visitor(**signed_in(ADMINISTRATOR))
        for script in scripts:
            page.add_init_script(script)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/settings/calendars")
        return page

    return open_page


@pytest.fixture
def alone(browser):
    """A page of one button, with the browser's clock in our hands."""
    page = browser.new_page()
    script = (PROJECT / "assets" / "press.js").read_text()
    page.route(
        ALONE, lambda it: it.fulfill(body=PRESSED_ONCE, content_type="text/html")
    )
    page.route(
        f"{ALONE}press.js",
        lambda it: it.fulfill(body=script, content_type="text/javascript"),
    )
    page.clock.install()
    page.goto(ALONE)
    yield page
    page.close()


def press_copy(page: Page) -> str:
    page.get_by_role("button", name="Copy the redirect address").click()
    return page.locator("#redirect").input_value()


def test_address_is_copied_and_the_page_says_so(redirect):
    page = redirect()

    address = press_copy(page)

    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_address_is_copied_over_plain_http_too(redirect):
    page = redirect(NO_CLIPBOARD)

    press_copy(page)

    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()


def test_browser_that_does_not_copy_is_told_of_and_the_text_is_selected(redirect):
    page = redirect(NO_CLIPBOARD, NOT_ALLOWED)

    press_copy(page)

    told = page.get_by_role("status").filter(has_text="copy it yourself")
    expect(told).to_be_visible()
    expect(page.locator("#redirect")).to_be_focused()
    assert (
        page.evaluate("getSelection().toString()")
        == page.locator("#redirect").input_value()
    )


@pytest.fixture
def new_token(browser):
    """The page with a new token, after a script of ours."""
    page = browser.new_page()

    def open_page(*scripts: str) -> Page:
        for script in scripts:
            page.add_init_script(script)
        page.route(f"{ALONE}*.*", lambda it: it.fulfill(path=asset(it.request.url)))
        page.route(
            ALONE, lambda it: it.fulfill(body=NEW_TOKEN, content_type="text/html")
        )
        page.goto(ALONE)
        return page

    yield open_page
    page.close()


def asset(url: str) -> Path:
    return PROJECT / "assets" / url.removeprefix(ALONE)


def test_new_token_is_copied_without_a_page_of_reflex(new_token):
    page = new_token(NO_CLIPBOARD)

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("getSelection().toString()") == SECRET


def test_new_token_is_selected_where_the_browser_does_not_copy(new_token):
    page = new_token(NO_CLIPBOARD, NOT_ALLOWED)

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("status")).to_contain_text("copy it yourself")
    assert page.evaluate("getSelection().toString()") == SECRET


@pytest.fixture
def throwing(browser):
    """A page with two buttons, of which one makes a script of ours throw."""
    page = browser.new_page()
    failed = (PROJECT / "assets" / "failed.js").read_text()
    page.route(ALONE, lambda it: it.fulfill(body=THROWING, content_type="text/html"))
    scripts = {"failed": failed, "throws": THROWS}
    page.route(
        f"{ALONE}*.js",
        lambda it: it.fulfill(
            body=scripts[it.request.url[len(ALONE) : -3]],
            content_type="text/javascript",
        ),
    )
    page.goto(ALONE)
    yield page
    page.close()


@pytest.mark.parametrize("name", ["Move it", "Send it"])
def test_press_that_throws_in_the_browser_says_so_until_the_next_press(throwing, name):
    told = throwing.get_by_role("alert").filter(has_text="failed in your browser")

    throwing.get_by_role("button", name=name).click()

    expect(told).to_be_visible()
    expect(throwing.get_by_text("This page stopped working")).to_have_count(0)
    throwing.get_by_role("button", name="Leave it").click()
    expect(told).to_have_count(0)


def test_script_of_somebody_else_that_throws_is_not_ours_to_tell_of(throwing):
    throwing.evaluate(
        "dispatchEvent(new ErrorEvent('error', "
        "{ error: new Error('x'), filename: 'chrome-extension://abc/x.js' }))"
    )

    expect(throwing.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    "reason",
    [
        "Object.assign(new Error('x'), { stack: 'x at chrome-extension://a/b' })",
        f"Object.assign(new Error('{ALONE}x.js'), {{ stack: 'Error: {ALONE}x.js' }})",
        "new DOMException('left the page', 'AbortError')",
        "'words'",
        "undefined",
    ],
)
def test_rejected_promise_that_is_not_ours_is_not_told(throwing, reason):
    throwing.evaluate(
        "dispatchEvent(new PromiseRejectionEvent('unhandledrejection', "
        f"{{ promise: Promise.resolve(), reason: {reason} }}))"
    )

    expect(throwing.get_by_role("alert")).to_have_count(0)


def test_press_without_an_answer_says_so_until_one_comes(alone):
    button = alone.get_by_role("button", name="Make it")

    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    alone.clock.run_for(PATIENCE)

    told = alone.get_by_role("alert").filter(has_text="No answer has come yet")
    expect(told).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")
    button.evaluate("button => (button.dataset.answer = '1')")
    expect(told).to_have_count(0)


def test_answer_in_time_leaves_nothing_to_say(alone):
    button = alone.get_by_role("button", name="Make it")

    button.click()
    button.evaluate("button => (button.dataset.answer = '1')")
    expect(button).not_to_have_attribute("aria-busy", "true")
    alone.clock.run_for(PATIENCE)

    expect(alone.get_by_role("alert")).to_have_count(0)


def test_mailbox_that_cannot_be_read_says_so_until_it_can(visitor):
    page = visitor()
    page.goto("/demo/mailbox")
    told = page.get_by_role("alert").filter(has_text="cannot be read at the moment")

    page.route("**/demo/mailbox", lambda route: route.abort())
    expect(told).to_be_visible()

    page.unroute("**/demo/mailbox")
    expect(told).to_have_count(0)


def test_test_mail_without_an_answer_is_told(visitor, signed_in):
    page = visitor(**signed_in(ADMINISTRATOR))
    page.goto("/settings/mailer")
    page.route(f"**{routes.TRIAL_MAIL}", lambda route: route.abort())

    page.get_by_role("button", name="Send a test mail").click()

    expect(page.get_by_text("we do not know whether the mail was sent")).to_be_visible()
