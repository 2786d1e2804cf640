"""Compose a mail's contents in the reader's language, before rendering."""

import re
from datetime import datetime

from invo_booking.domain.appointment import Appointment, CancelledBy, Status
from invo_booking.domain.contact import phone_url
from invo_booking.domain.interval import Interval
from invo_booking.mail.facts import CANCEL, MOVE, OPEN, MailFacts, MailKind
from invo_booking.mail.letter_parts import Letter, LetterRow, Link, Tone
from invo_booking.mail.meeting import meeting_sentence
from invo_booking.mail.moments import Clock, mail_reader_clock
from invo_booking.mail.own_calendars import own_calendar_urls
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.words import Words, mail_words, readable_mail_locale

_GOOD = Tone("good", "#e0f3f0", "#0b6e62")
_WAIT = Tone("wait", "#fff0d6", "#8a5000")
_GONE = Tone("gone", "#f0f0f3", "#5b5f67")
_TONES = {
    MailKind.REQUESTED: _WAIT,
    MailKind.LIMIT: _WAIT,
    MailKind.CANCELLED: _GONE,
    MailKind.EXPIRED: _GONE,
    MailKind.LATE: _GONE,
    MailKind.WITHDRAWN: _GONE,
}
_OVER = frozenset(
    {MailKind.CANCELLED, MailKind.EXPIRED, MailKind.LATE, MailKind.WITHDRAWN}
)
_LEADS_TO_CALL = frozenset(
    {MailKind.CONFIRMED, MailKind.CHANGED, MailKind.AGENT, MailKind.REMINDER}
)
_IS_CHANGED_HERE = _LEADS_TO_CALL
"""Kinds of mails with links to move and to cancel the appointment."""

_LEADS_NOWHERE = frozenset({MailKind.LINKS, MailKind.WITHDRAWN})
_SAID_BY_WHOM = frozenset(CancelledBy) - {CancelledBy.LATE}
_ADDRESS_LIKE = re.compile(r"[/@:\\]|\.\w{2,}", re.UNICODE)


def mail_letter(kind: MailKind, facts: MailFacts) -> Letter:
    """Return the letter to the customer, in their language and zone."""
    return _LetterWriter(kind, facts).letter()


def letter_link_label(appointment: Appointment, agreed_zone: str) -> str:
    """Return the label of a link to this appointment, such as in a LINKS mail.

    For example ``"Mortgage advice, Tue, Nov 24, 10:15 AM"``, in the customer's language
    and zone. The time of a visit is in the branch's zone; the label names that zone if
    the customer's local time differs.

    Args:
        appointment: The appointment.
        agreed_zone: IANA name of the zone of the agreed time: the branch's for a visit,
            otherwise the institution's.
    """
    customer = appointment.customer
    locale = readable_mail_locale(customer.locale)
    topic = one_line_of_mail(appointment.title, 60)
    theirs = mail_reader_clock(customer.time_zone, locale, other_zone=agreed_zone)
    ours = mail_reader_clock(agreed_zone, locale)
    short = _short(ours if appointment.is_visit else theirs, appointment.starts_at)
    if appointment.is_visit and not ours.agrees(theirs, appointment.period):
        short = f"{short}, {ours.place(appointment.starts_at)}"
    return mail_words(locale.language).say("link", topic=topic, short=short)


