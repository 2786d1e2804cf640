"""RELIABILITY 85: nobody gives themselves, or keeps from others, the highest role.

``tests/usecases/test_staffing.py`` has the rules one by one; these are the doors.
"""

import pytest

from invo_booking.domain.access.roles import Role
from tests.api.conftest import api, kept_parts
from tests.api.test_admin_people import PEOPLE, body
from tests.api.test_staff import browser_of
from tests.support.bank import PASSWORD

__all__ = ["api", "kept_parts"]


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


@pytest.fixture
def root(bank):
    return bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)


def change(bank, person, *roles: Role) -> dict:
    """Return the form that gives somebody these roles and leaves all else."""
    email = {"name": person.name, "email": person.email, "version": 1}
    return body(bank, roles=[str(role) for role in roles], **email)


def refused(answer, because: str = "super admin") -> bool:
    return answer.status_code in {403, 422} and because in answer.text


def test_an_administrator_makes_no_super_admin_of_anybody(api, bank, ada):
    headers = browser_of(api, "ada")
    new = body(bank, name="Eve", email="eve@bank.example", roles=["super-admin"])
    raised = change(bank, ada, Role.ADMINISTRATOR, Role.SUPER_ADMIN)

    assert refused(api.post(PEOPLE, json=new, headers=headers))
    assert refused(api.put(f"{PEOPLE}/{ada.id}", json=raised, headers=headers))
    assert bank.actor(ada.id).roles == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("way", ["", "/disable", "/link"])
@pytest.mark.usefixtures("ada")
def test_an_administrator_takes_no_super_admins_account(api, bank, root, way):
    headers = browser_of(api, "ada")
    sent = {
        "": {"json": change(bank, root, Role.AGENT)},
        "/disable": {"json": {"version": 1}},
        "/link": {},
    }
    method = "POST" if way else "PUT"

    answer = api.request(
        method, f"{PEOPLE}/{root.id}{way}", headers=headers, **sent[way]
    )

    assert refused(answer), answer.text
    assert bank.actor(root.id).roles == {Role.SUPER_ADMIN}
    assert browser_of(api, "root")


def test_the_last_super_admin_does_not_leave(api, bank, root):
    headers = browser_of(api, "root")
    lowered = change(bank, root, Role.AGENT)

    put = api.put(f"{PEOPLE}/{root.id}", json=lowered, headers=headers)
    gone = api.post(f"{PEOPLE}/{root.id}/disable", json={"version": 1}, headers=headers)

    assert refused(put, "the last super admin"), put.text
    assert refused(gone, "your own account"), gone.text
    assert bank.actor(root.id).roles == {Role.SUPER_ADMIN}
