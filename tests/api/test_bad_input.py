"""Whatever is sent, the answer is a sentence, never a stack trace."""

import json

import pytest

KEY = {"idempotency-key": "key-of-this-form"}
GOOD = {
    "answer": "00000000-0000-4000-8000-000000000000",
    "language": "en",
    "channel": "video",
    "starts_at": "2026-11-24T16:15:00Z",
    "name": "Ana",
    "email": "ana@example.com",
    "time_zone": "America/Chicago",
}
WRONG = [None, 7, 1.5, True, [], {}, ["x"], {"a": 1}, "x" * 20_000]
REQUIRED = ("answer", "language", "channel", "starts_at", "name")


def post(door, content, path="/api/v1/appointments", **headers):
    sent = {"content-type": "application/json", **KEY, **headers}
    return door.post(path, content=content, headers=sent)


def assert_clean(answer, *statuses):
    assert answer.status_code in (statuses or {422})
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["code"]
    assert document["detail"].endswith(".")
    return document


@pytest.mark.parametrize("field", [it for it in GOOD if it != "time_zone"])
@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:12])
def test_value_of_another_kind_is_refused_beside_its_field(lonely, field, value):
    document = assert_clean(post(lonely, json.dumps(GOOD | {field: value})))

    assert document["code"] == "invalid_input"
    assert list(document["errors"]) == [field]


@pytest.mark.parametrize("field", REQUIRED)
def test_missing_field_is_named(lonely, field):
    body = {name: value for name, value in GOOD.items() if name != field}

    document = assert_clean(post(lonely, json.dumps(body)))

    assert document["errors"] == {field: "Fill this in."}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        '"text"',
        "NaN",
        "1e400",
        "{",
        "\x00",
        "[" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        json.dumps(GOOD | {"name": float("nan")}),
        json.dumps(GOOD)[:-1] + ', "version": 1e400}',
        json.dumps(GOOD | {"name": "\ud800"}),
        json.dumps(GOOD | {"\ud800": "x"}),
        json.dumps(GOOD | {"<script>": "x"}),
        json.dumps(GOOD | {"agent_id": "x"}),
        '{"answer": ' + "9" * 5_000 + "}",
        b"\xff\xfe\x00",
        b'{"name": "\xff"}',
    ],
    ids=lambda content: repr(content[:24]),
)
def test_body_that_is_no_booking_is_refused(lonely, content):
    answer = post(lonely, content)

    assert_clean(answer, 400, 422)
    assert "script" not in answer.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", ""]
)
def test_body_that_does_not_call_itself_json_is_refused(lonely, kind):
    assert_clean(post(lonely, json.dumps(GOOD), **{"content-type": kind}))


def test_too_large_body_is_refused_unread(lonely):
    document = assert_clean(post(lonely, b" " * 65_537), 413)

    assert document["code"] == "too_large"


def test_too_large_body_that_hides_its_length_is_refused(lonely):
    def drip():
        for _ in range(70):
            yield b" " * 1_024

    assert_clean(post(lonely, drip()), 413)


@pytest.mark.parametrize("length", ["9" * 5_000, "-1", "1e9", "٣"])
def test_impossible_length_is_refused(lonely, length):
    assert_clean(post(lonely, b"{}", **{"content-length": length.encode()}), 413)


@pytest.mark.parametrize(
    "key", [None, "", "short", "x" * 129, "with space in it", "ключ"]
)
def test_booking_needs_an_idempotency_key(lonely, key):
    headers = {} if key is None else {"idempotency-key": key.encode()}

    answer = lonely.post("/api/v1/appointments", json=GOOD, headers=headers)

    document = assert_clean(answer)
    assert "Idempotency-Key" in document["errors"]["idempotency-key"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "answer=x&language=en",
        "answer=00000000-0000-4000-8000-000000000000",
        "answer=00000000-0000-4000-8000-000000000000&language=en&tz=../../etc/passwd",
        "answer=00000000-0000-4000-8000-000000000000&language=en&tz=UTC%00",
        "answer=00000000-0000-4000-8000-000000000000&language=en&tz=UTC%2B25",
        "answer=00000000-0000-4000-8000-000000000000&language=en&tz=UTC&from=x",
        "answer=00000000-0000-4000-8000-000000000000&language=en&tz=UTC&to=0001-01-01",
        "answer=00000000-0000-4000-8000-000000000000&language=en&language=es&tz=UTC",
        "answer=00000000-0000-4000-8000-000000000000&language=" + "x" * 500,
    ],
)
def test_query_that_cannot_be_answered_is_refused(lonely, query):
    assert_clean(lonely.get(f"/api/v1/slots?{query}"))


@pytest.mark.parametrize(
    "token",
    ["x", "%00" * 20, "..%2f..%2fetc%2fpasswd", "' OR 1=1--", "x" * 300, "%ff" * 20],
)
def test_garbage_in_place_of_a_token_is_not_found(lonely, token):
    assert_clean(lonely.get(f"/api/v1/appointments/{token}"), 404)


def test_unknown_address_of_the_api_is_not_found(lonely):
    assert_clean(lonely.get("/api/v1/nothing"), 404)
    assert lonely.get("/anything-else.html").text == "a page"
