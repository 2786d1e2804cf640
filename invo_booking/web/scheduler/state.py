"""Lead a visitor through the scheduler: topic, language and channel, time."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import reflex as rx

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvalidInputError, PublicSchedulingOffError
from invo_booking.texts import count, say
from invo_booking.usecases.booking.booking import AnswerOption
from invo_booking.usecases.slots.offers import ANY_BRANCH, BranchChoice
from invo_booking.web.core import routes
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin, SiteView
from invo_booking.web.kit.text.names import language_name
from invo_booking.web.scheduler import picker_state
from invo_booking.web.scheduler import view as public
from invo_booking.web.scheduler.view import AnswerView, ChoiceView, SchedulerStepView
from invo_booking.web.scheduler.where_view import (
    BranchChoiceView,
    is_scheduler_branch,
    scheduler_branch_choices,
)

ORDER: Final = ("topic", "how", "where", "when", "details", "review")


class ScheduleState(SiteMixin, rx.State):
    """The current step and the choice of one visitor."""

    step: str = "topic"
    steps: list[SchedulerStepView] = public.scheduler_step_views(
        "topic", asks_how=True, asks_where=False
    )
    step_name: str = say("scheduler.steps.topic")
    step_number: int = 1
    behind: list[str] = []
    answers: list[AnswerView] = []
    topic: AnswerView = AnswerView()
    languages: list[ChoiceView] = []
    channels: list[ChoiceView] = []
    language: str = ""  # text for people; empty until chosen
    channel: str = ""
    channel_icon: str = "video"
    phone_help: str = ""
    needs_phone: bool = False
    how: str = ""  # length, channel and language as part of a sentence
    asks_how: bool = True
    branches: list[BranchChoiceView] = []
    branches_found: str = ""  # how many there are, in words
    problem: str = ""

    _answer: str = ""
    _language: str = ""
    _channel: str = ""
    _branch: str = ""  # chosen for a visit; ``ANY_BRANCH`` for any
    _branches: tuple[str, ...] = ()  # those open for visits

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the topics, or the step that the visitor left or the link names."""
        answers = await self._load_answers()
        if self._take_choice(answers):
            await self._enter_step(self._first_open_step())
            return
        is_chosen = self._chosen_answer(answers) is not None
        await self._enter_step(self.step if is_chosen else "topic")

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_topic(self, key: str) -> None:
        """Choose the topic; steps with only one choice are skipped."""
        chosen = self._find_answer(await self._load_answers(), str(key))
        if chosen is None:
            return
        if self._answer != key:
            self._answer = str(key)
            self._language = public.only_scheduler_choice(chosen.languages)
            self._channel = public.only_scheduler_choice(chosen.channels)
        self._show_choice(chosen)
        await self._enter_step("how" if self.asks_how else self._first_open_step())

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_language(self, code: str) -> None:
        """Choose the language of the appointment."""
        chosen = self._chosen_answer(await self._load_answers())
        if chosen and code in chosen.languages:
            self._language = code
            self._show_choice(chosen)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_channel(self, key: str) -> None:
        """Choose the channel."""
        chosen = self._chosen_answer(await self._load_answers())
        if chosen and key in chosen.channels:
            self._channel = key
            self._show_choice(chosen)
            self._show_step(self.step)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def go_to_step(self, step: str) -> None:
        """Return to an earlier step."""
        if step in ORDER and ORDER.index(step) < ORDER.index(self.step):
            await self._enter_step(step)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def go_to_previous(self) -> None:
        """Return to the previous step."""
        keys = [step.key for step in self.steps]
        at = keys.index(self.step)
        if at > 0:
            await self._enter_step(keys[at - 1])

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def go_to_next(self) -> None:
        """Open the next step after *How* or *When*, if the step is complete."""
        if self.step == "how":
            if self._language and self._channel:
                await self._enter_step("where" if self._asks_where() else "when")
            else:
                self.problem = say("scheduler.how.needed")
        elif self.step == "where":
            self.problem = say("scheduler.where.needed")
        elif self.step == "when":
            await self._leave_when()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def search_branches(self, typed: str) -> None:
        """List the branches that match what was typed."""
        await self._list_branches(str(typed))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_branch(self, key: str) -> None:
        """Choose where the visit is held, and go on."""
        site = await self._load_site()
        if self.step == "where" and is_scheduler_branch(site.branches, str(key)):
            self._branch = str(key)
            await picker_state.reset_picker(self)
            await self._enter_step("when")

    async def _list_branches(self, typed: str) -> None:
        site = await self._load_site()
        self.branches = scheduler_branch_choices(site.branches, typed, self._branch)
        self.branches_found = count("scheduler.where.found", len(self.branches))

    async def _leave_when(self) -> None:
        if await picker_state.picked_start_in_picker(self) is None:
            self.problem = say("scheduler.when.needed")
        elif await picker_state.is_picker_start_open(self):
            await self._enter_step("details")
        elif not await picker_state.picker_offer_problem(self):
            self.problem = say("scheduler.when.taken")

    async def _enter_step(self, step: str) -> None:
        """Open a step with its contents."""
        self._show_step(step if self._answer else "topic")
        if self.step == "where":
            await self._list_branches("")
        if self.step != "when":
            return
        chosen = self._answer, self._language, self._branch_choice()
        try:
            await picker_state.load_picker_offer(self, *chosen)
        except (InvalidInputError, PublicSchedulingOffError) as error:
            self._show_step("topic")
            self.problem = str(error)

    def _reset_schedule(self) -> None:
        self._answer = self._language = self._channel = self._branch = ""
        self.topic, self.how = AnswerView(), ""
        self.language = self.channel = ""
        self._show_step("topic")

    def _show_step(self, step: str) -> None:
        self.step, self.problem = step, ""
        self.steps = public.scheduler_step_views(
            step, asks_how=self.asks_how, asks_where=self._asks_where()
        )
        self.behind = [view.key for view in self.steps if view.is_past]
        self.step_number = len(self.behind) + 1
        self.step_name = self.steps[len(self.behind)].name

    def _take_choice(self, answers: tuple[AnswerOption, ...]) -> bool:
        """Apply the choice in the page's address; return whether there is one."""
        query = self.router.url.query_parameters
        chosen = self._find_answer(answers, str(query.get(routes.TOPIC, "")))
        if chosen is None:
            return False
        language = str(query.get(routes.LANGUAGE, ""))
        channel = str(query.get(routes.CHANNEL, ""))
        self._answer = str(chosen.id)
        self._language = public.scheduler_choice_among(chosen.languages, language)
        self._channel = public.scheduler_choice_among(chosen.channels, channel)
        branch = str(query.get(routes.BRANCH, ""))
        self._branch = branch if branch in self._branches else ""
        self._show_choice(chosen)
        return True

    async def _load_answers(self) -> tuple[AnswerOption, ...]:
        site = await self._load_site()
        self.answers = [public.scheduler_answer_view(answer) for answer in site.answers]
        self._branches = tuple(str(branch.id) for branch in site.branches)
        return site.answers

    def _first_open_step(self) -> str:
        """Return the first step after the topic at which something is not chosen."""
        if not (self._language and self._channel):
            return "how"
        return "where" if self._asks_where() and not self._branch else "when"

    def _asks_where(self) -> bool:
        return self._channel == Channel.BRANCH and len(self._branches) > 1

    def _branch_choice(self) -> BranchChoice:
        """Return where the visit may be held; ``None`` for other channels."""
        if self._channel != Channel.BRANCH or not self._branches:
            return None
        if not self._asks_where():
            return UUID(self._branches[0])
        return UUID(self._branch) if self._branch in self._branches else ANY_BRANCH

    def _chosen_answer(self, answers: tuple[AnswerOption, ...]) -> AnswerOption | None:
        return self._find_answer(answers, self._answer)

    def _find_answer(
        self, answers: tuple[AnswerOption, ...], key: str
    ) -> AnswerOption | None:
        return next((answer for answer in answers if str(answer.id) == key), None)

    def _show_choice(self, answer: AnswerOption) -> None:
        """Show the choice in the summary."""
        self.problem = ""
        self.topic = public.scheduler_answer_view(answer)
        self.asks_how = public.has_scheduler_choice(answer)
        self.languages = public.scheduler_language_choices(answer, self._language)
        self.channels = public.scheduler_channel_choices(answer, self._channel)
        self.language = language_name(self._language)
        self.channel = public.scheduler_channel_name(self._channel)
        self.channel_icon = public.scheduler_channel_icon(self._channel)
        ours = self.site.phone if self.site.customer_calls else ""
        self.phone_help = public.scheduler_phone_help(self._channel, ours)
        self.needs_phone = self.site.needs_phone or self._channel == Channel.PHONE
        self.how = public.scheduler_how_sentence(answer, self._language, self._channel)


@dataclass(frozen=True, slots=True)
class VisitorChoice:
    """The choice of a visitor.

    Attributes:
        answer_id: The topic; ``None`` before one is chosen.
        language: Its code.
        channel: Empty before one is chosen.
    """

    step: str
    site: SiteView
    answer_id: UUID | None
    language: str
    channel: str


async def current_scheduler_choice(state: rx.State) -> VisitorChoice:
    """Return the choice on the page of ``state``."""
    schedule = await state.get_state(ScheduleState)
    return VisitorChoice(
        step=schedule.step,
        site=schedule.site,
        answer_id=UUID(schedule._answer) if schedule._answer else None,
        language=schedule._language,
        channel=schedule._channel,
    )


async def enter_scheduler_step(state: rx.State, step: str, problem: str = "") -> None:
    """Open a step with its contents, and show a problem to correct there."""
    schedule = await state.get_state(ScheduleState)
    await schedule._enter_step(step)
    schedule.problem = problem or schedule.problem


async def reset_scheduler(state: rx.State) -> None:
    """Clear the choice after the booking."""
    (await state.get_state(ScheduleState))._reset_schedule()
