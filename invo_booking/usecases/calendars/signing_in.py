"""Let an administrator sign in at a provider in the browser, or consent there.

A sign-in can be finished once, within ten minutes, in the session that started it. An
administrator of the tenant consents for the whole tenant. This administrator may have
no account in this product, and may open the link for consent days after the link was
shown. So the provider's response to a consent is recognized by an encrypted OAuth 2.0
``state``, which works in any browser and which only this installation can create. The
response changes nothing in this product.

Source: learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NoReturn
from uuid import UUID

from invo_booking.config import Config
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.calendars.outside import Grant, Registration
from invo_booking.domain.calendars.provider_errors import ProviderError
from invo_booking.domain.errors import (
    ConflictError,
    NotAllowedError,
    TooManyRequestsError,
)
from invo_booking.persistence.accounts.sign_ins import BegunSignIn
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.texts import say
from invo_booking.usecases.calendars.granting import provider_named
from invo_booking.usecases.calendars.registration import (
    FIELDS,
    provider_label,
    provider_registration,
    redirect_uri,
)
from invo_booking.usecases.shared import refusals
from invo_booking.usecases.shared.copies import refuse_copy
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

LASTS = timedelta(minutes=10)
"""Time within which a sign-in must be finished."""

MOST_UNFINISHED = 10
"""Maximum number of unfinished sign-ins that a person may have started within
``LASTS``."""

NOT_THIS_ONE = "connections.signing_in.not_begun_here"
"""Key of the error message that is shown for every fault of a sign-in. Only the audit
log says which fault it was."""

CONSENT_MARK: Final = "consent."
"""Prefix of the OAuth 2.0 ``state`` of a consent, which distinguishes the consent from
a sign-in."""

CONSENT_LASTS = timedelta(days=30)
"""Time for which a link for consent can be used."""

GRANTED = "connections.signing_in.granted"
NO_CONSENT_OF_OURS = "connections.signing_in.consent_unknown"
DECLINED = "connections.signing_in.consent_cancelled"
ANOTHER_TENANT = "connections.signing_in.consent_other_organization"


def begin_provider_sign_in(deps: Deps, actor: Actor, session_key: str) -> str:
    """Start a sign-in; see ``connections.begin_connection_sign_in``."""
    with administer(deps, actor) as work:
        refuse_copy(work)
        provider = work.settings[PRIMARY_PROVIDER]
        require_chosen_provider(work, provider)
        by = provider_registration(deps.config, work.settings, provider)
    sign_in = provider_named(deps, provider).begin(
        by, redirect_uri(deps.config, provider)
    )
    state = hash_secret(sign_in.state)
    begun = BegunSignIn(
        hash=state,
        session_hash=session_key,
        person_id=actor.id,
        provider=provider,
        sealed_flow=seal(deps.config, _purpose(state), sign_in.flow),
        created_at=deps.now(),
    )
    with deps.unit_of_work() as work:
        keep_begun_sign_in(work, begun)
        work.audit.add(_entry(deps, actor, provider, "sign-in begun"))
    return sign_in.address


def keep_begun_sign_in(work: UnitOfWork, begun: BegunSignIn) -> None:
    """Store a started sign-in.

    Raises:
        TooManyRequestsError: If the person has too many unfinished sign-ins.
    """
    before = work.sign_ins.unfinished_starts(begun.person_id, begun.created_at - LASTS)
    if len(before) >= MOST_UNFINISHED:
        raise TooManyRequestsError(
            say("connections.signing_in.too_many", most=MOST_UNFINISHED),
            before[-MOST_UNFINISHED] + LASTS,
        )
    work.sign_ins.add(begun)


def finish_provider_sign_in(
    deps: Deps,
    actor: Actor,
    session_key: str,
    answer: Mapping[str, str],
    provider: str,
) -> Grant:
    """Finish a sign-in and return the grant.

    See ``connections.finish_connection_sign_in``.
    """
    if not actor.administers:
        refusals.record_refusal(deps, actor, f"sign-in at {provider}")
        raise NotAllowedError
    with deps.unit_of_work() as work:
        refuse_copy(work)
    begun = _take_sign_in(deps, answer)
    if begun is None:
        _refuse(deps, actor, provider, "unknown or used")
    if why := _wrong(deps, actor, session_key, provider, begun):
        _refuse(deps, actor, provider, why)
    by = _require_registration(deps, provider)
    try:
        flow = unseal(deps.config, _purpose(begun.hash), begun.sealed_flow)
        return provider_named(deps, provider).finish(by, flow, answer, deps.now())
    except SealBrokenError:
        _refuse(deps, actor, provider, "seal broken")
    except ProviderError as error:
        _note_refusal(deps, actor, provider, error.code)
        raise


def consent_state(config: Config, now: datetime) -> str:
    """Return the OAuth 2.0 ``state`` for a consent link; the provider returns it."""
    return CONSENT_MARK + seal(config, CONSENT_MARK, now.isoformat())


def read_consent(deps: Deps, answer: Mapping[str, str], provider: str) -> str:
    """Return the result of a consent, as a sentence for the person who gave it.

    Args:
        answer: Query parameters with which the provider sent the browser back.
        provider: Name of the provider.

    Raises:
        NotAllowedError: If the state was not made by this installation, or is too old.
        ConflictError: If consent was declined, or was given for another tenant than the
            institution's.
    """
    if not _answers_ours(deps, answer.get("state", "")):
        raise NotAllowedError(say(NO_CONSENT_OF_OURS))
    if "error" in answer or answer.get("admin_consent", "").lower() != "true":
        raise ConflictError(say(DECLINED))
    with deps.unit_of_work() as work:
        tenant = FIELDS[provider].tenant
        wanted = work.settings[tenant] if tenant else ""
    if _is_guid(wanted) and answer.get("tenant", "").lower() != wanted.lower():
        raise ConflictError(say(ANOTHER_TENANT))
    return say(GRANTED)


def require_chosen_provider(work: UnitOfWork, provider: str) -> None:
    """Refuse a provider that is not the primary provider or has no sign-in.

    Raises:
        ConflictError: If the provider is refused.
    """
    chosen = work.settings[PRIMARY_PROVIDER]
    if chosen not in FIELDS:
        raise ConflictError(say("connections.signing_in.no_primary"))
    if provider != chosen:
        raise ConflictError(
            say(
                "connections.signing_in.not_primary",
                provider=provider_label(chosen),
                other=provider_label(provider),
            )
        )


def _take_sign_in(deps: Deps, answer: Mapping[str, str]) -> BegunSignIn | None:
    """Delete and return the started sign-in with the ``state`` of an answer."""
    state = answer.get("state", "")
    with deps.unit_of_work() as work:
        return work.sign_ins.take(hash_secret(state)) if state else None


def _wrong(
    deps: Deps, actor: Actor, session_key: str, provider: str, begun: BegunSignIn
) -> str:
    """Return the fault of a sign-in for the audit log; empty if there is none."""
    if begun.provider != provider:
        return "another provider"
    if begun.session_hash != session_key or begun.person_id != actor.id:
        return "another browser"
    if deps.now() - begun.created_at > LASTS:
        return "too late"
    return ""


def _require_registration(deps: Deps, provider: str) -> Registration:
    with deps.unit_of_work() as work:
        require_chosen_provider(work, provider)
        return provider_registration(deps.config, work.settings, provider)


def _refuse(deps: Deps, actor: Actor, provider: str, why: str) -> NoReturn:
    _note_refusal(deps, actor, provider, why)
    raise NotAllowedError(say(NOT_THIS_ONE))


def _note_refusal(deps: Deps, actor: Actor, provider: str, why: str) -> None:
    with deps.unit_of_work() as work:
        work.audit.add(_entry(deps, actor, provider, "sign-in refused", why))


def _entry(
    deps: Deps, actor: Actor, provider: str, action: str, why: str = ""
) -> AuditEntry:
    detail = {"why": why} if why else {}
    return AuditEntry.by(actor, action, ("connection", provider), deps.now(), detail)


def _purpose(state_hash: str) -> str:
    return f"sign-in:{state_hash}"


def _answers_ours(deps: Deps, state: str) -> bool:
    try:
        text = unseal(deps.config, CONSENT_MARK, state.removeprefix(CONSENT_MARK))
    except SealBrokenError:
        return False
    return deps.now() - datetime.fromisoformat(text) <= CONSENT_LASTS


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
