import pytest
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from invo_booking.api.core.content_policy import ContentPolicies
from invo_booking.api.core.headers import OwnOriginsOnly, SecurityHeaders
from invo_booking.config import load_config


async def talk(websocket):
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def polled(_request):
    """Allow another site, as the socket's library does, in capitals."""
    answer = PlainTextResponse("0{}")
    allowed = b"https://e.test"
    answer.raw_headers.append((b"Access-Control-Allow-Origin", allowed))
    return answer


def html(_request):
    return HTMLResponse("<p>hi</p>")


def text(_request):
    return PlainTextResponse("hi")


def own(_request):
    return HTMLResponse("", headers={"content-security-policy": "default-src 'none'"})


def client(tmp_path, public_url="https://bank.test"):
    app = Starlette(
        routes=[
            WebSocketRoute("/_event", talk),
            Route("/own", own),
            Route("/polled", polled),
            Route("/api/v1/thing", text, methods=["GET", "POST", "DELETE"]),
            Route("/assets/{name}", text),
            Route("/{path:path}", html, methods=["GET", "POST"]),
        ]
    )
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<script>home</script>")
    config = load_config(
        {"INVO_DATA_DIR": str(tmp_path / "data"), "INVO_PUBLIC_URL": public_url}
    )
    guarded = OwnOriginsOnly(app, config)
    policies = ContentPolicies(tmp_path / "pages")
    return TestClient(
        SecurityHeaders(guarded, config, policies), base_url="https://bank.test"
    )


@pytest.mark.parametrize("path", ["/", "/a/secret", "/api/v1/thing", "/assets/x.js"])
def test_every_answer_carries_the_security_headers(tmp_path, path):
    headers = client(tmp_path).get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


def test_plain_http_promises_no_https(tmp_path):
    door = client(tmp_path, "http://localhost:8000")

    assert "strict-transport-security" not in door.get("/").headers


def test_page_may_run_its_own_inline_scripts(tmp_path):
    door = client(tmp_path)

    assert "sha256-" in door.get("/").headers["content-security-policy"]
    assert "sha256-" not in door.get("/a/x").headers["content-security-policy"]


def test_route_keeps_a_policy_of_its_own(tmp_path):
    headers = client(tmp_path).get("/own").headers

    assert headers["content-security-policy"] == "default-src 'none'"


def test_address_of_the_status_page_is_told_to_nobody(tmp_path):
    door = client(tmp_path)

    assert door.get("/a/secret").headers["referrer-policy"] == "no-referrer"
    assert door.get("/api/v1/thing").headers["referrer-policy"] == "no-referrer"
    assert door.get("/sign-in").headers["referrer-policy"] == "same-origin"


def test_status_pages_are_kept_out_of_search_engines(tmp_path):
    door = client(tmp_path)

    assert door.get("/a/secret").headers["x-robots-tag"] == "noindex, nofollow"
    assert "x-robots-tag" not in door.get("/").headers


def test_unchanged_page_keeps_its_referrer_policy(tmp_path):
    """A 304 has no content type, yet its headers replace those of the kept page."""
    door = client(tmp_path)

    assert door.get("/assets/x.js").headers["referrer-policy"] == "same-origin"
    assert door.get("/session/none").headers["referrer-policy"] == "no-referrer"


def test_data_is_no_page(tmp_path):
    policy = client(tmp_path).get("/api/v1/thing").headers["content-security-policy"]

    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_only_files_named_by_their_content_are_kept(tmp_path):
    door = client(tmp_path)

    assert "immutable" in door.get("/assets/x-1a2b.js").headers["cache-control"]
    assert door.get("/a/secret").headers["cache-control"] == "no-store"
    assert door.get("/api/v1/thing").headers["cache-control"] == "no-store"
    assert door.get("/").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/v1/thing", "/polled"])
def test_no_other_site_may_read_answers(tmp_path, path):
    answer = client(tmp_path).get(path, headers={"origin": "https://e.test"})

    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_other_sites_cannot_change_anything(tmp_path, method):
    door = client(tmp_path)

    refused = door.request(
        method, "/api/v1/thing", headers={"origin": "http://127.0.0.1:9999"}
    )

    assert refused.status_code == 403
    assert refused.json()["code"] == "cross_site"
    assert refused.headers["x-frame-options"] == "DENY"


def test_own_pages_and_programs_may(tmp_path):
    door = client(tmp_path)

    assert door.post("/api/v1/thing").status_code == 200
    own_page = {"origin": "https://bank.test"}
    assert door.post("/api/v1/thing", headers=own_page).status_code == 200


def test_other_sites_cannot_listen(tmp_path):
    door = client(tmp_path)

    with (
        pytest.raises(WebSocketDisconnect),
        door.websocket_connect("/_event", headers={"origin": "https://evil.test"}),
    ):
        pass


def test_own_pages_can_listen(tmp_path):
    headers = {"origin": "https://bank.test"}

    with client(tmp_path).websocket_connect("/_event", headers=headers) as websocket:
        assert websocket.receive_text() == "hello"
