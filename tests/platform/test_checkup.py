"""The doctor reports every check, on every kind of machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from invo_booking import bootstrap
from invo_booking.config import load_config
from invo_booking.run import checkup
from invo_booking.run.checkup import checkup_findings
from tests.support.keys import SECRET_KEYS

AFTER = {"copy", "availability", "calendar", "audit log", "mail", "backup", "broker"}


def configured(url, folder, **variables):
    given = {
        "INVO_DATABASE_URL": url,
        "INVO_DATA_DIR": str(folder),
        "INVO_SECRET_KEYS": SECRET_KEYS,
    }
    return load_config({**given, **variables})


@pytest.fixture
def diagnose(deps):
    """Run all checks; return the findings by name."""
    bootstrap.use_deps(deps)
    yield lambda config: {it.name: it for it in checkup_findings(config, {})}
    bootstrap._built.clear()  # noqa: SLF001 - the next test has parts of its own


@pytest.fixture
def serve():
    """Start servers that answer every request in one way; return their ports."""
    servers = []

    def start(answer: object) -> int:
        class Answering(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_words):
                """Write nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_machine_without_a_data_folder_is_checked(diagnose, database_url, tmp_path):
    found = diagnose(configured(database_url, tmp_path / "none" / "at all"))

    assert found["data folder"].ok
    assert found.keys() >= AFTER
    assert not (tmp_path / "none").exists()


def test_check_that_fails_in_an_unforeseen_way_is_a_finding_beside_the_others(
    diagnose, database_url, tmp_path, monkeypatch
):
    def fail() -> None:
        raise KeyError("secret text")

    monkeypatch.setattr(checkup, "_copy", fail)
    found = diagnose(configured(database_url, tmp_path))

    assert not found["copy"].ok
    assert "unexpected error (KeyError)" in found["copy"].sentence
    assert found.keys() >= AFTER


@pytest.mark.parametrize(
    ("answer", "is_ours"),
    [({"ready": False, "checks": []}, True), ({"status": "ok"}, False), ([], False)],
)
def test_port_of_our_own_web_process_is_in_order(
    diagnose, database_url, tmp_path, serve, answer, is_ours
):
    port = serve(answer)
    found = diagnose(configured(database_url, tmp_path, INVO_PORT=str(port)))

    assert found["web"].ok is is_ours
