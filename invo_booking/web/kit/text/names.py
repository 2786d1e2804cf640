"""Words and icons with the same meaning on all pages: channels, lengths, initials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from invo_booking.domain.appointment import Channel
from invo_booking.domain.rooms import room_example
from invo_booking.texts import count, say

CHANNELS = {
    Channel.VIDEO: "kit.channels.video",
    Channel.PHONE: "kit.channels.phone",
    Channel.BRANCH: "kit.channels.branch",
}
"""Keys of the channels' names; the icon of a channel has the name of the channel."""


@dataclass
class OptionView:
    """One option of a field."""

    value: str
    label: str


def name_options(names: Mapping[Any, str]) -> list[OptionView]:
    """Return names as options, each with its code or id."""
    return [OptionView(str(key), name) for key, name in names.items()]


def channel_options(channels: Sequence[Channel] = tuple(CHANNELS)) -> list[OptionView]:
    """Return the channels as options."""
    return [OptionView(channel.value, say(CHANNELS[channel])) for channel in channels]


def reason_text(keys: Mapping[str, str], reason: str) -> str:
    """Return the text for a reason code in the URL; empty for an unknown code."""
    return say(keys[reason]) if reason in keys else ""


def initials(name: str) -> str:
    """Return the one or two initials of a person."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def room_example_text(key: str, template: str) -> str:
    """Return a sentence with an example of a room's URL; empty if there is none."""
    return say(key, address=room_example(template)) if template else ""


def minutes_text(minutes: int) -> str:
    """Return a length as text, as in ``30 minutes``."""
    return count("public.minutes", minutes)
