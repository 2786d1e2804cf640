"""Mail through the server an administrator chose, and what a test mail tells."""

import ssl
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select, update

from invo_booking.domain.errors import (
    InvalidInputError,
    MailTemporaryError,
    NotAllowedError,
)
from invo_booking.mail.deadline import Deadline
from invo_booking.mail.server import (
    MailServer,
    PrivateHostError,
    connect_to_mail_server,
)
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.persistence.tables.core import OutboxRow
from invo_booking.run.lookup import is_public_address
from invo_booking.settings import mailer
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared.mailing import send_test_mail
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.servers import free_port


@pytest.fixture
def inside(deps):
    """Parts of a deployment whose operator lets mail servers stand inside."""
    config = deps.config.model_copy(update={"allow_private_hosts": True})
    return replace(deps, config=config, mailer=SmtpMailer(config))


def choose(deps, actor, **texts) -> None:
    known = {"server": "127.0.0.1", "security": "none"} | texts
    save_settings(
        deps, actor, {f"mailer.{k}": SettingEdit(text=v) for k, v in known.items()}
    )


def received(server):
    return [message_from_bytes(e.content, policy=default) for e in server.received]


def ids(server):
    return [message["Message-ID"] for message in received(server)]


def test_message_id_is_in_the_sender_s_domain_and_stays(
    bank, inside, grace, mail_server
):
    bank.agent()
    choose(inside, grace, port=str(free_port()), sender_address="us@bank.example")
    booking.request_appointment(inside, bank.request(at(12)), idempotency_key="a" * 9)
    delivery.deliver_due_mails(inside)
    with inside.unit_of_work() as work:
        (stored,) = work.session.exec(select(OutboxRow.message_id)).all()
    bank.clock.advance(timedelta(minutes=5))

    choose(inside, grace, port=str(mail_server.port))
    assert delivery.deliver_due_mails(inside).sent == 1
    send_test_mail(inside, grace)

    assert ids(mail_server)[0] == f"<{stored}@bank.example>"
    assert {it.rpartition("@")[2] for it in ids(mail_server)} == {"bank.example>"}


def test_mail_promised_by_an_older_version_keeps_its_message_id(
    bank, inside, grace, mail_server
):
    bank.agent()
    choose(inside, grace, port=str(mail_server.port), sender_address="us@bank.example")
    booking.request_appointment(inside, bank.request(at(12)), idempotency_key="a" * 9)
    with inside.unit_of_work() as work:
        work.session.exec(update(OutboxRow).values(message_id="<1@invo-booking>"))

    delivery.deliver_due_mails(inside)

    assert ids(mail_server) == ["<1@invo-booking>"]


def test_next_mail_goes_through_the_server_just_chosen(
    bank, inside, grace, mail_server
):
    bank.agent()
    booking.request_appointment(inside, bank.request(at(12)), idempotency_key="a" * 9)
    assert delivery.deliver_due_mails(inside).sent == 0, (
        "nobody listens at the operator's server"
    )

    choose(inside, grace, port=str(mail_server.port), sender_address="new@bank.example")
    booking.request_appointment(
        inside, bank.request(at(14), email="zoe@example.com"), idempotency_key="b" * 9
    )
    assert delivery.deliver_due_mails(inside).sent == 1

    (mail,) = received(mail_server)
    assert mail["From"].addresses[0].addr_spec == "new@bank.example"
    assert mail["To"] == "zoe@example.com"


def test_test_mail_goes_to_the_administrator_as_customers_would_get_it(
    inside, grace, mail_server
):
    choose(inside, grace, port=str(mail_server.port), reply_to="help@bank.example")

    told = send_test_mail(inside, grace)

    assert "grace@bank.example" in told
    (mail,) = received(mail_server)
    assert mail["To"] == "grace@bank.example"
    assert mail["Reply-To"] == "help@bank.example"
    assert mail["From"].addresses[0].display_name == "Test Bank"
    assert "Grace sent it" in mail.get_content()


def test_only_administrators_send_test_mails(bank, inside, mail_server):
    with pytest.raises(NotAllowedError):
        send_test_mail(inside, bank.manager())

    assert mail_server.received == []


