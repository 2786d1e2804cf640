"""Decide which step of the scheduler a URL shows."""

from dataclasses import dataclass, replace
from uuid import UUID

from invo_booking.domain.appointment import Channel
from invo_booking.texts import preferred_language, say
from invo_booking.usecases.booking.booking import AnswerOption, PublicSite
from invo_booking.usecases.slots.offers import ANY_BRANCH, BranchChoice
from invo_booking.web.scheduler.address import ScheduleChoice, schedule_minutes
from invo_booking.web.scheduler.where_view import is_scheduler_branch


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePlan:
    """The step to show, and the reason if the URL leads to another step.

    Attributes:
        choice: The possible ones of the choices in the URL, with language and channel
            preselected.
        answer: The chosen topic, if any.
        step: ``topic``, ``where``, ``when`` or ``details``.
        problem: Message about an impossible choice in the URL; empty if there is none.
    """

    choice: ScheduleChoice
    answer: AnswerOption | None
    step: str
    problem: str = ""


def plan_schedule(
    site: PublicSite, wish: ScheduleChoice, accept_language: str
) -> SchedulePlan:
    """Return the step to show for a URL.

    Args:
        site: What the public can choose.
        wish: The choices in the URL.
        accept_language: The browser's header, for the language to preselect.
    """
    answer = schedule_answer(site.answers, wish.answer)
    if answer is None:
        left = ScheduleChoice(language=wish.language, channel=wish.channel)
        gone = say("scheduler.topic.gone") if wish.answer else ""
        return SchedulePlan(choice=left, answer=None, step="topic", problem=gone)
    choice = _possible_choice(site, answer, wish, accept_language)
    problem = _problem(wish, choice)
    if problem:
        choice = replace(choice, time="")
    return SchedulePlan(
        choice=choice, answer=answer, step=_step_of(site, choice), problem=problem
    )


def schedule_answer(answers: tuple[AnswerOption, ...], key: str) -> AnswerOption | None:
    """Return the topic with this id; without an id, the only topic there is."""
    if not key and len(answers) == 1:
        return answers[0]
    return next((answer for answer in answers if str(answer.id) == key), None)


def schedule_asks_where(site: PublicSite, choice: ScheduleChoice) -> bool:
    """Return whether a branch must be chosen: for a visit, if there are several."""
    return choice.channel == Channel.BRANCH and len(site.branches) > 1


def schedule_branch(site: PublicSite, choice: ScheduleChoice) -> BranchChoice:
    """Return the branches at which a visit may be held; ``None`` for other channels."""
    if choice.channel != Channel.BRANCH or not site.branches:
        return None
    if not schedule_asks_where(site, choice):
        return site.branches[0].id
    return ANY_BRANCH if choice.branch in ("", ANY_BRANCH) else UUID(choice.branch)


def preferred_schedule_channel(offered: tuple[Channel, ...]) -> str:
    """Return the channel to preselect: video if offered, else the first channel."""
    if Channel.VIDEO in offered:
        return Channel.VIDEO.value
    return offered[0].value if offered else ""


def _possible_choice(
    site: PublicSite, answer: AnswerOption, wish: ScheduleChoice, accept_language: str
) -> ScheduleChoice:
    is_language = wish.language in answer.languages
    is_channel = wish.channel in answer.channels
    choice = ScheduleChoice(
        answer=str(answer.id),
        language=wish.language
        if is_language
        else preferred_language(accept_language, answer.languages),
        channel=wish.channel
        if is_channel
        else preferred_schedule_channel(answer.channels),
        agent=wish.agent,
        time=wish.time if schedule_minutes(wish.time) else "",
    )
    is_visit = choice.channel == Channel.BRANCH
    if is_visit and is_scheduler_branch(site.branches, wish.branch):
        return replace(choice, branch=wish.branch)
    return choice


def _problem(wish: ScheduleChoice, choice: ScheduleChoice) -> str:
    """Return a message about the first impossible choice in a URL; may be empty."""
    if wish.language not in ("", choice.language):
        return say("scheduler.how.language_gone")
    if wish.channel not in ("", choice.channel):
        return say("scheduler.how.channel_gone")
    is_visit = choice.channel == Channel.BRANCH
    if is_visit and wish.branch not in ("", ANY_BRANCH, choice.branch):
        return say("scheduler.where.gone")
    return say("scheduler.when.gone") if wish.time != choice.time else ""


def _step_of(site: PublicSite, choice: ScheduleChoice) -> str:
    if schedule_asks_where(site, choice) and not choice.branch:
        return "where"
    return "details" if choice.time else "when"
