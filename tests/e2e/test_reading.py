"""Customers' pages under every setting of a reader: zoom, spacing, contrast, motion."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.bank import somebody
from tests.e2e.pages.inspector import Inspector
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.status import SOON, StatusPage

pytestmark = pytest.mark.browser

TOPIC = "Mortgage advice"
ZOOMED = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10)."""

SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
"""What readers may set without losing anything (WCAG 2.2, 1.4.12)."""

CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((it) => !it.closest(".vh, svg, select") && it.children.length === 0)
  .filter((it) => it.textContent.trim() && it.checkVisibility())
  .filter((it) => ["hidden", "clip"].includes(getComputedStyle(it).overflowX))
  .filter((it) => it.clientWidth > 4 && it.scrollWidth > it.clientWidth + 1)
  .map((it) => it.textContent)"""
"""The texts of which a part cannot be read."""

MOVING = """() => [...document.querySelectorAll("*")].filter((it) => {
  const { animationName, transitionDuration } = getComputedStyle(it);
  return animationName !== "none" || parseFloat(transitionDuration) > 0;
}).length"""

COVERED = """(field) => {
  const box = field.getBoundingClientRect();
  const top = document.elementFromPoint(
    box.left + box.width / 2, box.top + box.height / 2);
  return !(top === field || field.contains(top) || top?.contains(field));
}"""
"""Whether something lies over the middle of what has the focus."""

STOPS = "main :is(a, button, input, textarea):visible:not([tabindex='-1'])"
LINES = "(it) => getComputedStyle(it).outlineStyle"
FILLED = "(it) => getComputedStyle(it).backgroundColor"


@pytest.fixture
def link(bank) -> str:
    """The address of a confirmed appointment of somebody new."""
    name, email = somebody()
    start = bank.open_starts(TOPIC)[-1]
    token = bank.request(TOPIC, start, name=name, email=email)
    bank.confirm(token)
    return f"/a/{token}"


@pytest.fixture
def walk(house, link) -> Callable[[Page, Callable[[str], None]], None]:
    """Go through the pages of a customer; call something on each, by its name."""

    def through(page: Page, look: Callable[[str], None]) -> None:
        page.goto(f"{house.url}/")
        page.locator(".subjects").wait_for(timeout=SOON)
        look("landing")
        schedule = SchedulePage(page, house.url).open()
        schedule.topics()
        look("topics")
        schedule.choose_topic(TOPIC)
        schedule.free_times()
        look("times")
        schedule.pick_first_slot()
        look("details")
        StatusPage(page).open(link)
        page.locator("#served").wait_for(state="detached", timeout=SOON)
        look("status")

    return through


def test_at_four_hundred_percent_nothing_is_beside_the_screen_or_covered(
    visitor, house, walk, picture
):
    page = visitor(width=ZOOMED["width"])
    page.set_viewport_size(ZOOMED)
    inspector = Inspector(page, house.url)
    wrong = {}

    def look(name: str) -> None:
        wide = inspector.overhang()
        covered = []
        for stop in page.locator(STOPS).all():
            stop.focus()
            if stop.evaluate(COVERED):
                covered.append(stop.evaluate("(it) => it.outerHTML.slice(0, 120)"))
        if wide or covered:
            wrong[name] = wide, covered
        picture(page, f"zoomed-{name}")

    walk(page, look)

    assert wrong == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_wider_spacing_of_text_cuts_nothing_off(visitor, house, walk, width, picture):
    page = visitor(width=width)
    inspector = Inspector(page, house.url)
    wrong = {}

    def look(name: str) -> None:
        page.add_style_tag(content=SPACED)
        cut_off = page.evaluate(CUT_OFF)
        if cut_off or inspector.overhang():
            wrong[name] = inspector.overhang(), cut_off
        picture(page, f"spaced-{name}")

    walk(page, look)

    assert wrong == {}


def test_with_forced_colors_what_is_chosen_and_free_can_be_told_apart(
    visitor, house, picture
):
    page = visitor()
    page.emulate_media(forced_colors="active")
    schedule = SchedulePage(page, house.url).open()
    schedule.choose_topic(TOPIC)
    schedule.free_times()

    chips = page.locator(".hows .chip")
    pressed = chips.and_(page.locator("[aria-pressed=true]")).first
    other = chips.and_(page.locator("[aria-pressed=false]")).first
    assert pressed.evaluate(LINES) == "solid"
    assert other.evaluate(LINES) == "none"
    shown = page.locator("button.day[aria-pressed=true]")
    free = page.locator("button.day[aria-pressed=false]").first
    assert shown.evaluate(LINES) == "solid"
    assert free.evaluate(LINES) == "none"
    dot = "(it) => getComputedStyle(it, '::after').backgroundColor"
    assert free.evaluate(dot) not in {"rgba(0, 0, 0, 0)", free.evaluate(FILLED)}
    picture(page, "forced-colors-times")


def test_with_reduced_motion_nothing_moves(visitor, walk, picture):
    page = visitor(reduced_motion="reduce")
    moving = {}

    def look(name: str) -> None:
        moving[name] = page.evaluate(MOVING)
        picture(page, f"still-{name}")

    walk(page, look)

    assert set(moving.values()) == {0}, moving
    assert len(moving) == 5


def test_device_whose_clock_is_a_day_off_shows_the_same(visitor, link):
    right, wrong = visitor(), visitor()
    day = 24 * 60 * 60 * 1000
    wrong.add_init_script(
        f"const now = Date.now; Date.now = () => now() + {day};"
        f"const Old = Date; Date = class extends Old {{ constructor(...all) {{"
        f" if (all.length) super(...all); else super(Date.now()); }} }};"
    )

    seen = [StatusPage(page).open(link) for page in (right, wrong)]

    first, second = [(it.state(), it.when(), it.timeline()) for it in seen]
    assert first == second
    days = [it.countdown().split()[0] for it in seen]
    assert days[0] == days[1]
    expect(wrong.get_by_role("button", name="Choose another time")).to_be_visible()
