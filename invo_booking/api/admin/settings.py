"""Routes of settings; use cases check every right."""

from typing import Annotated

from fastapi import Depends, Path, Query

from invo_booking.api.admin.settings_shapes import (
    SavedSettingsResponse,
    SettingHistoryResponse,
    SettingsBody,
    SettingsResponse,
    WasBody,
)
from invo_booking.api.core.policy import (
    CurrentActor,
    CurrentDeps,
    RoutePolicy,
    policy_router,
)
from invo_booking.domain.errors import InvalidInputError
from invo_booking.settings.spec import Page
from invo_booking.texts import say
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.shared import settings

router = policy_router(RoutePolicy.ADMIN, "/api/v1/admin/settings")


def page_of_query(
    page: Annotated[
        str, Query(json_schema_extra={"enum": ["", *(it.slug for it in Page)]})
    ] = "",
) -> Page | None:
    """Return the page in the query, as in ``page=time``; ``None`` for all pages.

    Raises:
        InvalidInputError: If there is no such page.
    """
    if not page:
        return None
    for one in Page:
        if one.slug == page:
            return one
    names = ", ".join(it.slug for it in Page)
    raise InvalidInputError({"page": say("api.admin_settings.choose", names=names)})


Key = Annotated[str, Path(max_length=80)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_settings(
    deps: CurrentDeps,
    actor: CurrentActor,
    page: Annotated[Page | None, Depends(page_of_query)],
    search: Annotated[str, Query(max_length=200)] = "",
) -> SettingsResponse:
    """List settings with current values: all, of one page, or found ones."""
    rows = settings.search_setting_entries(deps, actor, search)
    entries = [row for row in rows if page in {None, row.page}]
    return SettingsResponse.of({"settings": entries})


@router.put("")
def save_settings(
    deps: CurrentDeps, actor: CurrentActor, body: SettingsBody
) -> SavedSettingsResponse:
    """Change settings, all or none; 422 has a sentence for each invalid key.

    Members are the keys of settings. `value` is text as on the settings page, `null`
    for the default. With `was`, as listed, another person's change is not overwritten
    but answered with 409 `conflict` and their value. An irreversible deletion is
    refused with its amount and time until `word` confirms it. 409
    `displaces_appointments` lists the appointments that a change concerns, such as
    those whose customers were mailed who calls; send each id in `keep`, or in
    `reassign` if it has `instead`, to continue.
    """
    return SavedSettingsResponse.of(
        settings_saving.save_settings(
            deps, actor, body.changes(), dispositions=body.dispositions
        )
    )


@router.get("/{key}/history")
def show_history(
    deps: CurrentDeps, actor: CurrentActor, key: Key
) -> SettingHistoryResponse:
    """List the changes of a setting, latest first; secrets without values."""
    return SettingHistoryResponse.of(
        {"changes": settings.setting_history(deps, actor, key)}
    )


@router.post("/{key}/reset")
def reset(
    deps: CurrentDeps, actor: CurrentActor, key: Key, seen: WasBody | None = None
) -> SavedSettingsResponse:
    """Reset a setting to its default; 409 as for changes."""
    seen = seen or WasBody.model_validate({})
    return SavedSettingsResponse.of(
        settings_saving.reset_setting(
            deps, actor, key, seen.was, dispositions=seen.dispositions
        )
    )


@router.post("/history/{number}/undo")
def undo(
    deps: CurrentDeps, actor: CurrentActor, number: Number, seen: WasBody | None = None
) -> SavedSettingsResponse:
    """Restore a setting to its value before one change in its history; 409 as above."""
    seen = seen or WasBody.model_validate({})
    return SavedSettingsResponse.of(
        settings_saving.undo_setting_change(
            deps, actor, number, seen.was, dispositions=seen.dispositions
        )
    )
