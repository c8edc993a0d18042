"""Conditions of SQL on columns that hold canonical text, for what a person typed, finished or not."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Integer, case, cast

from .canonical import canonical
from .hangul import literal, pattern

# The rank of a match that is neither in the first line nor the whole of another.
WORST = 7


def words(q: str | None) -> list[str]:
    """The canonical words of a search, in the order they were typed."""
    return [word for word in map(canonical, (q or "").split()) if word]


def contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Tell whether a text has the word, or what it may become."""
    found = column.regexp_match(pattern(word))
    # Cheaper, so it is looked at first.
    plain = literal(word)
    return column.contains(plain, autoescape=True) & found if plain else found


def rank(column: ColumnElement[str], q: str) -> ColumnElement[int]:
    """How well the first line of a text matches a search: 0 is the very text, WORST a match somewhere else.

    What is there as it was typed comes before what it may become.
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
