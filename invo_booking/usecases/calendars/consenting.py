"""Consent for a whole tenant, which an administrator of Microsoft gives there.

That may be somebody without an account here, and days after the link was shown; so the
answer is known by a state that anybody may bring and only this product can make.
Nothing is changed by it: whoever administers this product signs in again.

Source:
    learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from invo_booking.config import Config
from invo_booking.domain.errors import ConflictError, NotAllowedError
from invo_booking.settings.providers import OUTLOOK_TENANT
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

MARK: Final = "consent."
"""Begins each state, so that the answer is not taken for one to a sign-in."""

LASTS = timedelta(days=30)
"""How long a link may wait with whoever is to consent."""

GRANTED = (
    "The permissions are granted for the whole organization. Now somebody who "
    "administers Invo Booking signs in again on its page Calendars; from then on the "
    "connection has them."
)
NOT_OURS = (
    "This is no answer to a link that Invo Booking has shown within the last 30 days. "
    "If permissions were granted at Microsoft, they are in force; otherwise open the "
    "page Calendars and use the link there again."
)
DECLINED = (
    "Nothing was granted at Microsoft: it was cancelled, or the account may not "
    "consent for the whole organization. Use the link on the page Calendars again with "
    "an account that may, such as a Cloud Application Administrator."
)
ANOTHER_TENANT = (
    "The permissions were granted for another organization than the one Invo Booking "
    "is set up for. Use the link on the page Calendars again with an account of the "
    "right one, or correct the tenant there."
)


def consent_state(config: Config, now: datetime) -> str:
    """Return what Microsoft brings back with the answer to a link shown now."""
    return MARK + seal(config, MARK, now.isoformat())


def read_consent(deps: Deps, answer: Mapping[str, str]) -> str:
    """Return what came of a link, as a sentence to whoever followed it.

    Args:
        deps: The product's parts.
        answer: What Microsoft sent the browser back with.

    Raises:
        NotAllowedError: If it does not answer a link of ours.
        ConflictError: If nothing was granted, or not for the institution's tenant.
    """
    if not _answers_ours(deps, answer.get("state", "")):
        raise NotAllowedError(NOT_OURS)
    if "error" in answer or answer.get("admin_consent", "").lower() != "true":
        raise ConflictError(DECLINED)
    with deps.unit_of_work() as work:
        wanted = work.settings[OUTLOOK_TENANT]
    if _is_guid(wanted) and answer.get("tenant", "").lower() != wanted.lower():
        raise ConflictError(ANOTHER_TENANT)
    return GRANTED


def _answers_ours(deps: Deps, state: str) -> bool:
    try:
        text = unseal(deps.config, MARK, state.removeprefix(MARK))
    except SealBrokenError:
        return False
    return deps.now() - datetime.fromisoformat(text) <= LASTS


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
