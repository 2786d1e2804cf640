"""The state of the scheduler's steps; the choices are in the page's URL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.errors import InvalidInputError, PublicSchedulingOffError
from invo_booking.texts import count, language_name, page_language, page_languages, say
from invo_booking.usecases.booking.booking import AnswerOption, PublicSite
from invo_booking.usecases.slots.offers import ANY_BRANCH
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.site import SiteMixin, SiteView
from invo_booking.web.kit.picker import state as picker_state
from invo_booking.web.kit.picker.choices import ChoiceView
from invo_booking.web.kit.picker.state import PickerOffer
from invo_booking.web.scheduler import view as public
from invo_booking.web.scheduler.address import (
    ScheduleChoice,
    read_schedule_choice,
    schedule_address,
    schedule_minutes,
    schedule_time,
)
from invo_booking.web.scheduler.plan import (
    SchedulePlan,
    plan_schedule,
    schedule_asks_where,
    schedule_branch,
)
from invo_booking.web.scheduler.view import AnswerView, SchedulerStepView
from invo_booking.web.scheduler.where_view import (
    BranchChoiceView,
    is_scheduler_branch,
    scheduler_branch_choices,
)


class ScheduleState(SiteMixin, rx.State):
    """The step and the choices of one visitor, as the page's URL says."""

    step: str = "topic"
    steps: list[SchedulerStepView] = []
    step_name: str = ""
    step_number: int = 1
    previous: str = ""  # address of the previous step; empty on the first step
    topic_page: str = ""  # addresses of past steps; empty for other steps
    where_page: str = ""
    when_page: str = ""
    answers: list[AnswerView] = []
    topic: AnswerView = AnswerView()
    languages: list[ChoiceView] = []
    channels: list[ChoiceView] = []
    language: str = ""  # name of the language; empty until a topic is chosen
    channel: str = ""
    channel_icon: str = "video"
    phone_help: str = ""
    needs_phone: bool = False
    how: str = ""  # length, channel and language, within a sentence
    branches: list[BranchChoiceView] = []
    branches_found: str = ""  # number of listed branches, in words
    problem: str = ""

    _choice: ScheduleChoice = ScheduleChoice()
    _sought: str = ""  # what the visitor typed to find a branch

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_page(self) -> None:
        """Show the step that the URL names, or the last possible step before that."""
        if not await is_reconnect(self):
            self._sought = ""
        await self._show_address()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_language(self, code: str) -> EventSpec | None:
        """Choose the language of the appointment."""
        return await self._change("language", str(code))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_channel(self, key: str) -> EventSpec | None:
        """Choose the channel of the appointment."""
        return await self._change("channel", str(key))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def search_branches(self, typed: str) -> None:
        """List the branches that match the typed text."""
        self._sought = str(typed)
        self._list_branches(await self._load_site())

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def choose_branch(self, key: str) -> EventSpec | None:
        """Choose the branch of a visit, and open the next step."""
        site = await self._load_current_site()
        if not self._choice.answer:
            return None
        if not is_scheduler_branch(site.branches, str(key)):
            await self._show_problem("where", say("scheduler.where.gone"))
            return None
        return rx.redirect(schedule_address(replace(self._choice, branch=str(key))))

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def take_start(self, key: str) -> AsyncIterator[EventSpec]:
        """Pick an open start, and open the next step.

        The URL changes first, so that the browser's *Back* always leads to the step
        before the current step. The next step is then shown without another request.
        """
        site = await self._load_current_site()
        choice = await scheduler_choice_of_start(self, str(key))
        if choice is None:
            await self._show_problem("when", say("scheduler.when.gone"))
            return
        yield rx.redirect(schedule_address(choice))
        self._show_plan(site, plan_schedule(site, choice, self._languages_of_visitor()))

    async def _change(
        self, name: Literal["language", "channel"], value: str
    ) -> EventSpec | None:
        """Change one choice; only a new step adds an entry to the browser's history."""
        site = await self._load_current_site()
        choices = self.languages if name == "language" else self.channels
        if value not in {one.key for one in choices}:
            return None
        choice = replace(self._choice, time="", **{name: value})
        is_where = schedule_asks_where(site, choice) and not choice.branch
        stays = self.step == ("where" if is_where else "when")
        return rx.redirect(schedule_address(choice), replace=stays)

    async def _load_current_site(self) -> PublicSite:
        """Load the institution's data; if the page's state was lost, restore it."""
        return await (self._load_site() if self.is_ready else self._show_address())

    async def _show_address(self) -> PublicSite:
        wish = read_schedule_choice(self.router.url.query_parameters)
        site = await self._load_site()
        plan = plan_schedule(site, wish, self._languages_of_visitor())
        if plan.step in ("when", "details"):
            plan = await self._load_offer(site, plan)
        self._show_plan(site, plan)
        return site

    async def _show_problem(self, step: str, problem: str) -> None:
        site, choice = await self._load_site(), replace(self._choice, time="")
        if step == "topic":
            choice = replace(choice, answer="")
        plan = plan_schedule(site, choice, self._languages_of_visitor())
        self._show_plan(site, replace(plan, problem=problem))

    def _languages_of_visitor(self) -> str:
        """Return the visitor's languages as an Accept-Language value.

        If the page is translated, its language comes first, then those of the browser.
        """
        own = page_language()
        preferred = self.router.headers.accept_language
        return preferred if own == page_languages()[0] else f"{own},{preferred}"

    async def _load_offer(self, site: PublicSite, plan: SchedulePlan) -> SchedulePlan:
        """Load the times for the choices; return the plan that these times allow."""
        choice = plan.choice
        offer = PickerOffer(
            answer=choice.answer,
            language=choice.language,
            branch=schedule_branch(site, choice),
            agent=public.scheduler_id(choice.agent),
            picked=schedule_minutes(choice.time),
        )
        try:
            await picker_state.load_picker_offer(self, offer)
        except (InvalidInputError, PublicSchedulingOffError) as error:
            nothing = replace(choice, answer="", time="")
            return SchedulePlan(
                choice=nothing, answer=None, step="topic", problem=str(error)
            )
        picked = await picker_state.picked_start_in_picker(self)
        if plan.step == "details" and picked is None:
            problem = say("scheduler.when.gone")
            choice = replace(choice, time="")
            return replace(plan, choice=choice, step="when", problem=problem)
        if picked and plan.step == "details" and choice.branch == ANY_BRANCH:
            known = replace(choice, branch=str(picked.branch_id))
            return await self._load_offer(site, replace(plan, choice=known))
        return plan

    def _show_plan(self, site: PublicSite, plan: SchedulePlan) -> None:
        choice = self._choice = plan.choice
        self.answers = [
            public.scheduler_answer_view(answer, choice) for answer in site.answers
        ]
        self._show_choice(plan.answer)
        self._show_step(plan.step, asks_where=schedule_asks_where(site, choice))
        if plan.step == "where":
            self._list_branches(site)
        self.problem = plan.problem

    def _show_step(self, step: str, *, asks_where: bool) -> None:
        self.step = step
        self.steps = public.scheduler_step_views(
            step,
            self._choice,
            asks_topic=len(self.answers) != 1,
            asks_where=asks_where,
        )
        past = {view.key: view.page for view in self.steps if view.is_past}
        self.step_number = len(past) + 1
        self.step_name = self.steps[len(past)].name
        self.previous = next(reversed(past.values()), "")
        self.topic_page = past.get("topic", "")
        self.where_page = past.get("where", "")
        self.when_page = past.get("when", "")

    def _show_choice(self, answer: AnswerOption | None) -> None:
        """Show the choices in the summary and as options."""
        choice = self._choice
        if answer is None:
            self.topic, self.how, self.language, self.channel = AnswerView(), "", "", ""
            self.languages, self.channels = [], []
            return
        self.topic = public.scheduler_answer_view(answer, choice)
        self.languages = public.scheduler_language_choices(answer, choice.language)
        self.channels = public.scheduler_channel_choices(answer, choice.channel)
        self.language = language_name(choice.language)
        self.channel = public.scheduler_channel_name(choice.channel)
        self.channel_icon = public.scheduler_channel_icon(choice.channel)
        ours = self.site.phone if self.site.customer_calls else ""
        self.phone_help = public.scheduler_phone_help(choice.channel, ours)
        self.needs_phone = self.site.needs_phone or choice.channel == "phone"
        self.how = public.scheduler_how_sentence(
            answer, choice.language, choice.channel
        )

    def _list_branches(self, site: PublicSite) -> None:
        self.branches = scheduler_branch_choices(
            site.branches, self._sought, self._choice.branch
        )
        self.branches_found = count("scheduler.where.found", len(self.branches))


