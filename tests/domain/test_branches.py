"""Where a branch is, in the form of its country."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.branches import Branch, find_branches, no_translations

HARBOR = Branch(
    id=UUID(int=7),
    name="Harbor",
    street=("120 Harbor Street", "2nd floor"),
    town="Chicago",
    region="IL",
    postal_code="60601",
    country="US",
    phone="312 555 0143",
    directions="",
    zone=ZoneInfo("America/Chicago"),
)


def test_the_address_has_the_form_of_its_country():
    berlin = replace(HARBOR, country="DE", town="Berlin", postal_code="10115")

    assert HARBOR.address_lines == (*HARBOR.street, "Chicago, IL 60601")
    assert replace(berlin, region="").address_lines == (*HARBOR.street, "10115 Berlin")


def test_parts_of_an_address_may_be_missing():
    town_only = replace(HARBOR, street=(), region="", postal_code="")
    nothing = replace(town_only, town="")

    assert town_only.address_lines == ("Chicago",)
    assert nothing.address_lines == ()
    assert nothing.location == "Harbor"


def test_a_map_finds_the_place_or_else_the_address():
    there = replace(HARBOR, latitude=41.8869, longitude=0.0)

    assert there.coordinates == (41.8869, 0.0)
    assert there.map_url.endswith("/?mlat=41.8869&mlon=0.0#map=17/41.8869/0.0")
    assert HARBOR.map_url.endswith(
        "?query=120+Harbor+Street%2C+2nd+floor%2C+Chicago%2C+IL+60601%2C+US"
    )
    assert replace(HARBOR, street=(), town="", region="", postal_code="").map_url == ""


def test_texts_that_are_not_translated_stay_in_the_own_language():
    spanish = {"name": "Puerto", "directions": "Junto al faro."}
    branch = replace(
        HARBOR,
        directions="Next to the lighthouse.",
        translations={"es": spanish, "fr": {"name": "Le Port"}, "pl": {}},
    )

    assert branch.in_language("es") == replace(
        branch, name="Puerto", directions="Junto al faro."
    )
    assert branch.in_language("fr") == replace(branch, name="Le Port")
    assert branch.in_language("pl") == branch.in_language("de") == branch
    french = replace(branch, translations={"fr": {"directions": "Au port."}})
    assert french.in_language("fr").name == "Harbor"
    assert HARBOR.translations == no_translations() == {}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Harbor", "Lake"]),
        ("harbor", ["Harbor"]),
        ("LAKE", ["Lake"]),
        ("60601  chicago", ["Harbor"]),
        ("chicago", ["Harbor", "Lake"]),
        ("chicago lake", ["Lake"]),
        ("lake milwaukee", []),
        ("chi\u200bcago", ["Harbor", "Lake"]),
    ],
)
def test_branch_is_found_by_all_words_of_its_name_and_address(typed, found):
    lake = replace(HARBOR, name="Lake", street=(), postal_code="60614")

    assert [it.name for it in find_branches([HARBOR, lake], typed)] == found


def test_only_the_beginning_of_a_long_search_counts():
    assert find_branches([HARBOR], "harbor ".ljust(60) + "zürich") == [HARBOR]
    assert find_branches([HARBOR], "harbor ".ljust(59) + "zürich") == []
