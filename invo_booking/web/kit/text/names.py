"""Words and marks that mean the same on every page: channels, counts, initials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invo_booking.domain.appointment import Channel
from invo_booking.domain.rooms import room_example
from invo_booking.texts import count, say

CHANNELS = {
    Channel.VIDEO: "kit.channels.video",
    Channel.PHONE: "kit.channels.phone",
    Channel.BRANCH: "kit.channels.branch",
}
"""Keys of how customer and agent meet; each channel's icon has the channel's name."""


@dataclass
class OptionView:
    """One choice of a field."""

    value: str
    label: str


def channel_options(channels: Sequence[Channel] = tuple(CHANNELS)) -> list[OptionView]:
    """Return channels one can choose."""
    return [OptionView(channel.value, say(CHANNELS[channel])) for channel in channels]


def reason_text(keys: Mapping[str, str], reason: str) -> str:
    """Return the text for a reason in the address; empty for an unknown one."""
    return say(keys[reason]) if reason in keys else ""


def initials(name: str) -> str:
    """Return one or two letters that stand for a person."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def room_example_text(key: str, template: str) -> str:
    """Return a sentence with the example of a room's address; empty without one."""
    return say(key, address=room_example(template)) if template else ""


def minutes_text(minutes: int) -> str:
    """Return a length, as in ``30 minutes``."""
    return count("public.minutes", minutes)
