"""What is written of an event that stands in Outlook, and what is left alone."""

from dataclasses import replace

from tests.providers.test_microsoft_calendar import ANA, draft, world

__all__ = ["world"]

ROOM = "oak@bank.example"


def attendees(outlook, event_id):
    found = outlook.event(event_id)["attendees"]
    return {it["emailAddress"]["address"] for it in found}


def invite_there(outlook, event_id, *people):
    """Invite more people, as somebody does in Outlook."""
    found = outlook.event(event_id)["attendees"]
    new = [
        {"emailAddress": {"address": it, "name": it}, "type": "required"}
        for it in people
    ]
    outlook.change(event_id, attendees=[*found, *new])


def test_what_was_added_in_outlook_outlives_a_corrected_phone_number(outlook, world):
    wanted = draft(attendees=((ANA, "Ana"),), body="Phone: 1")
    made = world.calendar.create(wanted)
    invite_there(outlook, made.id, ROOM)
    place = {"displayName": "Oak room", "locationType": "default"}
    outlook.change(made.id, location=place, subject="Mortgage (bring papers)")

    there = world.calendar.event(made.id)
    world.calendar.change(there, replace(wanted, body="Phone: 2"))

    found = outlook.event(made.id)
    assert found["body"]["content"] == "Phone: 2"
    assert found["subject"] == "Mortgage (bring papers)"
    assert found["location"]["displayName"] == "Oak room"
    assert {ANA, ROOM} <= attendees(outlook, made.id)
    [change] = outlook.calls_to("PATCH", "/groups/*")
    assert change.body.keys() == {"body", "singleValueExtendedProperties"}


def test_other_agent_takes_the_place_of_the_first_and_guests_stay(outlook, world):
    wanted = draft(attendees=((ANA, "Ana"), ("eve@mail.example", "Eve")))
    made = world.calendar.create(wanted)
    invite_there(outlook, made.id, ROOM)

    there = world.calendar.event(made.id)
    people = (("ben@bank.example", "Ben"), ("eve@mail.example", "Eve"))
    world.calendar.change(there, replace(wanted, attendees=people))

    now = attendees(outlook, made.id)
    assert {"ben@bank.example", "eve@mail.example", ROOM} <= now
    assert ANA not in now
    [change] = outlook.calls_to("PATCH", "/groups/*")
    assert change.body.keys() == {"attendees", "singleValueExtendedProperties"}


def test_who_was_taken_out_in_outlook_is_not_invited_again(outlook, world):
    wanted = draft(attendees=((ANA, "Ana"), ("eve@mail.example", "Eve")))
    made = world.calendar.create(wanted)
    rest = [
        it
        for it in outlook.event(made.id)["attendees"]
        if it["emailAddress"]["address"] != "eve@mail.example"
    ]
    outlook.change(made.id, attendees=rest)

    there = world.calendar.event(made.id)
    world.calendar.change(there, replace(wanted, body="Phone: 2"))

    assert "eve@mail.example" not in attendees(outlook, made.id)


def test_event_that_agrees_already_is_not_written(outlook, world):
    wanted = draft(attendees=((ANA, "Ana"),))
    made = world.calendar.create(wanted)

    assert world.calendar.change(made, wanted) == made
    assert outlook.calls_to("PATCH", "*") == []


def test_event_of_an_earlier_version_gets_what_differs(outlook, world):
    wanted = draft(attendees=((ANA, "Ana"),))
    made = world.calendar.create(wanted)
    entry = outlook.entries[made.id]
    entry.properties = entry.properties[:1]

    world.calendar.change(made, replace(wanted, subject="Loan"))

    assert outlook.event(made.id)["subject"] == "Loan"
    assert ANA in attendees(outlook, made.id)
