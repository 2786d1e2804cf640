"""The test mail over HTTP."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.usecases.accounts import sessions
from tests.api.conftest import ORIGIN
from tests.support.bank import PASSWORD

OWN = {"origin": ORIGIN}
ADDRESS = "/api/v1/admin/mail/test"


@pytest.fixture
def administrator(api, bank):
    person = bank.agent("Grace", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    found = sessions.sign_in(bank.deps, person.email, PASSWORD)
    api.cookies.set("invo_session", found.token)
    return api


def test_test_mail_goes_to_whom_is_named_or_to_oneself(administrator, postbox):
    named = administrator.post(ADDRESS, json={"to": "it@bank.example"}, headers=OWN)
    own = administrator.post(ADDRESS, headers=OWN)

    assert named.status_code == own.status_code == 200
    assert "it@bank.example" in named.json()["detail"]
    assert [mail.to for mail in postbox.sent] == [
        "it@bank.example",
        "grace@bank.example",
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MailTemporaryError("Nothing listens there."), 503, "mail_later"),
        (MailPermanentError("No such user."), 422, "mail_refused"),
    ],
)
def test_refusal_of_the_mail_server_is_told(
    administrator, postbox, error, status, code
):
    postbox.refusal = error

    refused = administrator.post(ADDRESS, headers=OWN)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["detail"] == str(error)


def test_what_is_no_address_is_refused_beside_its_field(administrator, postbox):
    refused = administrator.post(ADDRESS, json={"to": "nobody"}, headers=OWN)

    assert refused.status_code == 422
    assert "to" in refused.json()["errors"]
    assert postbox.sent == []
