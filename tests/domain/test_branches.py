"""Where a branch is, in the form of its country."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.branches import Branch

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
