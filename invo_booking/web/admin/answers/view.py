"""Convert Answers for the page, and read the form of an Answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from invo_booking.domain.appointment import Channel
from invo_booking.domain.institution import Answer
from invo_booking.texts import count, say
from invo_booking.usecases.admin.catalogue.answers import (
    MINUTE,
    AnswerDraft,
    AnswersOverview,
    ManagedAnswer,
)
from invo_booking.web.admin.answers.fields import CHANNEL, FIELDS, LANGUAGE
from invo_booking.web.admin.form_fields import (
    ON,
    stored_form,
    typed_values,
    untranslated_languages,
)
from invo_booking.web.admin.form_view import CheckView, ItemForm, check_views
from invo_booking.web.core import routes
from invo_booking.web.kit.text.names import CHANNELS, OptionView, room_example_text


@dataclass
class AnswerRowView:
    """One row of the list of Answers.

    Attributes:
        warning: Why customers cannot book the Answer; empty if they can.
        untranslated: Which languages lack the title; empty if none does.
    """

    id: str = ""
    version: int = 1
    title: str = ""
    line: str = ""
    ways: str = ""
    live: str = ""
    warning: str = ""
    untranslated: str = ""
    is_open: bool = False
    is_first: bool = False
    is_last: bool = False
    href: str = ""


@dataclass
class AnswerForm(ItemForm):
    """Initial values of the form of an Answer.

    Attributes:
        room_example: Example of a room's address, in words; may be empty.
        live: Number of live appointments, in words; empty if there are none.
    """

    room_example: str = ""
    live: str = ""


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
    buffers = {"buffer_before_minutes": "0", "buffer_after_minutes": "0"}
    return AnswerForm(
        key=f"new {stamp}",
        heading=say("answers.new"),
        texts={"schedulable": ON, **buffers, **_default_length(overview)},
        options={"queue_id": _queue_options(overview)},
        checks=_checks(overview, overview.languages, Channel),
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
    form = stored_form(
        AnswerForm,
        FIELDS,
        answer,
        answer.title,
        stamp,
        room_example=room_example_text("answers.form.room_example", answer.room),
        live=_live_text(managed.live),
        options={"queue_id": _queue_options(overview)},
        checks=_checks(overview, answer.languages, answer.channels),
    )
    form.texts |= _default_length(overview)
    return form


def answer_draft_of_form(form: Mapping[str, Any]) -> AnswerDraft:
    """Return the Answer that a submitted form describes.

    Raises:
        InvalidInputError: If a number cannot be read. The use case checks everything
            else.
    """
    return AnswerDraft(**typed_values(FIELDS, form))


def _default_length(overview: AnswersOverview) -> dict[str, str]:
    return {"default_minutes": str(overview.default_minutes)}


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


def _checks(
    overview: AnswersOverview, languages: Iterable[str], channels: Iterable[Channel]
) -> dict[str, list[CheckView]]:
    names = {it.value: say(key) for it, key in CHANNELS.items()}
    ways = (it.value for it in channels)
    return {
        "languages": check_views(LANGUAGE, overview.languages, languages),
        "channels": check_views(CHANNEL, names, ways),
    }
