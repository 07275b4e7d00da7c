"""Both languages have the same entries with the same slots, and every slot names a format that exists."""

import re
from string import Formatter

import pytest

from society_effects.language.catalogue import LANGUAGES, catalogue

ENTRIES = {lang: catalogue(lang).entries for lang in LANGUAGES}
TEXTS = sorted(key for key, entry in ENTRIES["en"].items() if isinstance(entry, str))
SAID_IN_WORDS = {"sentences.pieces.chi2": {"n"}, "sentences.": {"measure", "centre", "difference"}}
"""Start of a key -> slots that one language may fill where the other says the same in words, or not at all."""


def slots(text):
    """Slot -> format of a template."""
    return {name: form.partition(".")[0] for _, name, form, _ in Formatter().parse(text) if name}


def is_format(form, lang):
    """Does the catalogue know this format, for a text, a number or a pair?"""
    for value in ("a", 1.0, (1.0, 2.0), {"a": 1.0}):
        try:
            catalogue(lang).fill(f"{{x:{form}}}", x=value)
        except (ValueError, TypeError, AttributeError):
            continue
        return True
    return False


def test_a_format_nobody_knows_is_seen():
    assert is_format("number", "en") and is_format("label", "zh") and is_format("limits", "en")
    assert not is_format("nmber", "en")


def test_both_languages_have_the_same_entries():
    english, chinese = (set(entries) for entries in ENTRIES.values())
    assert english - chinese == set()
    assert {key for key in chinese - english if not key.startswith("tables.symbols.")} == set()


@pytest.mark.parametrize("key", TEXTS)
def test_an_entry_has_the_same_slots_in_both_languages(key):
    free = {name for start, names in SAID_IN_WORDS.items() if key.startswith(start) for name in names}
    english, chinese = (
        {name: form for name, form in slots(entries[key]).items() if name not in free} for entries in ENTRIES.values()
    )
    assert english == chinese


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_format_exists_and_every_entry_but_separators_says_something(lang):
    for key, text in ENTRIES[lang].items():
        if isinstance(text, str):
            assert text.strip() or len(text) <= 1, key
            for name, form in slots(text).items():
                assert form and is_format(form, lang), f"{key}: {{{name}:{form}}}"


def test_chinese_is_written_in_chinese():
    """A Chinese entry without a Chinese character is a symbol or a name, never an English sentence."""
    for key, text in ENTRIES["zh"].items():
        if isinstance(text, str) and not re.search(r"[\u4e00-\u9fff]", text):
            words = re.sub(r"\{[^}]*\}", "", text)
            assert not re.search(r"[a-z]{4,} [a-z]{3,}", words), f"{key}: {text}"


def test_no_chinese_text_says_xianzhu():
    assert not [key for key, text in ENTRIES["zh"].items() if isinstance(text, str) and "显著" in text]
