"""The demo's mailbox, filled by its real mail server in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from invo_booking.config import Config
from invo_booking.domain.errors import NotFoundError
from invo_booking.mail.mailbox import (
    demo_mailbox_folder,
    keep_demo_mail,
    list_demo_mails,
    read_demo_mail,
)
from invo_booking.mail.messages import MailKind, compose_mail
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.smtp import SmtpMailer

NOW = datetime(2026, 11, 22, 15, 4, 30, tzinfo=UTC)


@pytest.fixture
def demo(mail_config, unused_port) -> Iterator[Config]:
    """A demo whose mail server runs."""
    demo = mail_config(1, INVO_DEMO="true", INVO_DEMO_MAIL_PORT=str(unused_port))
    environment = {
        **os.environ,
        "INVO_DATA_DIR": str(demo.data_dir),
        "INVO_DEMO_MAIL_PORT": str(unused_port),
    }
    command = [sys.executable, "-m", "invo_booking.mail.demo_smtp"]
    with subprocess.Popen(command, env=environment) as process:
        wait_until_open(unused_port)
        yield demo
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("the demo mail server did not start")


def test_mail_sent_in_a_demo_can_be_read_in_its_mailbox(demo, appointment, facts):
    words = compose_mail(MailKind.CONFIRMED, facts(appointment()))
    mail = OutgoingMail(
        message_id="<1@invo-booking>",
        sender="appointments@harbor.example",
        sender_name="Harbor Federal Credit Union",
        reply_to="",
        to="ana@customer.example",
        subject=words.subject,
        text=words.text,
        html=words.html,
        ics=words.ics,
        ics_method=words.ics_method,
    )

    SmtpMailer(demo).send(mail)

    (line,) = list_demo_mails(demo_mailbox_folder(demo))
    opened = read_demo_mail(demo_mailbox_folder(demo), line.id)
    assert opened.to == "ana@customer.example"
    assert opened.sender == "Harbor Federal Credit Union <appointments@harbor.example>"
    assert opened.subject == words.subject
    assert opened.text.splitlines() == words.text.splitlines()
    assert opened.html.splitlines() == words.html.splitlines()
    assert opened.ics == words.ics


def test_newest_mails_come_first_and_the_oldest_make_room(tmp_path):
    for minute in range(5):
        content = f"Subject: {minute}\r\n\r\nHello".encode()
        keep_demo_mail(tmp_path, content, NOW + timedelta(minutes=minute), most=3)

    assert [line.subject for line in list_demo_mails(tmp_path)] == ["4", "3", "2"]
    assert [line.subject for line in list_demo_mails(tmp_path, limit=1)] == ["4"]
    assert list_demo_mails(tmp_path)[0].received_at == NOW + timedelta(minutes=4)


def test_mail_is_read_once_for_all_lists(tmp_path):
    identity = keep_demo_mail(tmp_path, b"Subject: first\r\n\r\nHello", NOW)
    listed = list_demo_mails(tmp_path)
    (tmp_path / f"{identity}.eml").write_bytes(b"Subject: other\r\n\r\nHello")

    assert list_demo_mails(tmp_path) == listed


def test_deleted_mail_is_listed_no_more(tmp_path):
    identity = keep_demo_mail(tmp_path, b"Subject: first\r\n\r\nHello", NOW)
    list_demo_mails(tmp_path)
    (tmp_path / f"{identity}.eml").unlink()

    assert list_demo_mails(tmp_path) == ()


@pytest.mark.parametrize(
    "name",
    ["../secret", "..", "", "a" * 32, "%2e%2e/secret", "/etc/passwd", "secret\0", "*"],
)
def test_name_that_is_no_mail_of_ours_opens_nothing(tmp_path, name):
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    folder = tmp_path / "mailbox"
    keep_demo_mail(folder, b"Subject: x\n\n", NOW)

    with pytest.raises(NotFoundError):
        read_demo_mail(folder, name)


def test_mail_that_is_gone_is_not_found(tmp_path):
    identity = keep_demo_mail(tmp_path, b"Subject: x\n\n", NOW)
    (tmp_path / f"{identity}.eml").unlink()

    with pytest.raises(NotFoundError):
        read_demo_mail(tmp_path, identity)


def test_folder_that_is_not_there_is_empty(tmp_path):
    assert list_demo_mails(tmp_path / "none") == ()


def test_half_written_mail_is_not_listed(tmp_path):
    identity = keep_demo_mail(tmp_path, b"Subject: x\n\n", NOW)
    (tmp_path / f"{identity}.eml").rename(tmp_path / f"{identity}.part")

    assert list_demo_mails(tmp_path) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n\xff<p>",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Subject: =?utf-8?q?=0D=0ABcc:_x?=\r\nFrom: <<>>,\r\n\r\n",
    ],
)
def test_damaged_mail_is_shown_as_far_as_it_goes(tmp_path, content):
    identity = keep_demo_mail(tmp_path, content, NOW)

    (line,) = list_demo_mails(tmp_path)
    assert read_demo_mail(tmp_path, identity).id == line.id
    assert "\n" not in line.subject
