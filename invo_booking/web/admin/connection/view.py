"""The steps and the state of a provider's connection, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from babel.dates import format_date

from invo_booking.domain.access.roles import Actor, has_any_role
from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import ConnectionFinding, Permission
from invo_booking.settings import calendars
from invo_booking.texts import count, say
from invo_booking.usecases.calendars.connections import ConnectionPanel
from invo_booking.web.admin.connection.host_views import (
    HostKindView,
    host_kind_views,
)
from invo_booking.web.admin.connection.provider_words import (
    HOSTED,
    HOSTED_OWN,
    NOT_OWNER,
    ProviderWords,
    provider_words,
)
from invo_booking.web.admin.connection.unread_view import (
    UnreadAgentView,
    unread_calendar_views,
)
from invo_booking.web.admin.setting_words import setting_change_time_text
from invo_booking.web.kit.text.words import ViewerContext

OK, BAD, WAIT = "ok", "bad", "wait"
MINUTE = timedelta(minutes=1)
SOON = timedelta(days=60)
"""The panel shows a warning if the client secret expires within this time."""

STATES = {
    ConnectionState.CONNECTED: (OK, "connection.state.connected"),
    ConnectionState.RECONNECT: (BAD, "connection.state.reconnect"),
    ConnectionState.PERMISSION: (BAD, "connection.state.permission"),
    ConnectionState.THROTTLED: (WAIT, "connection.state.throttled"),
    ConnectionState.DOWN: (WAIT, "connection.state.down"),
    ConnectionState.DISCONNECTED: (WAIT, "connection.state.disconnected"),
}


@dataclass
class ConnectionStepView:
    """One step of connecting a provider.

    Attributes:
        light: ``"ok"``, ``"bad"`` or ``"wait"``.
        word: The meaning of the light in a word.
    """

    light: str = WAIT
    word: str = ""
    sentence: str = ""


@dataclass
class PermissionView:
    """A permission at the provider."""

    name: str
    purpose: str
    light: str
    word: str


@dataclass
class ConnectionFactView:
    """A labeled fact about the connection."""

    name: str
    said: str


@dataclass
class FindingView:
    """The result of one check."""

    name: str
    light: str
    word: str
    sentence: str


@dataclass
class AddonView:
    """The contents of the panel, which is drawn only if ``is_shown``.

    Attributes:
        trouble: Why the connection does not work; empty if it works.
        consent: URL at which the provider's administrator gives consent; empty if no
            permission is missing, or if people give consent when they sign in.
        warning: Warning that the client secret expires soon; may be empty.
        removals: Sentence about events that could not be removed; may be empty.
        host_kinds: Kinds of host calendar; empty if the provider has only one kind.
    """

    is_shown: bool = False
    words: ProviderWords = field(default_factory=ProviderWords)
    is_ready: bool = False
    is_connected: bool = False
    may_switch: bool = False
    light: str = WAIT
    word: str = ""
    trouble: str = ""
    warning: str = ""
    removals: str = ""
    redirect: str = ""
    consent: str = ""
    host: str = ""
    registered: ConnectionStepView = field(default_factory=ConnectionStepView)
    host_kind: ConnectionStepView = field(default_factory=ConnectionStepView)
    host_kinds: list[HostKindView] = field(default_factory=list[HostKindView])
    signed_in: ConnectionStepView = field(default_factory=ConnectionStepView)
    allowed: ConnectionStepView = field(default_factory=ConnectionStepView)
    hosted: ConnectionStepView = field(default_factory=ConnectionStepView)
    permissions: list[PermissionView] = field(default_factory=list[PermissionView])
    facts: list[ConnectionFactView] = field(default_factory=list[ConnectionFactView])
    unknown: list[str] = field(default_factory=list[str])
    unread: list[UnreadAgentView] = field(default_factory=list[UnreadAgentView])
    unread_heading: str = ""


def connection_panel_view(
    panel: ConnectionPanel, actor: Actor, viewer: ViewerContext
) -> AddonView:
    """Return the panel, which is hidden if the provider in use has no panel."""
    link = panel.connection
    words = provider_words(link.provider if link else panel.provider, panel.host_kind)
    if words is None:
        return AddonView()
    light, word = _state_light(link, words)
    lacking = [one for one in panel.permissions if not one.granted]
    return AddonView(
        is_shown=True,
        words=words,
        is_ready=panel.is_ready,
        is_connected=link is not None,
        may_switch=has_any_role(actor, calendars.PRIMARY_PROVIDER.changeable_by),
        light=light,
        word=word,
        trouble=_trouble_sentence(link, viewer),
        warning=_expiry_warning(panel.secret_ends, words, viewer),
        removals=panel.removal_problem,
        redirect=panel.redirect_uri,
        consent=panel.consent_url if lacking else "",
        host=link.host.id if link and link.host else "",
        registered=_registration_step(panel, words),
        host_kind=ConnectionStepView(
            OK, say("connection.word.passed"), say("connection.host_kind.lead")
        ),
        host_kinds=host_kind_views(words.provider, panel.host_kind),
        signed_in=_sign_in_step(link, words),
        allowed=_permission_step(link, panel.permissions, words),
        hosted=_host_step(link, words),
        permissions=[_permission_view(one) for one in panel.permissions]
        if link
        else [],
        facts=_fact_views(panel, link, viewer) if link else [],
        unknown=list(panel.unknown_agents),
        unread=unread_calendar_views(panel.unread_agents, viewer),
        unread_heading=count("connection.unread.heading", len(panel.unread_agents)),
    )


def connection_finding_views(
    findings: Sequence[ConnectionFinding],
) -> list[FindingView]:
    """Return the results of a test, each with its light."""
    return [
        FindingView(
            one.name,
            OK if one.ok else BAD,
            say("connection.word.passed") if one.ok else say("connection.word.failed"),
            one.sentence,
        )
        for one in findings
    ]


def connection_findings_summary(findings: Sequence[ConnectionFinding]) -> str:
    """Return a one-sentence summary of a test."""
    failed = sum(not one.ok for one in findings)
    if len(findings) == 1:
        return say("connection.test.failed") if failed else say("connection.test.works")
    if not failed:
        return say("connection.test.all_passed", count=len(findings))
    return say("connection.test.some_failed", failed=failed, count=len(findings))


def _state_light(link: Connection | None, words: ProviderWords) -> tuple[str, str]:
    """Return the light of a connection, and its meaning in a word."""
    if link is None:
        return WAIT, say("connection.state.not_connected")
    if words.is_server and link.state is ConnectionState.RECONNECT:
        return BAD, say("connection.server.check")
    light, word = STATES[link.state]
    return light, say(word)


def _registration_step(
    panel: ConnectionPanel, words: ProviderWords
) -> ConnectionStepView:
    if panel.is_ready:
        return ConnectionStepView(OK, say("connection.word.passed"), words.registered)
    missing = _list_text(panel.missing_fields)
    return ConnectionStepView(
        BAD,
        say("connection.word.missing"),
        say("connection.registered.missing", fields=missing, provider=words.label),
    )


def _sign_in_step(link: Connection | None, words: ProviderWords) -> ConnectionStepView:
    if link is None:
        return ConnectionStepView(
            WAIT, say("connection.word.waiting"), words.sign_in_lead
        )
    name = f"{link.account_name}, {link.account}" if link.account_name else link.account
    if link.state is ConnectionState.RECONNECT:
        return ConnectionStepView(*_state_light(link, words), name)
    return ConnectionStepView(OK, say("connection.word.passed"), name)


def _permission_step(
    link: Connection | None, needed: Sequence[Permission], words: ProviderWords
) -> ConnectionStepView:
    if link is None:
        return ConnectionStepView(
            WAIT,
            say("connection.word.waiting"),
            say("connection.permissions.later", vendor=words.vendor),
        )
    granted = sum(one.granted for one in needed)
    if granted == len(needed):
        return ConnectionStepView(
            OK,
            say("connection.word.passed"),
            say("connection.permissions.done", vendor=words.vendor),
        )
    return ConnectionStepView(
        BAD,
        say("connection.permissions.some", granted=granted, needed=len(needed)),
        words.consent,
    )


def _host_step(link: Connection | None, words: ProviderWords) -> ConnectionStepView:
    if link is None:
        return ConnectionStepView(
            WAIT, say("connection.word.waiting"), words.host_later
        )
    host = link.host
    if host is None:
        return ConnectionStepView(
            BAD, say("connection.word.missing"), words.host_missing
        )
    account = link.account_name or link.account
    hosted = HOSTED_OWN if host.is_own else HOSTED
    role = say(hosted[words.provider], name=host.name, account=account)
    if host.is_owner is False:
        return ConnectionStepView(
            WAIT,
            say("connection.host.not_owner"),
            say(NOT_OWNER[words.provider], told=role, account=link.account),
        )
    return ConnectionStepView(OK, say("connection.word.passed"), role)


def _permission_view(one: Permission) -> PermissionView:
    light, word = (
        (OK, say("connection.word.granted"))
        if one.granted
        else (BAD, say("connection.word.missing"))
    )
    return PermissionView(one.name, one.purpose, light, word)


def _fact_views(
    panel: ConnectionPanel, link: Connection, viewer: ViewerContext
) -> list[ConnectionFactView]:
    facts = [
        ConnectionFactView(
            say("connection.fact.read"), _read_text(panel.last_success, viewer)
        ),
        ConnectionFactView(
            say("connection.fact.next"),
            time_until_poll(_next_read_at(panel, link), viewer),
        ),
        ConnectionFactView(say("connection.fact.by"), _connection_text(link, viewer)),
    ]
    if link.host:
        facts.append(
            ConnectionFactView(
                say("connection.fact.invitations"), link.host.address or link.host.name
            )
        )
    if panel.waiting_writes:
        facts.append(
            ConnectionFactView(
                say("connection.fact.waiting"), str(panel.waiting_writes)
            )
        )
    if panel.conflicts:
        facts.append(
            ConnectionFactView(say("connection.fact.conflicts"), str(panel.conflicts))
        )
    if link.unreadable:
        facts.append(
            ConnectionFactView(say("connection.fact.unreadable"), link.unreadable)
        )
    if panel.secret_ends:
        facts.append(
            ConnectionFactView(
                say("connection.fact.secret"), _date_text(panel.secret_ends, viewer)
            )
        )
    return facts


def time_until_poll(at: datetime | None, viewer: ViewerContext) -> str:
    """Return the time until an instant, as in ``in 3 minutes``."""
    if at is None:
        return say("connection.ahead.never")
    minutes = -(-(at - viewer.now) // MINUTE)
    if minutes < 1:
        return say("connection.ahead.now")
    if minutes == 1:
        return say("connection.ahead.minute")
    return say("connection.ahead.minutes", minutes=minutes)


def _next_read_at(panel: ConnectionPanel, link: Connection) -> datetime | None:
    known = [at for at in (panel.next_run_at, link.paused_until) if at]
    return max(known) if known else None


def _read_text(at: datetime | None, viewer: ViewerContext) -> str:
    return setting_change_time_text(at, viewer) if at else say("connection.not_read")


def _connection_text(link: Connection, viewer: ViewerContext) -> str:
    who = link.connected_by or link.account
    return f"{who}, {setting_change_time_text(link.connected_at, viewer)}"


def _trouble_sentence(link: Connection | None, viewer: ViewerContext) -> str:
    if link is None or not link.problem:
        return ""
    if link.paused_until and link.is_paused(viewer.now):
        return say(
            "connection.paused",
            problem=link.problem,
            ahead=time_until_poll(link.paused_until, viewer),
        )
    return link.problem


def _expiry_warning(
    ends: date | None, words: ProviderWords, viewer: ViewerContext
) -> str:
    if ends is None or ends - viewer.today > SOON:
        return ""
    vendor = words.vendor
    if ends < viewer.today:
        date_text = _date_text(ends, viewer)
        return say("connection.secret.ended", date=date_text, vendor=vendor)
    days = (ends - viewer.today).days
    if not days:
        return say("connection.secret.today", vendor=vendor)
    return count("connection.secret.days", days, vendor=vendor)


def _date_text(day: date, viewer: ViewerContext) -> str:
    return format_date(day, "long", locale=viewer.locale)


def _list_text(words: Sequence[str]) -> str:
    if len(words) < 2:  # noqa: PLR2004 - nothing to put "and" between
        return "".join(words)
    return say("connection.list_and", most=", ".join(words[:-1]), last=words[-1])
