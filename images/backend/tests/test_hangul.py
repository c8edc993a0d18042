"""Patterns for text that is typed and unfinished."""

from __future__ import annotations

import re

import pytest

from app.canonical import canonical
from app.hangul import literal, pattern


def finds(typed: str, text: str) -> bool:
    found = re.search(pattern(typed), canonical(text)) is not None
    assert literal(typed) in canonical(text) or not found
    return found


# The states of a two-set Korean keyboard while a word is typed.
@pytest.mark.parametrize(
    ("states", "word"),
    [
        ("ㄷ 두 둡 두부", "두부"),
        ("ㄷ 다 달 닭 달갸 달걀", "달걀"),
        ("ㄱ 기 김 김ㅊ 김치 김치ㅉ 김치찌 김치찍 김치찌개", "김치찌개"),
        ("ㄱ 고 과 괒 과자", "과자"),
        ("ㄷ 도 되 된 된ㅈ 된자 된장", "된장"),
        ("ㅇ 이 있 이쑤", "이쑤시개"),
        ("ㅇ 으 의", "의성마늘"),
        ("ㄴ 너 넉 넋 넉시", "넉시"),
        ("ㅆ 싸 쌀", "쌀"),
        ("ㄲ 깨 깻 깻ㅇ 깻이 깻잎", "깻잎"),
        ("ㄷㅂ 두ㅂ ㄷ부 ㄷㅂㅈㄹ ㄷㅄ", "두부조림 ㄷㅂㅅ"),
        ("ㄱㅊㅉㄱ 김ㅊㅉㄱ ㄱ치ㅉㄱ 김치찌게 김치 찌개 치찌", "김치찌개"),
        ("ㅇ 유 육ㄱ 육개 육갲 육개자 육개장 육게장 육걔장", "육계장"),
        ("ㄱ 거 게 겔 게라 게란 개란 걔란", "계란"),
        ("ㄱ 겨 계 계자 계장", "개장국 게장"),
        ("ㅇ 오 외 왜 웨", "웨하스"),
        ("ㅎ 헤 혜 햬", "해물"),
        ("t to tof tofu TO \uff54\uff4f", "Tofu"),
    ],
)
def test_every_state_of_typing_matches_the_word(states: str, word: str) -> None:
    assert [state for state in states.split() if not finds(state, word)] == []


# The states of a 천지인 keypad, which builds vowels from the strokes ㅣ, ㆍ and ㅡ.
@pytest.mark.parametrize(
    ("states", "word"),
    [
        ("ㅅ 시 사 삭 사ㄱㆍ 사고 사괴 사과", "사과"),
        ("ㄷ 드 두 둡 두브 두부", "두부"),
        ("ㄱ ㄱㆍ ㄱㆍㆍ ㄱᆢ ㄱᆞ 겨 계 곌 계리 계라 계란", "계란"),
        ("ㅂ 비 바 배 배ㅊ 배츠 배추", "배추"),
        ("ㅇ 이 아 야 얘", "얘기떡"),
        ("ㅇ 으 우 유 워 웨", "웨하스"),
        ("ㄷ ㄷㆍ 도 되 돠 돼 됒 돼지", "돼지고기"),
    ],
)
def test_every_state_of_a_vowel_of_strokes_matches_the_word(states: str, word: str) -> None:
    assert [state for state in states.split() if not finds(state, word)] == []


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("둡", "두유"),
        ("ㄷㅂ", "당근"),
        ("두부", "둡"),
        ("과", "고기"),
        ("닭", "달래"),
        ("ㄱㅂ", "ㄱ두부"),
        (".", "가"),
        ("%", "가"),
        ("두ㅂ", "둥부"),
        ("시과", "사과"),
        ("사", "시금치"),
        ("ㅅㆍ", "두부"),
        ("ㆍ", "두부"),
    ],
)
def test_text_that_cannot_become_the_word_does_not_match(typed: str, text: str) -> None:
    assert not finds(typed, text)


@pytest.mark.parametrize(
    "text", ["1+1", "a.b*c", "[가]", "(나", "back\\slash", "***:x", "^$", "가|나", "{2}"]
)
def test_special_characters_match_literally(text: str) -> None:
    assert finds(text, f"어떤 {text} 요리")
