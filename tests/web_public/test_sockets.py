"""What a browser sends over its websocket, and what is read of it."""

import asyncio
import logging

import pytest

from invo_booking import app
from invo_booking.run.log_budget import MOST, WITHIN, LogBudget
from invo_booking.web.core import socket
from invo_booking.web.core.socket import (
    LONGEST_TOLD,
    is_setter_event,
    loggable_event_name,
    read_socket_event,
)


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
        ("n" * 200, "n" * LONGEST_TOLD),
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