class _LetterWriter:
    """Writes one letter."""

    def __init__(self, kind: MailKind, facts: MailFacts) -> None:
        customer = facts.appointment.customer
        locale = readable_mail_locale(customer.locale)
        self._kind = kind
        self._facts = facts
        self._words: Words = mail_words(locale.language)
        ours = facts.clock.key
        self._theirs = mail_reader_clock(customer.time_zone, locale, other_zone=ours)
        self._ours = mail_reader_clock(ours, locale)
        is_visit = facts.appointment.is_visit
        self._first = self._ours if is_visit else self._theirs
        self._second = self._theirs if is_visit else self._ours
        self._second_label = "there" if is_visit else "here"

    def letter(self) -> Letter:
        kind = self._kind
        opening = self._opening()
        return Letter(
            language=self._words.language,
            direction=self._theirs.locale.text_direction,
            subject=self._subject(),
            preview=opening[0],
            institution=self._institution,
            tone=_TONES.get(kind, _GOOD),
            mark=self._say(kind, "mark"),
            heading=self._say(kind, "heading"),
            greeting=self._greeting(),
            opening=opening,
            button=self._button(),
            links=self._links(),
            calendars=self._calendars(),
            rows=() if kind is MailKind.LINKS else self._rows(),
            closing=self._closing(),
            call=self._call(),
            footer=self._say("footer", institution=self._institution),
        )

    @property
    def _institution(self) -> str:
        return one_line_of_mail(self._facts.institution.name, 80)

    @property
    def _appointment(self) -> Appointment:
        return self._facts.appointment

    @property
    def _asks(self) -> MailKind:
        """The kind whose texts are used: REQUESTED for a moved request, else ``_kind``.

        The customer still has to confirm a moved request.
        """
        moved = self._kind is MailKind.CHANGED
        waits = self._appointment.status is Status.REQUESTED
        return MailKind.REQUESTED if moved and waits else self._kind

    def _say(self, *path: str, **values: str) -> str:
        return self._words.say(*path, **values)

    def _subject(self) -> str:
        subject = self._say(
            self._kind,
            "subject",
            topic=one_line_of_mail(self._appointment.title, 40),
            short=self._short(),
            institution=self._institution,
            agent=one_line_of_mail(self._facts.agent_name, 40),
        )
        return one_line_of_mail(subject, 120)

    def _short(self) -> str:
        period = self._appointment.period
        shown = self._as_mailed(period) if self._kind in _OVER else period
        return _short(self._first, shown.start)

    def _greeting(self) -> str:
        """Return a greeting, with the name only if the contact is verified.

        Anyone can type another person's address into the public form. So a name that
        somebody typed, such as ``free-money.example/win``, is never mailed to an
        unverified address.
        """
        name = one_line_of_mail(self._appointment.customer.name, 60)
        if not name or not self._appointment.is_proven or _ADDRESS_LIKE.search(name):
            return self._say("greeting_unnamed")
        return self._say("greeting", name=name)

    def _opening(self) -> tuple[str, ...]:
        if self._kind is MailKind.LINKS and not self._facts.links:
            return (self._say(self._kind, "none"),)
        by = self._appointment.cancelled_by
        variant = f"lead_{by}" if by in _SAID_BY_WHOM else ""
        lead = self._say(self._kind, variant) if variant else ""
        agent = one_line_of_mail(self._facts.agent_name, 80)
        lead = lead or self._say(self._asks, "lead", agent=agent)
        lead = f"{lead} {self._invitation()}".strip()
        return (lead, *self._other_agent(), *self._new_rules(), *self._deadline())

    def _invitation(self) -> str:
        """Say where the invitation is; empty if the mail has no invitation."""
        if not self._appointment.is_proven:
            return ""
        if self._facts.is_invited_by_host:
            return self._say(self._asks, "other_invitation")
        invitation = self._say(self._asks, "invitation")
        if not invitation or not self._facts.has_earlier_entry:
            return invitation
        return f"{invitation} {self._say('earlier_entry')}"

    def _other_agent(self) -> tuple[str, ...]:
        """Say who the new agent is if the change also concerned the agent."""
        before = one_line_of_mail(self._facts.previous_agent_name, 80)
        agent = one_line_of_mail(self._facts.agent_name, 80)
        if self._kind is not MailKind.CHANGED or before in {"", agent}:
            return ()
        variant = "other_agent" if agent else "no_agent"
        return (self._say(self._kind, variant, agent=agent, before=before),)

    def _new_rules(self) -> tuple[str, ...]:
        """Return a sentence if only a change of the zone's rules changed the time."""
        agreed, period = self._facts.agreed, self._appointment.period
        is_kept = self._facts.previous not in {None, period} and agreed == period
        if self._kind is not MailKind.CHANGED or not is_kept:
            return ()
        return (self._say(self._kind, "new_rules", institution=self._institution),)

    def _as_mailed(self, period: Interval) -> Interval:
        """Return the period whose wall time was mailed earlier, to show it again.

        The stored period has another wall time if the zone's rules have changed since.
        """
        agreed = self._facts.agreed
        is_same_clock = self._first.agrees(self._ours, period)
        return agreed if agreed and is_same_clock else period

    def _deadline(self) -> tuple[str, ...]:
        confirm_by = self._appointment.confirm_by
        asks = {MailKind.REQUESTED, MailKind.LIMIT}
        if self._asks not in asks or confirm_by is None:
            return ()
        deadline = self._theirs.time(confirm_by)
        if not self._theirs.same_day(self._appointment.requested_at, confirm_by):
            deadline = f"{self._theirs.day(confirm_by)}, {deadline}"
        zone = self._theirs.place(confirm_by)
        return (
            self._say(MailKind.REQUESTED, "deadline", deadline=deadline, zone=zone),
        )

    def _rows(self) -> tuple[LetterRow, ...]:
        rows = [self._when(), *self._elsewhere(), *self._was(), self._topic()]
        if self._kind not in _OVER:
            rows += [self._how(), *self._where(), *self._with()]
            rows += [*self._language(), *self._bring()]
        return tuple(row for row in (*rows, *self._reason()) if row.strong or row.more)

    def _when(self) -> LetterRow:
        period, is_over = self._appointment.period, self._kind in _OVER
        lines = _text_lines(self._first, self._as_mailed(period) if is_over else period)
        place = self._first.place(period.start)
        return LetterRow(self._label("when"), lines, (place,), not is_over)

    def _was(self) -> list[LetterRow]:
        previous = self._facts.previous
        if previous is None or self._as_mailed(previous) == self._appointment.period:
            return []
        text = ", ".join(_text_lines(self._first, self._as_mailed(previous)))
        return [LetterRow(self._label("was"), (), (text,), holds=False)]

    def _elsewhere(self) -> list[LetterRow]:
        """Return a row with the time in a second zone.

        The second zone is the customer's for a visit, otherwise the institution's. The
        list is empty if the local times in both zones are equal.
        """
        period = self._appointment.period
        if self._kind in _OVER or self._first.agrees(self._second, period):
            return []
        lines = _text_lines(self._second, period)
        if self._second.day(period.start) == self._first.day(period.start):
            lines = lines[1:]
        place = self._second.place(period.start)
        return [
            LetterRow(
                self._label(self._second_label), (), (", ".join((*lines, place)),)
            )
        ]

    def _topic(self) -> LetterRow:
        title = one_line_of_mail(self._appointment.title)
        return LetterRow(self._label("topic"), (title,) if title else ())

    def _how(self) -> LetterRow:
        more = meeting_sentence(self._facts)
        way = self._say("channels", self._appointment.channel)
        is_ours = self._facts.customer_calls and self._appointment.is_phone_call
        number = self._phone_link() if is_ours else ()
        return LetterRow(
            self._label("how"), (way,), (more,) if more else (), links=number
        )

    def _where(self) -> list[LetterRow]:
        branch = self._facts.branch
        if branch is None:
            return []
        about = (*branch.address_lines, branch.directions)
        more = tuple(one_line_of_mail(line, 500) for line in about if line)
        links = (
            *_link_if(self._say("map"), branch.map_url),
            *_link_if(one_line_of_mail(branch.phone), phone_url(branch.phone)),
        )
        name = one_line_of_mail(branch.name)
        return [LetterRow(self._label("where"), (name,), more, links=links)]

    def _button(self) -> Link | None:
        """Return the link for the main action, such as confirming or joining."""
        if self._kind in _LEADS_NOWHERE:
            return None
        if self._kind is MailKind.REMINDER and (room := self._room_link()):
            return room[0]
        urls = {MailKind.LIMIT: self._facts.limit_url} | dict.fromkeys(
            _OVER, self._facts.again_url
        )
        url = urls.get(self._kind) or self._facts.status_url
        return Link(self._say(self._asks, "button"), url)

    def _links(self) -> tuple[Link, ...]:
        facts, button = self._facts, self._button()
        listed = (Link(one_line_of_mail(label), url) for label, url in facts.links)
        ours = (*self._room_link(), *self._changes(), *listed)
        return tuple(it for it in ours if it != button)

    def _room_link(self) -> tuple[Link, ...]:
        """Return the link to a video call, in kinds of mails that announce the call."""
        if self._kind not in _LEADS_TO_CALL or not self._appointment.is_proven:
            return ()
        return _link_if(self._say("join"), self._facts.room_url)

    def _changes(self) -> tuple[Link, ...]:
        """Return links to the status page and to its forms to move and to cancel."""
        if self._kind not in _IS_CHANGED_HERE or not self._appointment.is_proven:
            return ()
        page = self._facts.status_url
        return (
            Link(self._say(self._asks, "button"), page),
            Link(self._say("move"), f"{page}?{OPEN}={MOVE}"),
            Link(self._say("cancel"), f"{page}?{OPEN}={CANCEL}"),
        )

    def _calendars(self) -> tuple[Link, ...]:
        """Return links that add the appointment to the reader's own calendar.

        These links are for readers whose mail program shows no invitation.
        """
        is_invited = self._kind is MailKind.CONFIRMED and self._appointment.is_proven
        if not is_invited or self._facts.is_invited_by_host:
            return ()
        urls = own_calendar_urls(self._facts)
        return tuple(Link(self._say("calendars", name), url) for name, url in urls)

    def _with(self) -> list[LetterRow]:
        name = one_line_of_mail(self._facts.agent_name, 80)
        return [LetterRow(self._label("with"), (name,))] if name else []

    def _language(self) -> list[LetterRow]:
        spoken = self._appointment.language
        name = self._theirs.language(spoken)
        if not name or spoken == self._words.language:
            return []
        return [LetterRow(self._label("language"), (name,))]

    def _bring(self) -> list[LetterRow]:
        documents = tuple(
            one_line_of_mail(document) for document in self._facts.documents
        )
        return [LetterRow(self._label("bring"), (), documents)] if documents else []

    def _reason(self) -> list[LetterRow]:
        reason = (
            one_line_of_mail(self._facts.reason, 500) if self._kind in _OVER else ""
        )
        return [LetterRow(self._label("reason"), (), (reason,))] if reason else []

    def _closing(self) -> tuple[str, ...]:
        after = ""
        if self._facts.room_url:
            after = self._say(self._asks, "after_video")
        elif self._facts.is_invited_by_host:
            after = self._say(self._asks, "after_other_invitation")
        return (after or self._say(self._asks, "after"),)

    def _call(self) -> tuple[str | Link, ...]:
        link = self._phone_link()
        phone = link[0] if link else self._phone
        return tuple(self._words.weave("call", phone=phone)) if phone else ()

    @property
    def _phone(self) -> str:
        return one_line_of_mail(self._facts.institution.phone, 40)

    def _phone_link(self) -> tuple[Link, ...]:
        return _link_if(self._phone, phone_url(self._phone))

    def _label(self, key: str) -> str:
        return self._say("labels", key)


def _link_if(label: str, url: str) -> tuple[Link, ...]:
    return (Link(label, url),) if label and url else ()


def _text_lines(wall: Clock, period: Interval) -> tuple[str, ...]:
    return (wall.day(period.start), wall.span(period))


def _short(wall: Clock, start: datetime) -> str:
    return f"{wall.short_day(start)}, {wall.time(start)}".replace("\u00a0", " ")
