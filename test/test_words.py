"""Words: the same meaning gives the same stems and numbers, and any text is safe."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowhound_memory.words import STOP_WORDS, content_words, names, numbers, stem, stems, words


def test_content_words_keep_order_and_leave_out_what_carries_no_meaning():
    assert content_words("The red mug isn't on Maria's desk.") == ["red", "mug", "maria", "desk"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("the doors closed", "door closes"), ("two batteries", "battery of the two"), ("Pallets", "pallet")],
)
def test_forms_of_a_word_share_their_stem(one, other):
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twelve boxes", {"12"}),
        ("battery at 12%", {"12"}),
        ("twenty-three of two hundred and five", {"23", "205"}),
        ("3,500 kg and 2.50 m", {"3500", "2.5"}),
        ("at 09:05 and at 14:30", {"9:05", "14:30"}),
        ("at 00:07", {"0:07"}),
        ("room 007", {"7"}),
        ("version 1.2.3", {"1.2.3"}),
        ("one of them, a mug", set()),
        ("", set()),
    ],
)
def test_numbers_are_told_the_same_way(text, expected):
    assert numbers(text) == expected


def test_names_are_capitals_inside_a_sentence():
    assert names("Today Maria met Dr. Alvarez. Then she left. It was Tom's idea") == {"Maria", "Dr", "Alvarez", "Tom"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("रसोई में बोतल", ["रसोई", "में", "बोतल"]),
        ("ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]),
        ("Grüße, Ärztin!", ["grüsse", "ärztin"]),
    ],
)
def test_words_of_any_script_stay_whole(text, expected):
    assert words(text) == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_is_safe(text):
    assert stems(text) == {stem(word) for word in content_words(text)}
    assert not STOP_WORDS & set(content_words(text))
    assert all(words(word) == [word] for word in words(text))
    names(text)
    numbers(text)
