"""Scripts beside the modules that use them."""

import pytest

from invo_booking.config import PROJECT
from invo_booking.web.kit import dialog
from invo_booking.web.scripts import script


def test_script_lies_where_components_import_it_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = script(dialog.__name__, "dialog.jsx")
    again = script(dialog.__name__, "dialog.jsx")

    assert name == again == "$/public/external/invo_booking/web/kit/dialog/dialog.jsx"
    published = tmp_path / "assets" / name.removeprefix("$/public/")
    assert published.resolve() == PROJECT / "invo_booking/web/kit/dialog.jsx"
    assert [it.name for it in published.parent.iterdir()] == ["dialog.jsx"]


def test_link_to_a_script_of_before_is_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "assets/external/invo_booking/web/kit/dialog"
    folder.mkdir(parents=True)
    (folder / "dialog.jsx").symlink_to(tmp_path / "gone.jsx")
    script(dialog.__name__, "dialog.jsx")

    assert (folder / "dialog.jsx").read_text("utf-8")


def test_script_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"kit/missing\.jsx"):
        script(dialog.__name__, "missing.jsx")


def test_no_module_uses_the_slow_way():
    found = [
        path
        for path in (PROJECT / "invo_booking" / "web").rglob("*.py")
        if "rx.asset(" in path.read_text("utf-8")
    ]

    assert found == []


def test_scripts_use_the_storage_that_may_be_closed_through_one_module():
    before_modules = {"theme.js", "words.js"}  # loaded before any module, in the head
    scripts = [
        *(PROJECT / "assets").glob("*.js"),
        *(PROJECT / "invo_booking" / "web").rglob("*.js*"),
    ]

    found = {
        path.name
        for path in scripts
        if any(
            f"{kind}{how}" in path.read_text("utf-8")
            for kind in ("localStorage", "sessionStorage")
            for how in (".", "[")
        )
    }

    assert found == before_modules
