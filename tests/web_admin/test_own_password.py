"""Whoever only sits at an open session lets nobody in."""

from invo_booking.domain.access.roles import Role
from invo_booking.web.admin.people.person_state import PersonState
from tests.support.bank import PASSWORD
from tests.web_admin.test_people_page import (
    ada,
    ana,
    open_person,
    stored,
    typed,
)

__all__ = ["ada", "ana", "open_person"]


def made_manager(bank):
    return typed(bank) | {"role-manager": "on"}


def test_a_role_is_given_only_with_the_own_password_and_the_page_keeps_none(
    bank, ada, ana, open_person
):
    page = open_person(ana)

    page.send(PersonState, "submit_form", made_manager(bank))
    assert page.see(PersonState).is_asking
    assert stored(bank, ada, ana).person.roles == {Role.AGENT}
    for wrong in ({}, {"password": "a wrong password"}, {"password": ["x"]}):
        page.send(PersonState, "submit_own_password", wrong)
        assert page.see(PersonState).is_asking
        assert page.see(PersonState).password_problem
    page.send(PersonState, "submit_own_password", {"password": PASSWORD})

    seen = page.see(PersonState)
    assert (seen.is_asking, seen.done) == (False, "Ana is saved.")
    assert stored(bank, ada, ana).person.roles == {Role.AGENT, Role.MANAGER}
    assert PASSWORD not in str(vars(seen))


def test_a_password_nobody_asked_for_saves_nothing(bank, ada, ana, open_person):
    page = open_person(ana)

    page.send(PersonState, "submit_form", made_manager(bank))
    page.send(PersonState, "cancel_own_password")
    page.send(PersonState, "submit_own_password", {"password": PASSWORD})

    assert not page.see(PersonState).is_asking
    assert stored(bank, ada, ana).person.roles == {Role.AGENT}


def test_a_link_is_sent_only_with_the_own_password(ana, open_person):
    page = open_person(ana)

    page.send(PersonState, "send_link", "press")
    assert (page.see(PersonState).is_asking, page.see(PersonState).done) == (True, "")
    page.send(PersonState, "submit_own_password", {"password": PASSWORD})

    assert ana.email in page.see(PersonState).done
    assert not page.see(PersonState).is_asking
