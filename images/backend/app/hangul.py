"""Search for Hangul while it is typed: 두, 둡 and ㄷㅂ find 두부.

Unicode's formula of a syllable is U+AC00 + (onset * 21 + vowel) * 28 + final. So the syllables that an
unfinished syllable may become are a few ranges of characters, which a regular expression can contain.
"""

from __future__ import annotations

import re

from .canonical import canonical

_FIRST, _LAST = 0xAC00, 0xD7A3
# The first conjoining onset: canonical() converts every lone consonant to a conjoining onset.
_ONSET = 0x1100
_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# The keys of each final, in Unicode's order.
_FINALS = (
    *("", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ"),
    *("ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"),
)
# A vowel, and the vowels that further keys make of it. A 천지인 keypad builds each vowel from the strokes
# ㅣ, ㆍ and ㅡ: typing ㅘ shows ㅗ, ㅚ and ㅘ.
_GROWTH = (
    *("ㅣㅏㅐㅑㅒ", "ㅏㅐㅑㅒ", "ㅑㅒ", "ㅓㅔ", "ㅕㅖ", "ㅗㅘㅙㅚ", "ㅚㅘㅙ", "ㅘㅙ"),
    *("ㅡㅜㅝㅞㅟㅠㅢ", "ㅜㅝㅞㅟㅠ", "ㅠㅝㅞ", "ㅝㅞ"),
)
_GROWS = {vowels[0]: vowels[1:] for vowels in _GROWTH}
# One or two strokes ㆍ (canonical: U+119E, U+11A2) after a consonant: no vowel yet.
_STROKES = re.compile("(?<=[\u1100-\u1112])[\u119e\u11a2]+$")
# Vowels with the same sound today: 찌게 is a common spelling of 찌개, and 육개장 of 육계장.
_SOUNDS_LIKE = {vowel: group for group in ("ㅐㅔㅒㅖ", "ㅙㅚㅞ") for vowel in group}


def pattern(text: str) -> str:
    """A regular expression, for PostgreSQL and Python, that matches texts which may begin as `text`.

    The last syllable of `text` may be unfinished, and a lone consonant matches any syllable that
    begins with it.
    """
    text = _typed(text)
    return "".join(map(_whole, text[:-1])) + "".join(map(_unfinished, text[-1:]))


def literal(text: str) -> str:
    """The longest part that every match of `pattern(text)` contains unchanged; it may be empty."""
    runs: list[str] = [""]
    for character in _typed(text)[:-1]:
        if _whole(character) == re.escape(character):
            runs[-1] += character
        else:
            runs.append("")
    return max(runs, key=len)


def _typed(text: str) -> str:
    return _STROKES.sub("", canonical(text))


def _whole(character: str) -> str:
    if _is_onset(character):
        return _any_with(ord(character) - _ONSET)
    if not _is_syllable(character):
        return re.escape(character)
    onset, vowel, final = _parts(character)
    same = [_syllable(onset, _VOWELS.index(one), final) for one in _alike(vowel)]
    return same[0] if len(same) == 1 else f"[{''.join(same)}]"


def _unfinished(character: str) -> str:
    if not _is_syllable(character):
        return _whole(character)
    onset, vowel, final = _parts(character)
    vowels = _alike(vowel)
    if final == 0:
        grown = _VOWELS[vowel] + _GROWS.get(_VOWELS[vowel], "")
        numbers = sorted({_VOWELS.index(same) for one in grown for same in _SOUNDS_LIKE.get(one, one)})
        return f"[{''.join(_range(_syllable(onset, n, 0), _syllable(onset, n, 27)) for n in numbers)}]"
    keys = _FINALS[final]
    # 달 may become 닭, and the last consonant may begin the next syllable: 둡 becomes 두부, and 닭 달걀.
    finals = [number for number, other in enumerate(_FINALS) if other.startswith(keys)]
    left, next_onset = _FINALS.index(keys[:-1]), _ONSETS.index(keys[-1])
    numbers = [_VOWELS.index(one) for one in vowels]
    here = "".join(_syllable(onset, number, one) for number in numbers for one in finals)
    before = "".join(_syllable(onset, number, left) for number in numbers)
    return f"(?:[{here}]|[{before}]{_any_with(next_onset)})"


def _any_with(onset: int) -> str:
    return f"[{chr(_ONSET + onset)}{_range(_syllable(onset, 0, 0), _syllable(onset, 20, 27))}]"


def _alike(vowel: int) -> str:
    return _SOUNDS_LIKE.get(_VOWELS[vowel], _VOWELS[vowel])


def _range(first: str, last: str) -> str:
    return f"{first}-{last}"


def _is_onset(character: str) -> bool:
    return _ONSET <= ord(character) < _ONSET + len(_ONSETS)


def _is_syllable(character: str) -> bool:
    return _FIRST <= ord(character) <= _LAST


def _parts(syllable: str) -> tuple[int, int, int]:
    rest, final = divmod(ord(syllable) - _FIRST, len(_FINALS))
    return *divmod(rest, len(_VOWELS)), final


def _syllable(onset: int, vowel: int, final: int) -> str:
    return chr(_FIRST + (onset * len(_VOWELS) + vowel) * len(_FINALS) + final)
