"""What a browser sends over its websocket, and what is read of it."""

import pytest

from invo_booking.web.core.socket import LONGEST_TOLD, read_event, told_name


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
    assert told_name(name) == told
