"""What OpenAPI says: everything that is asked of callers, and what comes next."""

import re

import pytest

from invo_booking.api.core.policy import RoutePolicy
from invo_booking.api.openapi.methods import routes_of_api
from invo_booking.domain.access.cookie import NAME
from tests.support.api_document import api_document, plain_api

APP = plain_api()
DOCUMENT = api_document()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
SPELLED_OUT = sorted({it.path for it in routes_of_api(APP) if "{" not in it.path})


def operation(method, path):
    return DOCUMENT["paths"][f"/api/v1{path}"][method]


def parameter(method, path, name):
    found = operation(method, path)["parameters"]
    return next(it for it in found if it["name"] == name)


def test_key_of_a_request_is_asked_for_as_it_is_checked():
    key = parameter("post", "/appointments", "Idempotency-Key")

    assert key["required"]
    assert key["schema"]["pattern"] == "^[A-Za-z0-9_.:-]{8,128}$"
    assert (key["schema"]["minLength"], key["schema"]["maxLength"]) == (8, 128)


def test_request_without_a_key_hears_what_to_send(api):
    answer = api.post("/api/v1/appointments", json={})

    assert answer.status_code == 422
    sentence = answer.json()["errors"]["idempotency-key"]
    assert sentence.startswith("Send an Idempotency-Key header")


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("2026-11-24T16:15:00Z", True),
        ("2026-11-24T16:15+01:00", True),
        ("2028-02-29T00:00:00.5-05:30", True),
        ("2000-02-29T00:00:00Z", True),
        ("2026-02-29T00:00:00Z", False),
        ("2100-02-29T00:00:00Z", False),
        ("2026-04-31T00:00:00Z", False),
        ("2026-11-24T16:15:00", False),
        ("1969-12-31T23:59:59Z", False),
        ("9000-01-01T00:00:00Z", False),
        ("2026-11-24T24:00:00Z", False),
        ("2026-11-24 16:15:00Z", False),
        ("2026-11-24T16:15:00Z\n", False),
    ],
)
def test_time_is_described_as_it_is_read(api, text, is_right):
    shape = DOCUMENT["components"]["schemas"]["RescheduleBody"]
    pattern = shape["properties"]["starts_at"]["pattern"]

    answer = api.post(
        f"/api/v1/appointments/{'x' * 43}/reschedule", json={"starts_at": text}
    )

    assert bool(re.fullmatch(pattern, text)) == is_right
    assert (answer.status_code == 404) == is_right


def test_every_operation_says_who_may_call_it():
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert set(schemes) == {"session", "token", "program"}
    assert schemes["session"]["name"] == NAME
    for method, path, it in OPERATIONS:
        ways = [next(iter(way), "nobody") for way in it["security"]]
        policy, needs = RoutePolicy(it["tags"][0]), set(ways)
        if policy in {RoutePolicy.STAFF, RoutePolicy.ADMIN}:
            assert needs == {"session", "token"}, (method, path)
        elif policy in {RoutePolicy.BROWSER, RoutePolicy.BROWSER_ADMIN}:
            assert needs == {"session"}, (method, path)
        else:
            assert needs <= {"program", "nobody"}, (method, path)


def test_scopes_of_tokens_are_told():
    assert {"token": ["read"]} in operation("get", "/staff/catalogue")["security"]
    assert {"token": ["write"]} in operation("post", "/staff/appointments")["security"]
    assert {"token": ["admin"]} in operation("get", "/admin/audit")["security"]
    assert operation("post", "/appointments")["security"] == [
        {},
        {"program": ["write"]},
    ]


def test_every_refusal_is_described_as_a_problem():
    for method, path, it in OPERATIONS:
        refusals = {code: one for code, one in it["responses"].items() if code > "399"}
        assert {"422", "429", "500", "503"} <= set(refusals), (method, path)
        assert "default" not in it["responses"]
    problems = DOCUMENT["components"]["responses"]
    for name, one in problems.items():
        assert list(one["content"]) == ["application/problem+json"], name


def test_links_lead_from_an_appointment_to_what_can_be_done_with_it():
    made = operation("post", "/appointments")["responses"]["201"]["links"]
    listed = operation("get", "/program/appointments")["responses"]["200"]["links"]

    verbs = {it.rpartition("__token__")[2] for it in made if "__token__" in it}
    assert {"get", "confirm_post", "reschedule_post", "cancel_post"} <= verbs
    assert any("show_appointment" in it for it in listed)


def test_every_link_leads_to_an_operation_and_its_parameters():
    known = {it["operationId"]: it for _, _, it in OPERATIONS}
    for _, path, it in OPERATIONS:
        for answer in it["responses"].values():
            for link in answer.get("links", {}).values():
                target = known[link["operationId"]]
                names = {one["name"] for one in target["parameters"]}
                assert set(link["parameters"]) <= names, path


@pytest.mark.parametrize("path", SPELLED_OUT)
def test_address_answers_a_method_it_does_not_take_with_those_it_takes(api, path):
    taken = {m for it in routes_of_api(APP) if it.path == path for m in it.methods}
    for method in METHODS - taken:
        answer = api.request(method, path)
        assert answer.status_code in {401, 403, 405}, method
        if answer.status_code == 405:
            assert set(answer.headers["allow"].split(", ")) == taken


def test_address_that_another_routes_parameter_would_match_is_its_own(api):
    answer = api.get("/api/v1/appointments/links")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_all_methods_of_an_address_are_told_whichever_routes_take_them(api):
    answer = api.put("/api/v1/staff/appointments/1")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, PATCH"
