"""Show the institution's offer in words."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from invo_booking.domain.appointment import Channel
from invo_booking.texts import language_name, own_language_name, say
from invo_booking.usecases.booking.booking import AnswerOption
from invo_booking.web.kit.picker.choices import ChoiceView
from invo_booking.web.kit.text.names import (
    CHANNELS,
    minutes_text,
)
from invo_booking.web.scheduler.address import ScheduleChoice, schedule_address

BY_CHANNEL = {
    Channel.VIDEO: "scheduler.by_channel.video",
    Channel.PHONE: "scheduler.by_channel.phone",
    Channel.BRANCH: "scheduler.by_channel.branch",
}

STEPS = (
    ("topic", "scheduler.steps.topic"),
    ("where", "scheduler.steps.where"),
    ("when", "scheduler.steps.when"),
    ("details", "scheduler.steps.details"),
)


@dataclass
class AnswerView:
    """A topic that can be booked."""

    key: str = ""
    title: str = ""
    description: str = ""
    lasts: str = ""
    documents: list[str] = field(default_factory=list[str])
    need: str = ""
    """The documents to bring, in one sentence; empty if there are none."""

    page: str = ""
    """URL at which the scheduler continues if this topic is chosen."""


@dataclass
class SchedulerStepView:
    """A step in the list at the top of the page."""

    key: str
    number: str
    name: str
    page: str = ""
    """URL of the step; empty unless the step is past."""

    is_past: bool = False
    is_now: bool = False


@dataclass
class ContactView:
    """The typed contact data, or their errors, by field."""

    name: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""


def scheduler_answer_view(answer: AnswerOption, choice: ScheduleChoice) -> AnswerView:
    """Return the card of a topic; its link keeps the chosen language and channel."""
    card_choice = ScheduleChoice(
        answer=str(answer.id),
        language=choice.language if choice.language in answer.languages else "",
        channel=choice.channel if choice.channel in answer.channels else "",
    )
    return AnswerView(
        key=str(answer.id),
        title=answer.title,
        description=answer.description,
        lasts=minutes_text(answer.duration_minutes),
        documents=list(answer.documents),
        need=" · ".join(answer.documents),
        page=schedule_address(card_choice),
    )


def scheduler_language_choices(answer: AnswerOption, picked: str) -> list[ChoiceView]:
    """Return an option for each language, named in its own language."""
    return [
        ChoiceView(
            key=code,
            label=own_language_name(code),
            icon="speech",
            code=code,
            picked=code == picked,
        )
        for code in answer.languages
    ]


def scheduler_channel_choices(answer: AnswerOption, picked: str) -> list[ChoiceView]:
    """Return an option for each channel."""
    return [
        ChoiceView(
            key=channel.value,
            label=say(CHANNELS[channel]),
            icon=channel.value,
            picked=channel.value == picked,
        )
        for channel in answer.channels
    ]


def scheduler_id(text: str) -> UUID | None:
    """Return an id in an address; ``None`` if the text is not an id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def scheduler_step_views(
    current: str, choice: ScheduleChoice, *, asks_topic: bool, asks_where: bool
) -> list[SchedulerStepView]:
    """Return the steps; *topic* and *where* are left out if nothing can be chosen."""
    has_choice = {"topic": asks_topic or current == "topic", "where": asks_where}
    steps = [step for step in STEPS if has_choice.get(step[0], True)]
    at = [key for key, _ in steps].index(current)
    return [
        SchedulerStepView(
            key=key,
            number=str(no + 1),
            name=say(name),
            page=_step_page(key, choice) if no < at else "",
            is_past=no < at,
            is_now=no == at,
        )
        for no, (key, name) in enumerate(steps)
    ]


def _step_page(step: str, choice: ScheduleChoice) -> str:
    """Return the address of a past step, without the choices made on or after it."""
    earlier = replace(choice, time="")
    if step == "where":
        earlier = replace(earlier, branch="", agent="")
    if step == "topic":
        earlier = ScheduleChoice(language=choice.language, channel=choice.channel)
    return schedule_address(earlier)


def scheduler_how_sentence(answer: AnswerOption, language: str, channel: str) -> str:
    """Return a summary, as in ``30 minutes, by video, in Spanish``."""
    parts = [minutes_text(answer.duration_minutes)]
    if channel:
        parts.append(say(BY_CHANNEL[Channel(channel)]))
    if language:
        parts.append(say("scheduler.in_language", language=language_name(language)))
    return ", ".join(parts)


def scheduler_channel_name(channel: str) -> str:
    """Return the name of a channel; empty if none is chosen."""
    return say(CHANNELS[Channel(channel)]) if channel else ""


def scheduler_phone_help(channel: str, number_to_call: str = "") -> str:
    """Return why the phone number is asked for.

    Args:
        channel: The chosen channel; empty if none is chosen.
        number_to_call: The institution's number if customers call it; else empty.
    """
    if channel == Channel.PHONE and number_to_call:
        return say("scheduler.contact.phone_hint_yours", phone=number_to_call)
    helps = {
        Channel.VIDEO: say("scheduler.contact.phone_hint_video"),
        Channel.PHONE: say("scheduler.contact.phone_hint"),
    }
    return helps.get(Channel(channel), "") if channel else ""


def scheduler_channel_icon(channel: str) -> str:
    """Return the name of a channel's icon."""
    return channel or "video"
