"""The language that a script makes from English, for the tests of pages."""

from invo_booking.texts.speech import customer_texts
from tests.support.pseudo_language import PseudoReader, pseudo_catalogue, pseudo_words


def test_language_has_every_text_with_its_blanks_and_is_longer():
    english, made = customer_texts("en"), pseudo_catalogue()

    assert set(made) == set(english)
    assert all(made[key].blanks == english[key].blanks for key in english)
    lengths = [
        sum(len(texts[key].template) for key in texts) for texts in (english, made)
    ]
    assert 1.3 < lengths[1] / lengths[0] < 1.45
    assert pseudo_words("Schedule a call") == "Šćhééédûûłéé àà ćààłł"


def test_shown_text_is_read_with_what_was_filled_in():
    reader = PseudoReader()

    assert reader.read("Schedule a call") == pseudo_words("Schedule a call")
    assert "Rosa" in (reader.read("Closed for Rosa") or "")
    assert reader.read("No catalogue has this") is None
