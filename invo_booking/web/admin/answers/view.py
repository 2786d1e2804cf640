"""Convert Answers for the page, and read the form of an Answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from invo_booking.domain.appointment import Channel
from invo_booking.domain.contact import plain_text
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.institution import Answer
from invo_booking.texts import count, say
from invo_booking.usecases.admin.catalogue.answers import (
    MINUTE,
    TRANSLATED,
    AnswerDraft,
    AnswersOverview,
    ManagedAnswer,
)
from invo_booking.web.admin.check_view import CheckView
from invo_booking.web.admin.translations import (
    translations_as_form,
    translations_of_form,
    untranslated_languages,
)
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import field_text, ticked_form_values
from invo_booking.web.kit.text.names import CHANNELS, OptionView, room_example_text

NONE = UUID(int=0)
"""Id that stands for *no queue chosen*; no queue has this id."""

_LANGUAGE, _CHANNEL = "language-", "channel-"
_MOST_DIGITS = 6


@dataclass
class AnswerRowView:
    """One row of the list of Answers.

    Attributes:
        warning: Why customers cannot book the Answer; empty if they can.
        untranslated: Which languages lack the title; empty if none does.
        place: Position in the list, from 1; empty if archived.
    """

    id: str = ""
    version: int = 1
    title: str = ""
    line: str = ""
    ways: str = ""
    live: str = ""
    warning: str = ""
    untranslated: str = ""
    place: str = ""
    is_open: bool = False
    is_first: bool = False
    is_last: bool = False
    href: str = ""


@dataclass
class AnswerForm:
    """Initial values; a new ``key`` makes the browser fill in the form again."""

    key: str = ""
    id: str = ""
    version: int = 1
    heading: str = ""
    title: str = ""
    description: str = ""
    queue: str = ""
    is_schedulable: bool = True
    minutes: str = ""
    default_minutes: str = ""
    before: str = "0"
    after: str = "0"
    documents: str = ""
    room: str = ""
    room_example: str = ""
    live: str = ""
    translations: dict[str, str] = field(default_factory=dict[str, str])
    queues: list[OptionView] = field(default_factory=list)
    languages: list[CheckView] = field(default_factory=list)
    channels: list[CheckView] = field(default_factory=list)


def answer_rows(overview: AnswersOverview, *, archived: bool) -> list[AnswerRowView]:
    """Return the rows of the list: either the bookable or the archived Answers."""
    chosen = [one for one in overview.answers if one.answer.archived is archived]
    return [
        _answer_row(answer, place, len(chosen), overview.default_minutes)
        for place, answer in enumerate(chosen, start=1)
    ]


def answer_order_after(
    shown_rows: Sequence[AnswerRowView], answer_id: str, step: int
) -> list[str]:
    """Return the ids in the new order after an Answer was moved.

    Args:
        shown_rows: The rows in their current order.
        answer_id: The Answer to move.
        step: -1 moves the Answer up, 1 moves it down.
    """
    order = [row.id for row in shown_rows]
    if answer_id in order:
        place = order.index(answer_id)
        order.insert(max(0, place + step), order.pop(place))
    return order


def blank_answer_form(overview: AnswersOverview, stamp: str) -> AnswerForm:
    """Return the form for a new Answer, with all languages and channels selected."""
    return AnswerForm(
        key=f"new {stamp}",
        heading=say("answers.new"),
        default_minutes=str(overview.default_minutes),
        translations=translations_as_form({}, TRANSLATED),
        queues=_queue_options(overview),
        languages=_language_checks(overview, overview.languages),
        channels=_channel_checks(Channel),
    )


def answer_form_of(
    overview: AnswersOverview, answer_id: str, stamp: str
) -> AnswerForm | None:
    """Return the form of an Answer; ``None`` if the Answer does not exist."""
    known = {str(one.answer.id): one for one in overview.answers}
    managed = known.get(answer_id)
    if managed is None:
        return None
    answer = managed.answer
    return AnswerForm(
        key=f"{answer.id} {answer.version} {stamp}",
        id=str(answer.id),
        version=answer.version,
        heading=answer.title,
        title=answer.title,
        description=answer.description,
        queue=str(answer.queue_id),
        is_schedulable=answer.schedulable,
        minutes=str(answer.duration // MINUTE) if answer.duration else "",
        default_minutes=str(overview.default_minutes),
        before=str(answer.buffer_before // MINUTE),
        after=str(answer.buffer_after // MINUTE),
        documents="\n".join(answer.documents),
        room=answer.room,
        room_example=room_example_text("answers.form.room_example", answer.room),
        live=_live_text(managed.live),
        translations=translations_as_form(answer.translations, TRANSLATED),
        queues=_queue_options(overview),
        languages=_language_checks(overview, answer.languages),
        channels=_channel_checks(answer.channels),
    )


def answer_draft_of_form(form: Mapping[str, Any]) -> AnswerDraft:
    """Return the Answer that a submitted form describes.

    Raises:
        InvalidInputError: If a number cannot be read. The use case checks everything
            else.
    """
    numbers = {
        name: _whole_number(form, name)
        for name in (
            "duration_minutes",
            "buffer_before_minutes",
            "buffer_after_minutes",
        )
    }
    wrong = [
        name
        for name, value in numbers.items()
        if value is None and field_text(form, name)
    ]
    if wrong:
        raise InvalidInputError(dict.fromkeys(wrong, say("answers.form.number_needed")))
    return AnswerDraft(
        title=field_text(form, "title"),
        description=field_text(form, "description"),
        queue_id=_queue_id(field_text(form, "queue_id")),
        schedulable="schedulable" in form,
        duration_minutes=numbers["duration_minutes"],
        buffer_before_minutes=numbers["buffer_before_minutes"] or 0,
        buffer_after_minutes=numbers["buffer_after_minutes"] or 0,
        languages=tuple(ticked_form_values(form, _LANGUAGE)),
        channels=tuple(
            c for c in Channel if c.value in set(ticked_form_values(form, _CHANNEL))
        ),
        documents=tuple(field_text(form, "documents").splitlines()),
        room=field_text(form, "room"),
        translations=translations_of_form(form, TRANSLATED),
    )


def _answer_row(
    managed: ManagedAnswer, place: int, last: int, default_minutes: int
) -> AnswerRowView:
    answer = managed.answer
    return AnswerRowView(
        id=str(answer.id),
        version=answer.version,
        title=answer.title,
        line=f"{managed.queue_name} · {_length_text(answer, default_minutes)}",
        ways=", ".join(
            [*managed.language_names, *(say(CHANNELS[one]) for one in answer.channels)]
        ),
        live=_live_text(managed.live),
        warning=_warning_text(managed),
        untranslated=_untranslated_text(answer),
        place="" if answer.archived else str(place),
        is_open=answer.schedulable,
        is_first=place == 1,
        is_last=place == last,
        href=f"{routes.ANSWERS}?edit={answer.id}",
    )


def _length_text(answer: Answer, default_minutes: int) -> str:
    if answer.duration is None:
        return count("answers.length_default", default_minutes)
    return count("answers.length", answer.duration // MINUTE)


def _live_text(live: int) -> str:
    return count("answers.live", live) if live else ""


def _untranslated_text(answer: Answer) -> str:
    missing = untranslated_languages(answer.translations, "title")
    if answer.archived or not answer.schedulable or not missing:
        return ""
    return say("answers.untranslated", languages=", ".join(missing))


def _warning_text(managed: ManagedAnswer) -> str:
    if managed.answer.archived or not managed.answer.schedulable:
        return ""
    if not managed.queue_name:
        return say("answers.warning.queue")
    if not managed.unserved:
        return ""
    names = say("answers.warning.or").join(managed.unserved)
    return say("answers.warning.unserved", queue=managed.queue_name, languages=names)


def _queue_options(overview: AnswersOverview) -> list[OptionView]:
    return [OptionView(str(queue.id), queue.name) for queue in overview.queues]


def _language_checks(
    overview: AnswersOverview, chosen: Iterable[str]
) -> list[CheckView]:
    ticked = set(chosen)
    return [
        CheckView(f"{_LANGUAGE}{code}", name, code in ticked)
        for code, name in overview.languages.items()
    ]


def _channel_checks(chosen: Iterable[Channel]) -> list[CheckView]:
    ticked = set(chosen)
    return [
        CheckView(f"{_CHANNEL}{channel.value}", say(label), channel in ticked)
        for channel, label in CHANNELS.items()
    ]


def _whole_number(form: Mapping[str, Any], name: str) -> int | None:
    typed = plain_text(field_text(form, name))
    fits = typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS
    return int(typed) if fits else None


def _queue_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return NONE
