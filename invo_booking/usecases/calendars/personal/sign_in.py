"""Sign agents in to their personal calendars.

A sign-in can be finished once, within ten minutes, by the same person in the same
session. Afterwards, the server stores nothing about the sign-in. The encrypted grant
goes to the browser.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.personal import PersonalGrant
from invo_booking.domain.calendars.ports import Personal
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderError,
)
from invo_booking.domain.errors import ConflictError, NotAllowedError, NotFoundError
from invo_booking.persistence.accounts.sign_ins import BegunSignIn
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calendars, general
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.calendars.personal.grants import (
    OpenedGrant,
    SentGrant,
    seal_personal_grant,
)
from invo_booking.usecases.calendars.registration import (
    missing_registration_fields,
    provider_registration,
    redirect_uri,
)
from invo_booking.usecases.calendars.signing_in import LASTS, keep_begun_sign_in
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

MARK: Final = "personal."
"""Prefix of the OAuth 2.0 ``state`` of an agent's sign-in, which distinguishes the
sign-in from an administrator's."""

SWITCHES = {
    calendars.GOOGLE: calendars.GOOGLE_PERSONAL,
    calendars.OUTLOOK: calendars.OUTLOOK_PERSONAL,
}
"""The setting that lets agents show their personal calendars, by provider."""

LABELS: Mapping[str, str] = {
    provider: switch.label for provider, switch in SWITCHES.items()
}
NOT_THIS_ONE = "connections.personal_sign_in.not_begun_here"
"""Key of the error message that is shown for every fault of a sign-in."""

_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """The grant of a finished sign-in, to be sent only to the browser.

    Attributes:
        id: Unguessable id of the grant; part of the cookie's path.
        sealed: Value of the cookie.
        lasts: Maximum time for which the grant can be used.
    """

    id: str
    sealed: str = field(repr=False)
    lasts: timedelta


def offered_providers(values: Values) -> tuple[str, ...]:
    """Return the providers whose calendars agents may show and can sign in to."""
    return tuple(
        provider
        for provider, switch in SWITCHES.items()
        if values[switch] and not missing_registration_fields(values, provider)
    )


def offered_personal_calendars(deps: Deps) -> tuple[str, ...]:
    """Return the providers whose calendars agents may show and can sign in to."""
    with deps.unit_of_work() as work:
        return offered_providers(work.settings)


def require_offer(work: UnitOfWork, provider: str) -> None:
    """Refuse a provider whose calendars agents may not show.

    Raises:
        NotFoundError: If the settings do not allow calendars of this provider, or no
            sign-in is possible.
    """
    if provider not in offered_providers(work.settings):
        label = LABELS.get(provider, "this calendar")
        raise NotFoundError(
            say("connections.personal_sign_in.not_offered", label=label)
        )


def is_personal_state(state: str) -> bool:
    """Whether a provider's answer with this state belongs to an agent's sign-in."""
    return state.startswith(MARK)


def begin_personal_sign_in(
    deps: Deps, actor: Actor, session_key: str, provider: str
) -> str:
    """Start a sign-in, and return the provider's URL to send the browser to.

    Args:
        actor: The agent.
        session_key: Hash of the session, in which the sign-in must be finished.
        provider: Name of the provider in the settings.

    Raises:
        NotFoundError: If the provider is not offered.
        ReconnectError: If the registration in the settings cannot be used.
        TooManyRequestsError: If too many sign-ins were begun and not finished.
        ProviderError: If the provider cannot be reached.
    """
    with deps.unit_of_work() as work:
        require_offer(work, provider)
        by = provider_registration(deps.config, work.settings, provider)
    state = MARK + secrets.token_urlsafe(32)
    vendor = personal_provider(deps, provider)
    sign_in = vendor.begin(by, redirect_uri(deps.config, provider), state)
    key = hash_secret(state)
    begun = BegunSignIn(
        hash=key,
        session_hash=session_key,
        person_id=actor.id,
        provider=provider,
        sealed_flow=seal(deps.config, _purpose(key), sign_in.flow),
        created_at=deps.now(),
    )
    with deps.unit_of_work() as work:
        keep_begun_sign_in(work, begun)
    return sign_in.address


def finish_personal_sign_in(
    deps: Deps,
    actor: Actor,
    session_key: str,
    answer: Mapping[str, str],
    provider: str,
) -> NewGrant:
    """Return the grant of a finished sign-in, encrypted for this browser.

    Args:
        actor: The agent.
        session_key: Hash of the session.
        answer: Query parameters with which the provider sent the browser back.
        provider: Name of the provider to whose redirect URI the browser was sent.

    Raises:
        NotAllowedError: If this person did not start the sign-in in this session.
        NotFoundError: If the provider is no longer offered.
        ConflictError: If the agent cancelled the sign-in, or did not grant all
            permissions.
    """
    key = hash_secret(answer.get("state", ""))
    with deps.unit_of_work() as work:
        begun = work.sign_ins.take(key)
        lasts = work.settings[general.SESSION_LONGEST]
    if begun is None or not _is_own(deps, actor, session_key, provider, begun):
        raise NotAllowedError(say(NOT_THIS_ONE))
    grant = _grant_of_answer(deps, begun, answer)
    sent = SentGrant(
        id=secrets.token_urlsafe(_ID_BYTES),
        sealed="",
        person_id=actor.id,
        session_key=session_key,
    )
    opened = OpenedGrant(
        provider=provider, account=grant.account, refresh_token=grant.refresh_token
    )
    sealed = seal_personal_grant(deps.config, sent, opened)
    return NewGrant(id=sent.id, sealed=sealed, lasts=lasts)


def personal_provider(deps: Deps, provider: str) -> Personal:
    """Return the provider of personal calendars with this name in the settings.

    Raises:
        NotFoundError: If there is no such provider.
    """
    vendor = deps.personal.get(provider)
    if vendor is None:
        raise NotFoundError(say("connections.personal_sign_in.unknown_calendar"))
    return vendor


def _is_own(
    deps: Deps, actor: Actor, session_key: str, provider: str, begun: BegunSignIn
) -> bool:
    return (
        begun.provider == provider
        and (begun.session_hash, begun.person_id) == (session_key, actor.id)
        and deps.now() - begun.created_at <= LASTS
    )


def _grant_of_answer(
    deps: Deps, begun: BegunSignIn, answer: Mapping[str, str]
) -> PersonalGrant:
    provider = begun.provider
    with deps.unit_of_work() as work:
        require_offer(work, provider)
        by = provider_registration(deps.config, work.settings, provider)
    try:
        flow = unseal(deps.config, _purpose(begun.hash), begun.sealed_flow)
        vendor = personal_provider(deps, provider)
        return vendor.finish(by, flow, answer, deps.now())
    except SealBrokenError:
        raise NotAllowedError(say(NOT_THIS_ONE)) from None
    except PermissionMissingError as error:
        raise ConflictError(str(error)) from None
    except ProviderError as error:
        raise _for_agent(error, LABELS[provider]) from None


def _for_agent(error: ProviderError, label: str) -> ProviderError | ConflictError:
    if error.code != "provider_reconnect":
        return error
    return ConflictError(say("connections.personal_sign_in.cancelled", label=label))


def _purpose(state_hash: str) -> str:
    return f"personal sign-in:{state_hash}"
