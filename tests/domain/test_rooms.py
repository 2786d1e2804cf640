"""Templates of rooms' addresses, and the claims of the tokens in them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_booking.domain.rooms import (
    RoomRole,
    RoomStay,
    RoomVisitor,
    TokenParties,
    clean_room_servers,
    clean_room_template,
    fill_room_template,
    room_claims,
    room_example,
    room_server_problem,
)
from tests.support.examples import how_many

OPENS = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)
ENDS = OPENS + timedelta(minutes=40)
FULL = "https://meet.bank.example/{appointment}?jwt={token}#name={name}&as={role}"


def stay(name="Ana Gomez", role=RoomRole.CUSTOMER):
    visitor = RoomVisitor(id="v1", role=role, name=name)
    return RoomStay(room="r00m", visitor=visitor, opens_at=OPENS, ends_at=ENDS)


def test_agent_language_and_reference_of_the_appointment_are_filled_in():
    asked = replace(stay(), reference="4711", agent="José & Co", language="es")
    template = (
        "https://meet.bank.example/{appointment}/{language}?a={agent}&r={reference}"
    )

    assert clean_room_template(template, is_shared=True) == template
    assert fill_room_template(template, asked, "") == (
        "https://meet.bank.example/r00m/es?a=Jos%C3%A9%20%26%20Co&r=4711"
    )
    assert "{" not in room_example(template)


@pytest.mark.parametrize(
    "typed",
    [
        FULL,
        "https://meet.bank.example/{appointment}",
        "  https://meet.bank.example:8443/rooms/{appointment}  ",
        "HTTPS://MEET.bank.example/{appointment}",
    ],
)
def test_template_is_kept_as_typed(typed):
    assert clean_room_template(typed, is_shared=True) == typed.strip()


def test_nothing_typed_means_no_template():
    assert clean_room_template("  ", is_shared=True) == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://meet.bank.example/{appointment}", "begins with https://"),
        ("javascript:alert({appointment})", "begins with https://"),
        ("meet.bank.example/{appointment}", "begins with https://"),
        ("https://meet.bank.example/{appointment}<script>", "Leave out"),
        ("https://meet.bank.example/{appointment} x", "Leave out"),
        ("https://meet.bank.example/{appointment}\nx", "Leave out"),
        ("https://mee\u0442.bank.example/{appointment}", "Leave out"),
        ("https://meet.bank.example\\@evil.example/{appointment}", "Leave out"),
        ("https://ana:pw@meet.bank.example/{appointment}", "before the @"),
        ("https://meet.bank.example@evil.example/{appointment}", "before the @"),
        ("https://{name}.bank.example/{appointment}", "server's name"),
        ("https://meet.bank.example{appointment}/", "server's name"),
        ("https:///{appointment}", "server's full name"),
        ("https://meet/{appointment}", "server's full name"),
        ("https://-a.example/{appointment}", "server's full name"),
        ("https://[::1/{appointment}", "not an address"),
        ("https://meet.bank.example:99999/{appointment}", "not an address"),
        ("https://meet.bank.example/{appointment}/{room}", "{room} is not a place"),
        ("https://meet.bank.example/{appointment}/{}", "{} is not a placeholder"),
        ("https://meet.bank.example/{appointment}/{name", "one pair of braces"),
        ("https://meet.bank.example/{{appointment}}", "one pair of braces"),
        ("https://meet.bank.example/{name}", "Add {appointment}"),
        ("https://meet.bank.example/{appointment}" + "x" * 500, "at most 500"),
    ],
)
def test_template_that_cannot_be_used_is_refused_with_one_sentence(typed, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        clean_room_template(typed, is_shared=True)


def test_room_of_one_person_may_be_fixed_but_a_token_needs_a_name():
    fixed = "https://zoom.example/j/123456"

    assert clean_room_template(fixed, is_shared=False) == fixed
    with pytest.raises(ValueError, match="room of that name"):
        clean_room_template(f"{fixed}?jwt={{token}}", is_shared=False)


def test_list_of_servers_is_read_and_refused_by_name():
    assert clean_room_servers(" Zoom.us, meet.bank.example, zoom.us, ") == (
        "meet.bank.example",
        "zoom.us",
    )
    assert clean_room_servers("") == ()
    with pytest.raises(ValueError, match="https://zoom"):
        clean_room_servers("https://zoom.us")
    with pytest.raises(ValueError, match="at most 20"):
        clean_room_servers(",".join(f"s{no}.example" for no in range(21)))


@pytest.mark.parametrize(
    ("server", "is_allowed"),
    [
        ("zoom.us", True),
        ("bank.zoom.us", True),
        ("evilzoom.us", False),
        ("zoom.us.evil.example", False),
    ],
)
def test_allowed_server_stands_for_its_subdomains_only(server, is_allowed):
    template = f"https://{server}/{{appointment}}"

    assert (room_server_problem(template, ["zoom.us"]) == "") == is_allowed
    assert room_server_problem(template, []) == ""


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=how_many(60))
def test_no_name_changes_the_meaning_of_an_address(name):
    name = name.encode("utf-8", "replace").decode()
    parts = urlsplit(fill_room_template(FULL, stay(name), "a.b.c"))

    assert (parts.scheme, parts.netloc) == ("https", "meet.bank.example")
    assert parts.path == "/r00m"
    assert parse_qs(parts.query) == {"jwt": ["a.b.c"]}
    shown, role = parts.fragment.removeprefix("name=").split("&as=")
    assert (unquote(shown), role) == (name, "customer")


def test_example_shows_each_placeholder_filled():
    example = room_example(FULL)

    assert "{" not in example
    assert "Ana%20Gomez&as=customer" in example


def test_claims_are_those_of_jitsi_and_name_one_person():
    parties = TokenParties(issuer="bank", audience="jitsi", subject="meet.bank.example")

    guest = room_claims(stay(), parties, OPENS)
    host = room_claims(stay("Max", RoomRole.AGENT), parties, OPENS)

    assert guest == {
        "iss": "bank",
        "aud": "jitsi",
        "sub": "meet.bank.example",
        "room": "r00m",
        "iat": int(OPENS.timestamp()),
        "nbf": int(OPENS.timestamp()),
        "exp": int(ENDS.timestamp()),
        "moderator": False,
        "context": {
            "user": {
                "id": "v1",
                "name": "Ana Gomez",
                "affiliation": "member",
                "moderator": False,
            }
        },
    }
    assert host["moderator"] is True
    assert host["context"]["user"]["affiliation"] == "owner"
