"""Let the visitor's device do a proof of work before a request is sent."""

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
"""Shortest time for a person; a form sent sooner probably comes from a program."""

TRAP: Final = "website"
"""Name of a form field that people do not see; programs fill in this field."""


class EffortMixin(rx.State, mixin=True):
    """The proof of work: the task for the visitor's device, and the proof sent.

    Attributes:
        challenge: The task for the device; empty if there is none.
        is_working: Whether the visitor waits for the proof.
        attempt: Number of submissions that had to wait for the proof. If the browser
            failed to compute the proof, a higher number makes the browser try again.
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
        """Let the device begin the work while the visitor still fills in the form."""
        self._begun_at = self._begun_at or bootstrap.deps().now()
        await self._begin_work()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def submit_proof(self, proof: str) -> Any:
        """Store a proof; if the visitor waits for the proof, continue the request."""
        answer = str(proof)[:LONGEST_PROOF]
        if not self.challenge or not answer.startswith(f"{self.challenge}."):
            return None
        self._proof, self.challenge = answer, ""
        if not self.is_working:
            return None
        self.is_working = False
        return await self._continue()

    async def _begin_work(self) -> None:
        """Choose the challenge to solve before the request, if none is chosen yet."""
        if self.challenge or self._proof:
            return
        request = await self._planned_request()
        challenge = await ask(
            expected_challenge, request, is_suspicious=self._is_suspicious
        )
        self.challenge = challenge.text if challenge else ""

    def _check_trap(self, form: dict[str, str]) -> None:
        """Mark the request as suspicious if the form looks filled in by a program."""
        begun = self._begun_at
        is_hasty = begun is None or bootstrap.deps().now() - begun < FASTEST
        self._is_suspicious = is_hasty or bool(form.get(TRAP))

    def _effort(self) -> AdmissionProof:
        return AdmissionProof(proof=self._proof, is_suspicious=self._is_suspicious)

    def _must_wait(self) -> bool:
        """Show and return whether the visitor must wait for the proof."""
        self.is_working = bool(self.challenge)
        self.attempt += self.is_working
        return self.is_working

    def _wait_for(self, required: ProofOfWorkRequiredError) -> None:
        """Give the device a new challenge, and show that the device works on it."""
        self._proof, self.challenge = "", required.challenge.text
        self.is_working = True

    def _drop_proof(self) -> None:
        """Forget a proof that was used or belongs to another request."""
        self._proof, self.challenge, self.is_working = "", "", False

    @abstractmethod
    async def _planned_request(self) -> AdmissionRequest:
        """Return the request that the visitor is about to send."""

    @abstractmethod
    async def _continue(self) -> Any:
        """Continue the request that waited for the proof."""
