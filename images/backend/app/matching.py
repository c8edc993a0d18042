"""SQL conditions on columns with canonical text, for a search that may be unfinished."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Integer, case, cast

from .canonical import canonical
from .hangul import literal, pattern

# The rank of a match that is not in the first line and is not a whole line.
WORST = 7


def words(q: str | None) -> list[str]:
    """The canonical words of a search, in the order they were typed."""
    return [word for word in map(canonical, (q or "").split()) if word]


def contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a text contains the word, or a word that it may become."""
    found = column.regexp_match(pattern(word))
    # Cheaper, so it is first.
    plain = literal(word)
    return column.contains(plain, autoescape=True) & found if plain else found


def rank(column: ColumnElement[str], q: str) -> ColumnElement[int]:
    """The rank of a match: 0 if the first line equals the search, WORST for a match elsewhere.

    A match of the typed text comes before a match of a completion.
    """
    typed, unfinished = canonical(q), pattern(q)
    return cast(
        case(
            (column == typed, 0),
            (column.startswith(typed + "\n", autoescape=True), 0),
            (column.startswith(typed, autoescape=True), 1),
            (column.regexp_match(f"^{unfinished}"), 2),
            (column.regexp_match(f"^[^\\n]*{re.escape(typed)}"), 3),
            (column.regexp_match(f"^[^\\n]*{unfinished}"), 4),
            (column.regexp_match(f"\\n{re.escape(typed)}(\\n|$)"), 5),
            (column.contains(typed, autoescape=True), 6),
            else_=WORST,
        ),
        Integer,
    )
