"""Administrators change people, on a real database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    PasswordNeededError,
)
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.admin import inviting, staffing
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from tests.support.accounts import with_password_given
from tests.support.bank import PASSWORD, ZONE


@pytest.fixture
def root(bank):
    root = bank.agent("Root", roles=(Role.SUPER_ADMIN,), languages=())
    return with_password_given(root)


@pytest.fixture
def ada(bank):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    return with_password_given(ada)


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def draft(**more) -> PersonDraft:
    fields = {
        "name": "Ben Ode",
        "email": "ben@bank.example",
        "time_zone": ZONE,
        "roles": frozenset({Role.AGENT}),
    }
    return PersonDraft(**(fields | more))


def change(bank, by, person, **more):
    held = staffing.person_file(bank.deps, by, person.id)
    wanted = replace(held.draft, **more)
    return staffing.save_person(
        bank.deps, by, person.id, wanted, version=held.person.version
    )


def history(bank, person):
    with bank.deps.unit_of_work() as work:
        return work.audit.history(str(person.id))


def test_a_person_taken_on_serves_and_has_no_password_yet(bank, ada):
    hired = staffing.create_person(
        bank.deps, ada, draft(queues=frozenset({bank.queue_id}), languages={"en"})
    )

    assert bank.actor(hired.person_id).serves(bank.queue_id, "en")
    assert hired.is_invited
    assert hired.person_id in staffing.people_overview(bank.deps, ada).invited
    for password in ("", "wrong"):
        with pytest.raises(NotAllowedError):
            sessions.sign_in(bank.deps, "ben@bank.example", password)


@pytest.mark.usefixtures("ana")
def test_what_was_typed_wrongly_is_told_beside_each_field(bank, ada):
    wrong = draft(
        name=" ",
        email="ana@bank.example",
        time_zone="Mars/Olympus",
        roles=frozenset(),
        languages=frozenset({"xx"}),
        week=((0, time(17), time(9)),),
    )

    with pytest.raises(InvalidInputError) as refused:
        staffing.create_person(bank.deps, ada, wrong)

    assert set(refused.value.fields) == {
        "name",
        "email",
        "time_zone",
        "roles",
        "languages",
        "hours",
    }


def test_hours_exceptions_and_time_off_are_read_back_as_they_were_saved(bank, ada, ana):
    away = Absence(
        datetime(2026, 12, 21, 6, tzinfo=UTC),
        datetime(2027, 1, 1, 6, tzinfo=UTC),
        "Sea",
    )
    week = ((0, time(9), time(12)), (0, time(13), time(0)), (5, time(22), time(2)))
    days = ((date(2026, 11, 27), ()), (date(2026, 12, 1), ((time(8), time(9)),)))

    saved = change(bank, ada, ana, week=week, exceptions=days, absences=(away,))

    assert staffing.person_file(bank.deps, ada, ana.id) == saved
    assert saved.draft.week == (
        (0, time(9), time(12)),
        (0, time(13), time(0)),
        (5, time(22), time(0)),
        (6, time(0), time(2)),
    )
    assert saved.draft.exceptions == days
    assert saved.absences == (away,)


def test_the_trail_keeps_what_was_and_what_is_without_why_somebody_is_away(
    bank, ada, ana
):
    away = Absence(
        datetime(2026, 12, 21, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC), "Ill"
    )

    change(bank, ada, ana, name="Ana Ruiz", absences=(away,))

    last = history(bank, ana)[-1]
    assert (last.actor, last.action) == ("Ada", "changed")
    assert last.detail["before"] == {"name": "Ana", "time_off": []}
    assert last.detail["after"]["name"] == "Ana Ruiz"
    assert "Ill" not in str(last.detail)


def test_saving_what_is_already_so_changes_and_tells_nothing(bank, ada, ana):
    before = staffing.person_file(bank.deps, ada, ana.id)

    assert change(bank, ada, ana) == before
    assert history(bank, ana) == []


def test_of_two_administrators_the_later_one_is_told_who_was_first(bank, ada, ana):
    bea = bank.agent("Bea", roles=(Role.ADMINISTRATOR,))
    held = staffing.person_file(bank.deps, bea, ana.id)
    change(bank, ada, ana, name="Ana Ruiz")

    with pytest.raises(ConflictError, match="Ada changed Ana Ruiz in the meantime"):
        staffing.save_person(
            bank.deps, bea, ana.id, held.draft, version=held.person.version
        )


def test_only_a_super_admin_touches_a_super_admin(bank, ada, root):
    for attempt in (
        lambda: change(bank, ada, root, name="Toor"),
        lambda: inviting.send_password_link(bank.deps, ada, root.id),
        lambda: inviting.create_password_link(bank.deps, ada, root.id),
        lambda: staffing.set_person_active(
            bank.deps, ada, root.id, active=False, version=1
        ),
    ):
        with pytest.raises(NotAllowedError, match="Only a super admin"):
            attempt()


def test_only_a_super_admin_makes_super_admins(bank, ada, ana, root):
    both = frozenset({Role.AGENT, Role.SUPER_ADMIN})

    with pytest.raises(InvalidInputError, match="Only a super admin can make"):
        change(bank, ada, ana, roles=both)
    with pytest.raises(InvalidInputError, match="Only a super admin can make"):
        staffing.create_person(bank.deps, ada, draft(roles=both))

    assert change(bank, root, ana, roles=both).person.roles == both


def test_nobody_raises_the_own_role(bank, ada):
    with pytest.raises(InvalidInputError):
        change(bank, ada, ada, roles=frozenset(Role))

    lower = frozenset({Role.ADMINISTRATOR, Role.AGENT})
    assert change(bank, ada, ada, roles=lower).person.roles == lower


def test_the_last_super_admin_is_neither_demoted_nor_disabled(bank, root):
    with pytest.raises(InvalidInputError, match="the last super admin"):
        change(bank, root, root, roles=frozenset({Role.MANAGER}))
    with pytest.raises(InvalidInputError, match="cannot disable your own"):
        staffing.set_person_active(bank.deps, root, root.id, active=False, version=1)

    second = bank.agent("Second", roles=(Role.SUPER_ADMIN,))
    change(bank, root, second, active=False)
    with pytest.raises(InvalidInputError, match="the last super admin"):
        change(bank, root, root, roles=frozenset({Role.MANAGER}))


def test_disabling_ends_every_session_at_once(bank, ada, ana):
    token = sessions.sign_in(bank.deps, "ana@bank.example", PASSWORD).token

    change(bank, ada, ana, active=False)

    assert sessions.actor_of_session(bank.deps, token) is None
    assert history(bank, ana)[-1].action == "disabled"
    change(bank, ada, ana, active=True)
    assert sessions.actor_of_session(bank.deps, token) is None


def test_an_open_session_has_new_roles_at_the_next_question(bank, ada, ana):
    token = sessions.sign_in(bank.deps, "ana@bank.example", PASSWORD).token

    change(bank, ada, ana, roles=frozenset({Role.MANAGER}))

    found = sessions.actor_of_session(bank.deps, token)
    assert found is not None
    assert found.oversees


def test_only_administrators_see_and_change_people(bank, ana, root):
    manager = bank.manager("Max")
    for by in (ana, manager):
        for attempt in (
            lambda by=by: staffing.people_overview(bank.deps, by),
            lambda by=by: staffing.person_file(bank.deps, by, root.id),
            lambda by=by: staffing.create_person(bank.deps, by, draft()),
            lambda by=by: staffing.save_person(
                bank.deps, by, by.id, draft(), version=1
            ),
            lambda by=by: inviting.send_password_link(bank.deps, by, by.id),
            lambda by=by: inviting.create_password_link(bank.deps, by, by.id),
        ):
            with pytest.raises(NotAllowedError):
                attempt()


def test_nobody_is_nobody(bank, ada):
    with pytest.raises(NotFoundError):
        staffing.person_file(bank.deps, ada, bank.queue_id)


BY_POWER = {
    "a role": {"roles": frozenset({Role.AGENT, Role.MANAGER})},
    "another address": {"email": "eve@bank.example"},
}


@pytest.mark.parametrize("more", BY_POWER.values(), ids=BY_POWER)
def test_letting_somebody_do_more_needs_the_own_password(bank, ada, ana, more):
    at_an_open_session = replace(ada, gave_password=False)

    with pytest.raises(PasswordNeededError):
        change(bank, at_an_open_session, ana, **more)

    assert bank.actor(ana.id) == ana
    change(bank, ada, ana, **more)
    assert bank.actor(ana.id) != ana


def test_letting_somebody_in_needs_the_own_password(bank, ada, ana):
    at_an_open_session = replace(ada, gave_password=False)
    change(bank, at_an_open_session, ana, active=False)

    for attempt in (
        lambda: change(bank, at_an_open_session, ana, active=True),
        lambda: staffing.create_person(bank.deps, at_an_open_session, draft()),
    ):
        with pytest.raises(PasswordNeededError):
            attempt()
    change(bank, ada, ana, active=True)
    with pytest.raises(PasswordNeededError):
        inviting.send_password_link(bank.deps, at_an_open_session, ana.id)


def test_what_lets_nobody_in_needs_no_password(bank, ada, ana):
    at_an_open_session = replace(ada, gave_password=False)

    saved = change(bank, at_an_open_session, ana, name="Ana Ruiz", queues=frozenset())

    assert saved.person.name == "Ana Ruiz"
