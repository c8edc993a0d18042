"""The visible form of a text, and a canonical form for comparison.

Unicode has invisible characters and several spellings of one text: half-width, composed, in another case,
with other white space. `visible` is the form to store and show, `canonical` the form to compare.
"""

from __future__ import annotations

import re
import unicodedata

# Blank characters with the width of a letter: the Hangul fillers, the blanks of Braille and of hieroglyphs,
# and the musical null notehead.
_BLANK = re.compile("[\u3164\uffa0\u2800\U00013441\U00013442\U0001d159]")
# Unicode's Default_Ignorable_Code_Point and the interlinear annotations, without the joiners.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Invisible, but they change their neighbours: an emoji sequence, a form of a letter.
_JOINERS = "\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_JOINER = re.compile(f"[{_JOINERS}]")
# Two consonants that a keyboard shows as one final until a vowel follows.
_PAIRS = str.maketrans(
    {
        "ㄳ": "ㄱㅅ",
        "ㄵ": "ㄴㅈ",
        "ㄶ": "ㄴㅎ",
        "ㄺ": "ㄹㄱ",
        "ㄻ": "ㄹㅁ",
        "ㄼ": "ㄹㅂ",
        "ㄽ": "ㄹㅅ",
        "ㄾ": "ㄹㅌ",
        "ㄿ": "ㄹㅍ",
        "ㅀ": "ㄹㅎ",
        "ㅄ": "ㅂㅅ",
    }
)
# The same pairs in half width.
_HALF_WIDTH = str.maketrans("ﾣﾥﾦﾪﾫﾬﾭﾮﾯﾰﾴ", "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ")


def visible(text: str) -> str:
    """The text without invisible characters, in NFC, each line trimmed.

    Returns an empty text if the canonical form is empty: for white space, fillers, joiners and accents
    without a letter.
    """
    if not canonical(text):
        return ""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _BLANK.sub(" ", text)))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def canonical(text: str) -> str:
    """A form that is equal for texts that people regard as the same.

    Without white space and unseen characters, case folded, in NFKC: `canonical("다진 마늘")` is that of
    "다진마늘". Lone consonants are the conjoining ones, U+1100 and on. Empty for an invisible text.
    """
    simple = text
    while (simpler := _simplify(simple)) != simple:
        simple = simpler
    # Both forms are checked: NFKC makes an accent of U+00B4, and case folding makes a letter of the
    # accent U+0345.
    return simple if any(map(_is_seen, text)) and any(map(_is_seen, simple)) else ""


def _simplify(text: str) -> str:
    text = _JOINER.sub("", _INVISIBLE.sub("", _BLANK.sub(" ", text)))
    text = text.translate(_HALF_WIDTH).translate(_PAIRS)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(text.split())


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    is_mark = category[0] in "ZM" or category in ("Cc", "Cf", "Cs")
    return not (is_mark or any(unseen.match(character) for unseen in (_BLANK, _INVISIBLE, _JOINER)))
