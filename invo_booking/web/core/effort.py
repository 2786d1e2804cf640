"""What the visitor's device does before a request of theirs is sent."""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Any, Final

import reflex as rx

from invo_booking import bootstrap
from invo_booking.domain.access.proof_of_work import LONGEST_PROOF
from invo_booking.domain.errors import ProofOfWorkRequiredError
from invo_booking.usecases.booking.admission import (
    AdmissionProof,
    AdmissionRequest,
    expected_challenge,
)
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow

FASTEST: Final = timedelta(seconds=2)
"""A form that is filled in faster was probably filled in by a program."""

TRAP: Final = "website"
"""Name of a field that people do not see."""


class EffortMixin(rx.State, mixin=True):
    """The work asked of the device, and the proof it has sent.

    Attributes:
        challenge: What the device works on; empty for nothing.
        is_working: Whether the visitor waits for it.
        attempt: Number of presses that waited for it. If the work had failed in the
            browser, each of them tries it again.
    """

    challenge: str = ""
    is_working: bool = False
    attempt: int = 0

    _proof: str = ""
    _begun_at: datetime | None = None
    _is_suspicious: bool = False

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def begin_effort(self) -> None:
        """Let the device start on what will be asked of it, while the form is typed."""
        self._begun_at = self._begun_at or bootstrap.deps().now()
        await self._begin_work()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def submit_proof(self, proof: str) -> Any:
        """Keep a proof, and go on where the visitor waits for it."""
        answer = str(proof)[:LONGEST_PROOF]
        if not self.challenge or not answer.startswith(f"{self.challenge}."):
            return None
        self._proof, self.challenge = answer, ""
        if not self.is_working:
            return None
        self.is_working = False
        return await self._continue()

    async def _begin_work(self) -> None:
        """Begin the work that will be asked for, unless it is begun or done."""
        if self.challenge or self._proof:
            return
        request = await self._planned_request()
        challenge = await ask(
            expected_challenge, request, is_suspicious=self._is_suspicious
        )
        self.challenge = challenge.text if challenge else ""

    def _check_trap(self, form: dict[str, str]) -> None:
        """Notice a form that no person seems to have filled in."""
        begun = self._begun_at
        is_hasty = begun is None or bootstrap.deps().now() - begun < FASTEST
        self._is_suspicious = is_hasty or bool(form.get(TRAP))

    def _effort(self) -> AdmissionProof:
        return AdmissionProof(proof=self._proof, is_suspicious=self._is_suspicious)

    def _must_wait(self) -> bool:
        """Return whether the device is still at work; the visitor sees it then."""
        self.is_working = bool(self.challenge)
        self.attempt += self.is_working
        return self.is_working

    def _wait_for(self, required: ProofOfWorkRequiredError) -> None:
        """Let the device work on what is asked of it, and the visitor see it."""
        self._proof, self.challenge = "", required.challenge.text
        self.is_working = True

    def _drop_proof(self) -> None:
        """Forget a proof that was used, or belongs to something else."""
        self._proof, self.challenge, self.is_working = "", "", False

    @abstractmethod
    async def _planned_request(self) -> AdmissionRequest:
        """Return what the visitor is about to ask for."""

    @abstractmethod
    async def _continue(self) -> Any:
        """Do what the visitor waits for, with the proof."""