@dataclass(frozen=True, slots=True)
class VisitorChoice:
    """The current choices of a visitor.

    Attributes:
        answer_id: Id of the topic; ``None`` until a topic is chosen.
        language: ISO 639-1 code of the language.
        channel: Empty until a channel is chosen.
    """

    step: str
    site: SiteView
    answer_id: UUID | None
    language: str
    channel: str


async def current_scheduler_choice(state: rx.State) -> VisitorChoice:
    """Return the choices on the page of ``state``."""
    schedule = await state.get_state(ScheduleState)
    if not schedule.is_ready:
        await schedule._show_address()
    choice = schedule._choice
    return VisitorChoice(
        step=schedule.step,
        site=schedule.site,
        answer_id=public.scheduler_id(choice.answer),
        language=choice.language,
        channel=choice.channel,
    )


async def scheduler_choice_of_start(state: rx.State, key: str) -> ScheduleChoice | None:
    """Pick a start; return the choices with this start, or ``None`` if not open.

    The result contains the branch of the start, in place of *any branch*.
    """
    await picker_state.pick_start_in_picker(state, key)
    picked = await picker_state.picked_start_in_picker(state)
    if picked is None or str(picked.minutes) != key:
        return None
    choice = (await state.get_state(ScheduleState))._choice
    return replace(
        choice,
        time=schedule_time(picked.minutes),
        agent=str(picked.agent_id or ""),
        branch=str(picked.branch_id or ""),
    )


async def show_scheduler_problem(state: rx.State, step: str, problem: str) -> None:
    """Show an earlier step, with a problem that can be corrected there."""
    schedule = await state.get_state(ScheduleState)
    await schedule._show_problem(step, problem)
