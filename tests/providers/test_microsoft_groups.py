"""The group whose calendar hosts appointments, as Microsoft has groups."""

import pytest

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
)
from tests.providers.contract import opened
from tests.providers.test_microsoft_calendar import TEN_TO_ELEVEN, TODAY, draft, world

__all__ = ["world"]


def test_group_that_is_new_says_that_it_takes_some_minutes(outlook):
    outlook.new_group_hides = 2
    made = opened(outlook).create_host("Invo Booking")
    calendar = opened(outlook, made.id)

    with pytest.raises(ProviderDownError, match="takes some minutes"):
        calendar.create(draft())
    with pytest.raises(ProviderDownError, match="takes some minutes"):
        calendar.events(TODAY)

    assert calendar.create(draft()).period == TEN_TO_ELEVEN


def test_group_that_is_new_and_not_found_is_not_ready_yet(outlook):
    outlook.new_group_absent = 5  # the first is asked when it is made
    made = opened(outlook).create_host("Invo Booking")
    calendar = opened(outlook, made.id, is_new=True)

    with pytest.raises(ProviderDownError, match="does not show the group"):
        calendar.events(TODAY)
    bad = [it.sentence for it in calendar.check() if not it.ok]
    assert ["does not show the group" in it for it in bad] == [True]

    assert calendar.create(draft()).period == TEN_TO_ELEVEN


def test_mailbox_that_is_away_does_not_look_like_deleted_events(outlook, world):
    written = world.calendar.create(draft())
    outlook.group_of[world.group].hides = 10

    for ask in (world.calendar.event, world.calendar.cancel):
        with pytest.raises(ProviderDownError):
            ask(written.id)


def test_deleted_group_needs_a_person(outlook, world):
    written = world.calendar.create(draft())
    outlook.delete_group(world.group)

    with pytest.raises(PermissionMissingError, match="does not exist any more"):
        world.calendar.events(TODAY)
    with pytest.raises(PermissionMissingError, match="does not exist any more"):
        world.calendar.event(written.id)


def test_without_a_host_there_is_nowhere_to_write(outlook):
    with pytest.raises(ProviderRefusedError, match="No host calendar is chosen"):
        opened(outlook).create(draft())


def test_hosts_are_the_groups_the_account_has_joined_or_owns(outlook):
    mine = outlook.group("Appointments")
    joined = outlook.group(
        "Branch", owners=("eve@bank.example",), members=("scheduling@bank.example",)
    )
    outlook.group("Secret", owners=("eve@bank.example",))

    owned = outlook.group("Videos", members=())

    found = opened(outlook).hosts()

    assert [(host.id, host.is_owner, host.is_member) for host in found] == [
        (mine, True, True),
        (joined, False, True),
        (owned, True, False),
    ]
    assert found[0].address == "appointments@bank.example"


def test_group_made_here_can_be_written_to_by_its_maker(outlook):
    made = opened(outlook).create_host("Invo Booking")
    calendar = opened(outlook, made.id)

    assert (made.is_owner, made.is_member) == (True, True)
    assert calendar.create(draft()).period == TEN_TO_ELEVEN
    assert [it.name for it in calendar.check() if not it.ok] == []


@pytest.mark.parametrize("name", ["Termine für Kund:innen", "予約", "  ", "a" * 200])
def test_group_may_have_any_name(outlook, name):
    calendar = opened(outlook)

    made = [calendar.create_host(name).id for _ in range(2)]

    assert len(set(made)) == 2


def test_tenant_where_few_may_make_groups_is_told_how_to_go_on(outlook):
    outlook.may_make_groups = False

    with pytest.raises(PermissionMissingError, match="let only some people"):
        opened(outlook).create_host("Invo Booking")


@pytest.mark.parametrize(
    ("code", "told"),
    [("ContainsBlockedWord", "a word of this"), ("MissingPrefixSuffix", "policy")],
)
def test_name_that_breaks_a_policy_is_named_as_that(outlook, code, told):
    outlook.name_trouble = code

    with pytest.raises(ProviderRefusedError, match=told):
        opened(outlook).create_host("Payroll")


def test_account_that_does_not_own_the_group_is_found(outlook):
    group = outlook.group(
        owners=("eve@bank.example",), members=("scheduling@bank.example",)
    )

    bad = [it for it in opened(outlook, group).check() if not it.ok]

    assert [it.name for it in bad] == ["Owner of the host calendar"]


def test_account_that_has_not_joined_the_group_is_found(outlook):
    group = outlook.group(owners=("eve@bank.example",))

    bad = [it.name for it in opened(outlook, group).check() if not it.ok]

    assert bad == [
        "Host calendar",
        "Member of the host calendar",
        "Owner of the host calendar",
    ]


def test_owner_who_has_not_joined_the_group_is_told_to_join(outlook):
    group = outlook.group(members=())

    bad = {it.name: it.sentence for it in opened(outlook, group).check() if not it.ok}

    assert list(bad) == ["Host calendar", "Member of the host calendar"]
    assert "Add it to the group as a member" in bad["Member of the host calendar"]


def test_new_group_takes_the_answers_of_customers(outlook):
    made = opened(outlook).create_host("Appointments")

    assert outlook.group_of[made.id].fields["allowExternalSenders"] is True
    assert "can accept and decline" in answers_of_customers(outlook, made.id)


def test_group_is_made_even_if_it_takes_no_mail_from_outside(outlook):
    outlook.misbehave("PATCH", "/groups/*", status=403)

    made = opened(outlook).create_host("Appointments")

    assert "their answers bounce" in answers_of_customers(outlook, made.id)


def answers_of_customers(outlook, group):
    findings = opened(outlook, group).check()
    return next(it.sentence for it in findings if it.name == "Answers of customers")
