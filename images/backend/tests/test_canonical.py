"""Visible and canonical forms of texts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canonical import canonical, visible


@pytest.mark.parametrize(
    "spelling",
    [
        "다진마늘",
        "다진  마늘",
        "다진\u00a0마늘",
        "다진\u3000마늘",
        "다진\u2003마늘",
        "다진\u200b마늘",
        "다진\ufeff마늘",
        "다진\u2060마늘",
        "다진\u3164마늘",
        "다진\u00ad마늘",
        "\u202e다진 마늘\u202c",
        unicodedata.normalize("NFD", "다진 마늘"),
        "다진\t마늘",
        "다진\n마늘",
        "다진\ufe0f 마늘",
        "다진\u115f마늘",
    ],
)
def test_spellings_of_one_text_are_equal(spelling: str) -> None:
    assert canonical(spelling) == canonical("다진 마늘")


def test_case_and_compatibility_forms_are_equal_and_other_texts_are_not() -> None:
    assert canonical("\uff2d\uff33\uff27 ½") == canonical("msg 1\u20442")
    assert canonical("Straße") == canonical("STRASSE")
    assert canonical("㎏") == canonical("KG")
    assert canonical("두부") != canonical("두 부침")
    for pair, half_width, keys in zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", "ﾣﾥﾦﾪﾫﾬﾭﾮﾯﾰﾴ", PAIRS.split(), strict=True):
        assert canonical(f"두{pair}") == canonical(f"두{half_width}") == canonical(f"두{keys}"), pair


PAIRS = "ㄱㅅ ㄴㅈ ㄴㅎ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅂㅅ"
UNSEEN = [
    "\u3164",
    "\u200b",
    "\u115f",
    "\u1160",
    "\uffa0",
    "\u2800",
    "\u00ad",
    "\ufeff",
    "\u200d",
    "\ufe0f",
    "\u2060",
    "\u202e",
    "\u180e",
    "\U000e0041",
    "\U000e0100",
    "\u0301",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u200b\u0301 \u3164",
    "\U0001d159",
    "\U00013441",
    "\u3164\u0345",
    "\u00b4",
    "\uff9e \uffe3",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_invisible_characters_are_no_text(text: str) -> None:
    assert visible(text) == ""
    assert canonical(text) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  두부\u200b ", "두부"),
        ("두부\u3164조림", "두부 조림"),
        ("\u202e두부", "두부"),
        ("두\u00a0 부", "두\u00a0 부"),
        ("가족 👨\u200d👩\u200d👧", "가족 👨\u200d👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("가\r", "가"),
        (" 가 \n\n 나 ", "가\n\n나"),
        (unicodedata.normalize("NFD", "두부"), "두부"),
    ],
)
def test_visible_characters_are_kept(typed: str, kept: str) -> None:
    assert visible(typed) == kept


@given(st.text())
def test_both_forms_are_idempotent(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert visible(visible(text)) == visible(text)
    assert canonical(visible(text)) == canonical(text)
    assert bool(visible(text)) == bool(canonical(text))