@pytest.mark.parametrize("to", ["nobody", "a@b.example, c@d.example", "a@b\r\nBcc: c"])
def test_test_mail_goes_to_one_address_only(inside, grace, to):
    with pytest.raises(InvalidInputError) as refused:
        send_test_mail(inside, grace, to)

    assert refused.value.fields["to"]


def told(deps, actor) -> str:
    with pytest.raises(MailTemporaryError) as error:
        send_test_mail(deps, actor)
    return str(error.value)


def test_each_failure_says_what_to_check(
    inside, grace, mail_server, sealed_server, certificate
):
    port, sealed = str(mail_server.port), str(sealed_server.port)

    choose(inside, grace, server="no-such-server.invalid")
    assert "the name no-such-server.invalid was not found" in told(inside, grace)
    choose(inside, grace, port=str(free_port()))
    assert "nothing listens at 127.0.0.1, port" in told(inside, grace)
    choose(inside, grace, port=port, security="starttls")
    assert "does not offer STARTTLS" in told(inside, grace)
    choose(inside, grace, port=port, security="tls")
    assert "does not answer over TLS" in told(inside, grace)
    choose(inside, grace, port=sealed, security="starttls")
    assert "certificate cannot be trusted, because no trusted" in told(inside, grace)
    trust = ssl.create_default_context(cafile=str(certificate.public))
    trusting = replace(inside, mailer=SmtpMailer(inside.config, trust=trust))
    assert "it belongs to another server" in told(trusting, grace)
    choose(
        trusting,
        grace,
        server="localhost",
        port=sealed,
        security="starttls",
        user="bank",
        password="wrong",
    )
    assert "refused the user or the password" in told(trusting, grace) or (
        "does not allow sign-in" in told(trusting, grace)
    )
    choose(inside, grace, port=port, security="none", user="", password="")
    mail_server.answers["MAIL"] = "550 Not from you"
    assert "mail from the sender address: 550 Not from you" in told(inside, grace)
    assert mail_server.received == []


def test_greeting_goes_as_far_as_signing_in_and_sends_nothing(inside, mail_server):
    there = MailServer(host="127.0.0.1", port=mail_server.port)
    inside.mailer.greet(there)

    with pytest.raises(MailTemporaryError, match="does not allow sign-in"):
        inside.mailer.greet(replace(there, user="bank", password="hidden"))
    assert mail_server.received == []


def test_server_inside_the_own_network_is_not_called(deps, grace, mail_server):
    careful = replace(deps, mailer=SmtpMailer(deps.config))
    for name in ("127.0.0.1", "localhost"):
        choose(careful, grace, server=name, port=str(mail_server.port))
        assert "is on the internal network" in told(careful, grace)

    assert mail_server.received == []


def test_password_that_cannot_be_opened_is_said_and_mail_waits(
    bank, inside, grace, mail_server
):
    choose(inside, grace, port=str(mail_server.port), password="hidden")
    with inside.unit_of_work() as work:
        work.stored_settings.put(mailer.PASSWORD.key, "test:AAAA", "x", inside.now())
        work.publish_roster_change()

    assert "cannot be opened. Enter it again" in told(inside, grace)
    bank.agent()
    booking.request_appointment(inside, bank.request(at(12)), idempotency_key="a" * 9)
    assert delivery.deliver_due_mails(inside).sent == 0
    with inside.unit_of_work() as work:
        assert work.outbox.count("open") == 1


def test_demo_mail_stays_in_the_demo_whatever_the_settings_say(
    deps, grace, mail_server, unused_port
):
    config = deps.config.model_copy(
        update={
            "demo": True,
            "demo_mail_port": unused_port,
            "allow_private_hosts": True,
        }
    )
    demo = replace(deps, config=config, mailer=SmtpMailer(config))
    choose(demo, grace, port=str(mail_server.port))

    assert f"port {unused_port}" in told(demo, grace)
    assert mail_server.received == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # the address itself is what is judged
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_of_the_own_network_are_not_public(address):
    assert not is_public_address(address)


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7"))
def test_nobody_is_sent_into_the_own_network(address):
    server = MailServer(host=str(address), port=25, anywhere=False)

    with pytest.raises(PrivateHostError):
        connect_to_mail_server(server, 0.01, Deadline(5))


def test_addresses_of_the_internet_are_public():
    assert is_public_address("8.8.8.8")
    assert is_public_address("2606:4700::1111")
    assert is_public_address("::ffff:8.8.8.8")
