"""The whole product, as ``make run`` starts it, and the browsers that use it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from invo_booking.config import PROJECT
from tests.e2e.contexts import ONE_RENDERER, Contexts
from tests.e2e.pages.bank import Bank, Desk
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.pages.vendors import running_vendor, trust
from tests.e2e.product import House, running_house
from tests.e2e.shared_pages import PORT
from tests.support.browsers import system_browser
from tests.support.servers import reserved_port
from tests.support.vendor.control import Remote

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ONE_RENDERER,
]
PICTURES = PROJECT / "test-pictures"


@pytest.fixture(scope="session")
def microsoft(tmp_path_factory) -> Iterator[Remote]:
    """A fake Microsoft for the product to be connected to."""
    with running_vendor("microsoft", tmp_path_factory.mktemp("microsoft")) as remote:
        yield remote


@pytest.fixture(scope="session")
def google(tmp_path_factory) -> Iterator[Remote]:
    """A fake Google for the product to be connected to."""
    with running_vendor("google", tmp_path_factory.mktemp("google")) as remote:
        yield remote


@pytest.fixture(scope="session")
def exchange(tmp_path_factory) -> Iterator[Remote]:
    """A fake Exchange for the product to be connected to."""
    with running_vendor("exchange", tmp_path_factory.mktemp("exchange")) as remote:
        yield remote


@pytest.fixture(scope="session")
def vendor_variables(
    microsoft: Remote, google: Remote, exchange: Remote, tmp_path_factory
) -> dict[str, str]:
    """Variables that make the product use the fakes."""
    bundle = tmp_path_factory.mktemp("trusted") / "ca.pem"
    vendors = (microsoft, google, exchange)
    variables = {
        name: value for one in vendors for name, value in one.config_env().items()
    }
    return {**variables, "INVO_CA_FILE": trust(bundle, *vendors)}


@pytest.fixture(scope="session")
def house(vendor_variables: dict[str, str]) -> Iterator[House]:
    """Start the product with one command and stop it with one signal.

    ``INVO_TEST_URL`` names a demo that runs already, to spare the start, and
    ``INVO_TEST_DATA_DIR`` its data folder.
    """
    if running := os.environ.get("INVO_TEST_URL"):
        folder = os.environ.get("INVO_TEST_DATA_DIR")
        yield House(running, [], Path(folder) if folder else None)
        return
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    variables = {"INVO_RATE_LIMITS": "off", **vendor_variables}
    with (
        reserved_port(PORT + worker) as port,
        running_house(port, variables) as house,
    ):
        yield house


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict[str, object]:
    """Use the system's Chromium where there is one, else Playwright's own."""
    system = system_browser()
    path = {"executable_path": system} if system else {}
    return {**browser_type_launch_args, **path, "args": QUIET}


@pytest.fixture(scope="session")
def contexts(browser: Browser, house: House) -> Iterator[Contexts]:
    """Contexts of earlier visitors, emptied."""
    contexts = Contexts(browser, house.url)
    yield contexts
    contexts.close()


@pytest.fixture
def visitor(
    request, browser: Browser, house: House, contexts: Contexts
) -> Iterator[Callable[..., Page]]:
    """Open a browser of somebody's own, by default at a desk in Chicago.

    In a test with the mark ``warm``, the browser may have the product's files in
    memory. Tests of how files are loaded need one that has nothing.
    """
    is_warm = request.node.get_closest_marker("warm") is not None
    with ExitStack() as opened:

        def open_browser(
            *, width: int = 1280, dark: bool = False, locale: str = "en-US", **more
        ) -> Page:
            settings = {
                "viewport": {"width": width, "height": 900},
                "color_scheme": "dark" if dark else "light",
                "timezone_id": "America/Chicago",
                "locale": locale,
                **more,
            }
            if is_warm:
                context = opened.enter_context(contexts.empty(**settings))
            else:
                context = browser.new_context(base_url=house.url, **settings)
                opened.callback(context.close)
            context.set_default_timeout(40_000)
            return context.new_page()

        yield open_browser


@pytest.fixture(scope="session")
def signed_in(browser: Browser, house: House) -> Callable[[str], dict[str, object]]:
    """Sign somebody in, once for all tests, and return what ``visitor`` takes."""
    known: dict[str, dict[str, object]] = {}

    def sign_in(email: str) -> dict[str, object]:
        if email not in known:
            context = browser.new_context(base_url=house.url)
            form = {"email": email, "password": PASSWORD}
            headers = {"Origin": house.url}
            context.request.post("/session/sign-in", form=form, headers=headers)
            known[email] = {"storage_state": context.storage_state()}
            context.close()
        return known[email]

    return sign_in


@pytest.fixture(scope="session")
def bank(house: House) -> Iterator[Bank]:
    """The same bank over its API, to arrange and to ask what is true."""
    with Bank(house.url) as bank:
        yield bank


@pytest.fixture(scope="session")
def desk(house: House) -> Iterator[Desk]:
    """The desk of a manager, to arrange and to ask what is true."""
    with Desk(house.url, "tom@harbor.example", PASSWORD) as desk:
        yield desk


@pytest.fixture(scope="session")
def is_pictured() -> bool:
    """Whether pictures are kept: if ``INVO_TEST_PICTURES`` is set."""
    return bool(os.environ.get("INVO_TEST_PICTURES"))


@pytest.fixture
def picture(request, is_pictured) -> Callable[[Page, str], None]:
    """Keep a picture of a page, to look at, where pictures are kept."""

    def take(page: Page, name: str) -> None:
        if not is_pictured:
            return
        PICTURES.mkdir(exist_ok=True)
        test = re.sub(r"\W+", "-", request.node.name)
        page.screenshot(path=PICTURES / f"{test}-{name}.png", full_page=True)

    return take
