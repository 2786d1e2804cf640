"""Which settings are shown to be obeyed, and by which tests."""

from invo_booking.settings.registry import BY_KEY
from tests.support.obeyed import Shown, shown_by


def test_every_setting_is_shown_to_be_obeyed():
    shown = shown_by()

    assert [key for key in BY_KEY if key not in shown] == []


def test_marks_name_settings_that_exist():
    assert set(shown_by()) <= set(BY_KEY)


def test_marks_are_found_with_all_their_keys_and_nothing_else_is(tmp_path):
    folder = tmp_path / "tests" / "deeper"
    folder.mkdir(parents=True)
    (folder / "test_some.py").write_text(
        """
@pytest.mark.obeys("a", "b")
@pytest.mark.parametrize("x", [1])
def test_one(x): ...

@pytest.mark.skip("c")
def test_two(): ...

@pytest.mark.obeys("a")
def test_three(): ...
""",
        encoding="utf-8",
    )

    path = "tests/deeper/test_some.py"
    one, three = Shown(path, "test_one"), Shown(path, "test_three")
    assert shown_by(tmp_path / "tests") == {"a": [one, three], "b": [one]}
