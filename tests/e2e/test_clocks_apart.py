"""Two web machines whose clocks are over a minute apart, in both directions."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.machines import WebMachine, running_machine
from tests.e2e.pages.bank import Bank, somebody
from tests.e2e.pages.staff import PASSWORD
from tests.e2e.product import House

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
TOPIC = "Mortgage advice"


@pytest.fixture(scope="module", params=[61, -61])
def machine(request, house: House, tmp_path_factory) -> Iterator[WebMachine]:
    """A second machine of the institution, with a wrong clock."""
    folder = tmp_path_factory.mktemp("machine")
    with running_machine(house, folder, seconds_ahead=request.param) as machine:
        yield machine


@pytest.fixture
def there(machine: WebMachine, house: House) -> Iterator[Bank]:
    """The bank over the API of the second machine."""
    with Bank(f"http://localhost:{machine.port}", mailbox_at=house.url) as bank:
        yield bank


def sign_in(address: str, origin: str) -> httpx.Cookies:
    form = {"email": MANAGER, "password": PASSWORD}
    with httpx.Client(timeout=60, base_url=address, headers={"Origin": origin}) as web:
        web.post("/session/sign-in", data=form)
        return web.cookies


def health_of(address: str) -> dict[str, dict[str, object]]:
    """Return the findings of ``/readyz`` by name."""
    checks = httpx.get(f"{address}/readyz", timeout=60).json()["checks"]
    return {one["name"]: one for one in checks}


def is_signed_in(address: str, cookies: httpx.Cookies) -> bool:
    with httpx.Client(timeout=60, base_url=address, cookies=cookies) as web:
        return web.get("/api/v1/staff/catalogue").is_success


def test_health_of_a_machine_says_that_its_clock_is_wrong(house, machine):
    addresses = (f"http://localhost:{machine.port}", house.url)

    wrong, right = (health_of(address)["clock"] for address in addresses)

    assert not wrong["ok"], wrong
    assert right["ok"], right


def test_session_of_one_machine_is_valid_at_the_other(house, machine):
    other = f"http://localhost:{machine.port}"

    for begun, used in ((house.url, other), (other, house.url)):
        cookies = sign_in(begun, house.url)
        assert is_signed_in(used, cookies)
        assert not is_signed_in(used, httpx.Cookies())


def test_both_machines_offer_the_same_times(bank, there):
    assert there.open_starts(TOPIC) == bank.open_starts(TOPIC)


def test_request_of_one_machine_is_confirmed_and_cancelled_at_the_other(bank, there):
    for asked, answered in ((bank, there), (there, bank)):
        name, email = somebody()
        token = asked.request(
            TOPIC, bank.open_starts(TOPIC)[-1], name=name, email=email
        )
        asked.confirm(token)

        assert answered.look(token)["status"] == "confirmed"
        answered.cancel(token)
        assert asked.look(token)["status"] == "cancelled"
