"""What a browser sends over its websocket, and what is read of it."""

import pytest

from invo_booking.web.socket import read_event


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
    assert read_event(sent) == read


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
    assert read_event(sent) == (None, {}, {})
