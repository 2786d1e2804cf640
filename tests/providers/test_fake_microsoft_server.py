"""The fake as a server: its certificates, and as a process of its own."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from invo_booking.domain.clock import utc_now
from tests.support.microsoft import Remote, running_fake
from tests.support.microsoft.plain_client import plain_client
from tests.support.vendor.sign_in import trusting

ROOT = Path(__file__).resolve().parents[2]
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = "ana@bank.example"


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("microsoft")
    command = [sys.executable, "-m", "tests.support.microsoft", "--folder", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        said = dict(running.stdout.readline().strip().split("=", 1) for _ in range(3))
        yield said
        running.terminate()
        assert running.wait(60) == 0


@pytest.fixture
def remote(process):
    remote = Remote(process["INVO_GRAPH_URL"], Path(process["INVO_CA_FILE"]))
    yield remote
    remote.reset()
    remote.close()


def test_nobody_trusts_it_who_was_not_told_to(outlook):
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(outlook.url)


def test_certificate_may_be_of_another_host():
    with running_fake(host="elsewhere.example") as outlook:
        refused(outlook, "Hostname mismatch")


def test_certificate_may_have_ended():
    with running_fake(valid_until=utc_now() - HOUR) as outlook:
        refused(outlook, "expired")


def refused(outlook, words):
    with (
        httpx.Client(verify=trusting(outlook.ca_file), trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match=words),
    ):
        client.get(outlook.url)


def test_everything_is_forgotten_on_reset(outlook):
    group = outlook.group()
    outlook.foreign_event(group, NINE, NINE + HOUR)
    outlook.misbehave("GET", "/me", status=503, times=None)
    outlook.latency = 5
    outlook.reset()

    with plain_client(outlook) as client:
        assert client.get("/me").is_success
    assert outlook.groups() == []
    assert outlook.schedule_of(ANA) == []


def test_process_tells_the_product_where_it_is(process):
    assert process["INVO_MICROSOFT_AUTHORITY"].startswith("https://localhost:")
    assert Path(process["INVO_CA_FILE"]).exists()


def test_verbs_work_from_another_process(remote):
    group = remote.group(name="Appointments")
    event = remote.foreign_event(group, NINE, NINE + HOUR)
    remote.move(event, NINE + HOUR, NINE + 2 * HOUR)
    remote.busy(ANA, NINE, NINE + HOUR, status="oof")

    [found] = remote.events(group)

    assert found["start"]["dateTime"] == "2026-03-09T10:00:00.0000000"
    assert [item["status"] for item in remote.schedule_of(ANA)] == ["oof"]


def test_attributes_are_read_and_set_from_another_process(remote):
    remote.set(latency=0.5, granted=["User.Read"])

    assert remote.read("latency") == 0.5
    assert remote.read("violations") == []


def test_mistaken_verb_is_told(remote):
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        remote.bussy(ANA)


def test_sign_in_works_from_another_process(remote, process):
    scopes = "openid offline_access User.Read"
    client_id = remote.read("client_id")
    query = f"client_id={client_id}&response_type=code&scope={scopes}&state=7"
    base = process["INVO_MICROSOFT_AUTHORITY"]
    address = f"{base}/organizations/oauth2/v2.0/authorize?{query}"

    brought = remote.approve(f"{address}&redirect_uri=http://localhost/outlook")

    assert brought["state"] == "7"
    assert brought["code"]
