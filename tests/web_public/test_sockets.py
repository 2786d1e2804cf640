"""What a browser sends over its websocket, and what is read of it."""

import asyncio
import json
import logging
from contextvars import copy_context

import pytest
from reflex.istate.data import ReflexURL
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.config import load_config
from invo_booking.run.log_budget import MOST, WITHIN, LogBudget
from invo_booking.web.core import socket
from invo_booking.web.core.socket import (
    LONGEST_LOGGED_NAME,
    address_to_keep,
    is_sent_by_pages,
    is_setter_event,
    loggable_event_name,
    read_socket_event,
)
from tests.support.keys import SECRET_KEYS

CONFIG = load_config({"INVO_SECRET_KEYS": SECRET_KEYS})


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"name": "a.b"}, ("a.b", {}, {})),
        ({"name": "a.b", "payload": {"x": 1}}, ("a.b", {"x": 1}, {})),
        (
            {"name": "a.b", "payload": {}, "router_data": {"pathname": "/"}},
            ("a.b", {}, {"pathname": "/"}),
        ),
    ],
)
def test_what_a_browser_leaves_out_is_empty(sent, read):
    assert read_socket_event(sent) == read


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "a.b",
        [],
        {},
        {"name": 7},
        {"name": "a.b", "payload": []},
        {"name": "a.b", "payload": None},
        {"name": "a.b", "router_data": "/"},
    ],
)
def test_malformed_event_has_no_name(sent):
    assert read_socket_event(sent) == (None, {}, {})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("app___state.send", "app___state.send"),
        ('send\n{"level": "info"}', "send???level????info??"),
        ("rosa@mail.example", "rosa?mail.example"),
        ("n" * 200, "n" * LONGEST_LOGGED_NAME),
    ],
)
def test_name_of_an_unknown_event_can_forge_no_line_and_is_cut(name, told):
    assert loggable_event_name(name) == told


def test_events_that_nobody_handles_fill_no_disk(monkeypatch, caplog):
    clock = [0.0]
    monkeypatch.setattr(socket, "_budget", LogBudget(lambda: clock[0]))
    ours = app.app.event_namespace

    def flood():
        caplog.clear()
        for number in range(MOST * 5):
            asyncio.run(ours.on_event("nobody", {"name": f"made.up{number}"}))
            asyncio.run(ours.on_event("nobody", ["malformed"]))
        return len(caplog.records)

    with caplog.at_level(logging.WARNING, socket.__name__):
        assert flood() == MOST
        clock[0] += WITHIN
        assert flood() == MOST


ODD = (
    ("hydrate", {"more": 1}),
    ("hydrate_and_load", {"vars": {"a.b": "x"}}),
    ("hydrate_and_load", {"vars": "x"}),
    ("hydrate_and_load", {"vars": None, "hashes": True}),
    ("hydrate_and_load", {"hashes": [["x"]]}),
    ("on_load_internal_state.set_is_hydrated", {"value": {}}),
    ("on_load_internal_state.set_is_hydrated", {}),
    ("update_vars_internal_state.update_vars_internal", {"vars": {"a.b": 1}}),
    (
        "frontend_event_exception_state.handle_frontend_exception",
        {"info": 7, "component_stack": ""},
    ),
)
"""What no page sends to handlers of Reflex's own, by the end of their names."""

USUAL = (
    ("hydrate", {}),
    ("hydrate_and_load", {"vars": {}, "hashes": ["x", "y"]}),
    ("hydrate_and_load", {"vars": {}}),
    ("on_load_internal_state.on_load_internal", {}),
    ("on_load_internal_state.set_is_hydrated", {"value": True}),
    (
        "frontend_event_exception_state.handle_frontend_exception",
        {"info": "Error: x", "component_stack": ""},
    ),
)


def own_handler(ending):
    known = RegistrationContext.ensure_context().event_handlers
    (name,) = [name for name in known if name.endswith(f"___state____{ending}")] or [
        f"reflex___state____state.{ending}"
    ]
    return name, known[name].handler.fn


@pytest.mark.parametrize(("ending", "payload"), USUAL)
def test_events_of_reflex_pass_as_pages_send_them(ending, payload):
    assert is_sent_by_pages(own_handler(ending)[1], payload)


@pytest.mark.parametrize(("ending", "payload"), ODD)
def test_odd_events_of_reflex_are_dropped_with_one_line_without_their_content(
    ending, payload, monkeypatch, caplog
):
    monkeypatch.setattr(socket, "_budget", LogBudget(lambda: 0.0))
    name, _ = own_handler(ending)

    with caplog.at_level(logging.WARNING):
        for _ in range(MOST * 2):
            event = {"name": name, "payload": payload}
            asyncio.run(app.app.event_namespace.on_event("nobody", event))

    assert len(caplog.records) == MOST
    assert {it.levelname for it in caplog.records} == {"WARNING"}
    assert all(
        it.getMessage().endswith(name[:LONGEST_LOGGED_NAME]) for it in caplog.records
    )


@pytest.mark.parametrize(
    "sent",
    ["[1]", "//[", "http://[", [1], {"a": 1}, "\ud800", "//evil.example/", "x" * 9_999],
)
@pytest.mark.parametrize("key", ["pathname", "asPath"])
def test_odd_addresses_of_pages_are_stored_as_paths_that_can_be_read(key, sent):
    found = address_to_keep(CONFIG, {key: sent, "query": {str(sent): sent}})

    for origin in ("", "https://booking.bank.example"):
        url = ReflexURL(f"{origin}{found[key]}")
        assert url.origin in {"://", origin}
        assert url.path.startswith("/")
    assert json.dumps(found, ensure_ascii=False).encode()


def test_failure_of_the_notice_of_a_failure_is_not_told_again(monkeypatch):
    monkeypatch.setattr(app, "traces", LogBudget(lambda: 0.0))
    first = EventContext(token="page", state_manager=None, enqueue_impl=None)

    def fail(context):
        EventContext.set(context)
        return app.report_failure(ValueError("nobody planned for it"))

    assert copy_context().run(fail, first)
    assert copy_context().run(fail, first.fork()) is None
    another = EventContext(token="page", state_manager=None, enqueue_impl=None)
    assert copy_context().run(fail, another)


def test_failures_keep_their_reference_and_only_so_many_traces(monkeypatch, caplog):
    monkeypatch.setattr(app, "traces", LogBudget(lambda: 0.0))

    for _ in range(MOST * 2):
        app.report_failure(ValueError("nobody planned for it"))

    assert len(caplog.records) == MOST * 2
    assert all("reference" in it.getMessage() for it in caplog.records)
    assert sum(bool(it.exc_info) for it in caplog.records) == MOST


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.b_state.setvar", True), ("a.b_state.set_zone", False), ("setvar", True)],
)
def test_the_setter_that_every_state_has_is_known(name, is_one):
    assert is_setter_event(name) is is_one
