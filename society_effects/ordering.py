"""In which order do people count names? Year 2 before year 10, 大二 before 大十, 甲班 before 乙班."""

from __future__ import annotations

import re
from collections.abc import Iterable

DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0}
TENS = {"十": 10, "百": 100}
STEMS = "甲乙丙丁戊己庚辛壬癸"
COUNTED = re.compile(rf"(\d+|[{''.join(DIGITS)}十百]+|[{STEMS}])")


def natural_order(texts: Iterable[str]) -> list[str]:
    """In which order do people count these names?

    >>> natural_order(["year 10", "year 2", "year 1"]), natural_order(["大三", "大二", "大一"])
    (['year 1', 'year 2', 'year 10'], ['大一', '大二', '大三'])
    >>> natural_order(["第十二", "第二十", "第2", "第十"]), natural_order(["丙班", "甲班", "乙班"])
    (['第2', '第十', '第十二', '第二十'], ['甲班', '乙班', '丙班'])
    """
    return sorted(texts, key=natural_key)


def natural_key(text: str) -> tuple[int, float, list[tuple[bool, int, str]], str]:
    """What a name is sorted by: numbers by their size before all else, other names by the numbers in them."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number == number:
        return 0, number, [], text
    return 1, 0.0, [_piece(part, place % 2 == 1) for place, part in enumerate(COUNTED.split(text))], text


def _piece(part: str, counts: bool) -> tuple[bool, int, str]:
    return (True, _number(part), part) if counts else (False, 0, part)


def _number(word: str) -> int:
    """The number a numeral stands for.

    >>> [_number(word) for word in ("12", "十二", "二十", "二〇二四", "一百零三", "丙")]
    [12, 12, 20, 2024, 103, 3]
    """
    if word in STEMS:
        return STEMS.index(word) + 1
    if word.isdecimal():
        return int(word)
    if not set(word) & set(TENS):
        return int("".join(str(DIGITS[sign]) for sign in word))
    total, digit = 0, 0
    for sign in word:
        if sign in TENS:
            total, digit = total + (digit or 1) * TENS[sign], 0
        else:
            digit = DIGITS[sign]
    return total + digit
