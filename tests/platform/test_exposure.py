import subprocess
import sys

import pytest

from invo_booking.config import ConfigError, load_config
from invo_booking.run import exposure
from invo_booking.run.checkup import exposure_findings

HTTPS = "https://booking.bank.com"
EVERYWHERE = "0.0.0.0"  # noqa: S104


def config(**variables):
    key = {"INVO_SECRET_KEYS": "test:" + "5e" * 32}
    return load_config(key | variables)


def found(**variables):
    """Return what the doctor says by name: ok, warn or bad."""
    said = exposure_findings(config(**variables))
    return {
        it.name: "ok" if it.ok else "warn" if it.is_warning else "bad"
        for it in said
        if it.name != "python"
    }


@pytest.mark.parametrize(
    "host",
    [
        "booking.bank.com",
        "BOOKING.bank.com.",
        "booking.bank.example",
        "8.8.8.8",
        "[2606:4700::1111]",
        "localhost.bank.com",
    ],
)
@pytest.mark.parametrize("demo", ["0", "1"])
def test_start_is_refused_without_encryption_or_as_a_demo_in_public(host, demo):
    with pytest.raises(ConfigError, match="not encrypted"):
        exposure.refuse_unsafe_start(
            config(INVO_PUBLIC_URL=f"http://{host}", INVO_DEMO=demo)
        )
    with pytest.raises(ConfigError, match="published passwords"):
        exposure.refuse_unsafe_start(
            config(INVO_PUBLIC_URL=f"https://{host}", INVO_DEMO="1")
        )
    exposure.refuse_unsafe_start(config(INVO_PUBLIC_URL=f"https://{host}"))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "booking.localhost",
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "192.168.1.20:8000",
        "172.16.0.9",
        "[fd00::1]",
        "[fe80::1]",
        "booking",
        "booking.local",
        "booking.bank.internal",
        "nas.home.arpa",
    ],
)
def test_own_machine_and_own_network_may_see_a_demo_over_http(host):
    exposure.refuse_unsafe_start(
        config(INVO_PUBLIC_URL=f"http://{host}", INVO_DEMO="1")
    )


def test_demo_that_listens_at_a_public_address_is_refused():
    with pytest.raises(ConfigError, match="INVO_HOST is public"):
        exposure.refuse_unsafe_start(config(INVO_HOST="8.8.8.8", INVO_DEMO="1"))


def test_doctor_is_content_with_a_demo_on_this_machine_and_with_a_whole_installation():
    assert found(INVO_DEMO="1") == {"demo": "ok", "address": "ok"}
    whole = found(INVO_PUBLIC_URL=HTTPS, INVO_TRUSTED_PROXY_HOPS="1")
    assert whole == {"address": "ok"}


@pytest.mark.parametrize(
    ("variables", "name", "how"),
    [
        ({"INVO_PUBLIC_URL": HTTPS, "INVO_DEMO": "1"}, "strangers", "bad"),
        ({"INVO_PUBLIC_URL": "http://booking.bank.com"}, "strangers", "bad"),
        ({"INVO_PUBLIC_URL": "http://10.0.0.5"}, "address", "warn"),
        ({"INVO_PUBLIC_URL": HTTPS, "INVO_RATE_LIMITS": "off"}, "limits", "bad"),
        ({"INVO_RATE_LIMITS": "off"}, "limits", "warn"),
        ({"INVO_PUBLIC_URL": HTTPS, "INVO_HOST": EVERYWHERE}, "network", "bad"),
        ({"INVO_HOST": EVERYWHERE}, "network", "warn"),
        ({"INVO_HOST": "::"}, "network", "warn"),
        ({"INVO_PUBLIC_URL": HTTPS}, "proxy", "warn"),
    ],
)
def test_doctor_names_what_strangers_could_use(variables, name, how):
    assert found(**variables)[name] == how


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ((3, 11, 9), "3.11.10"),
        ((3, 11, 10), ""),
        ((3, 12, 5), "3.12.6"),
        ((3, 12, 6), ""),
        ((3, 13, 0), ""),
    ],
)
def test_python_that_a_cookie_can_stop_is_named(monkeypatch, version, newer):
    monkeypatch.setattr(sys, "version_info", version)

    assert exposure.safe_python() == newer
    told = [it for it in exposure_findings(load_config({})) if it.name == "python"]
    assert [(it.ok, it.is_warning, newer in it.sentence) for it in told] == (
        [(False, True, True)] if newer else []
    )


def test_processes_that_are_started_write_no_core_dumps():
    code = (
        "import subprocess, sys; from invo_booking.config import load_config; "
        "from invo_booking.run.exposure import secure_start; "
        "secure_start(load_config({})); "
        "print(subprocess.getoutput('ulimit -Sc; ulimit -Hc'))"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["0", "0"]
