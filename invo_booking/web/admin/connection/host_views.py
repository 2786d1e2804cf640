"""The host calendars and their kinds, for an administrator to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.domain.calendars.outside import HostCalendar
from invo_booking.texts import say
from invo_booking.web.admin.connection.provider_words import HOST_KINDS


@dataclass
class HostView:
    """A group or calendar that can become the host calendar."""

    id: str
    label: str


@dataclass
class HostKindView:
    """A kind of host calendar."""

    value: str
    label: str
    note: str
    is_chosen: bool


def host_kind_views(provider: str, chosen: str) -> list[HostKindView]:
    """Return the kinds of host calendar; empty if the provider has only one kind."""
    if not chosen:
        return []
    return [
        HostKindView(value, label, say(note), value == chosen)
        for value, label, note in HOST_KINDS[provider]
    ]


def host_choice_views(hosts: Sequence[HostCalendar]) -> list[HostView]:
    """Return the groups or calendars to choose from."""
    return [HostView(one.id, _host_label(one)) for one in hosts]


def _host_label(host: HostCalendar) -> str:
    note = "" if host.is_owner is not False else say("connection.host.not_yours")
    note += "" if host.is_member is not False else say("connection.host.not_joined")
    return f"{host.name} ({host.address}{note})" if host.address else host.name
