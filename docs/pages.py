"""Which pages are there in both languages, and is a Chinese page still the translation of its English one?

``python docs/pages.py`` notes down, once the Chinese pages say what the English ones say, which English text they
translate; a test tells the sections that were changed since.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
NOTED = HERE / "zh" / "translated.json"
WRITTEN_BY_THE_BUILD = ("gallery", "grade_tables")
FENCE = re.compile(r"^(```+|:::+)")
HEADING = re.compile(r"^(#+) +(.*)")


def translated_pages(folder: Path = HERE) -> list[str]:
    """The names of the pages that are there in both languages."""
    return sorted({path.stem for path in (folder / "zh").glob("*.md")} - {"grade_tables"} | {"gallery"})


def twins_of_notebooks(folder: Path) -> dict[str, str]:
    """From a notebook to the same one in the other language: they begin with the same number."""
    names = [f"notebooks/{path.stem}" for path in folder.glob("*.ipynb")]
    return {one: other for one in names for other in names if one != other and one[:12] == other[:12]}


def hand_written(folder: Path = HERE) -> list[str]:
    """The pages in both languages that people write."""
    return [name for name in translated_pages(folder) if name not in WRITTEN_BY_THE_BUILD]


def sections(text: str) -> list[tuple[int, str, str]]:
    """The sections of a page: level and words of the heading, and a digest of all that stands under it."""
    found: list[tuple[int, str, list[str]]] = [(0, "", [])]
    inside = ""
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and (not inside or line.startswith(inside)):
            inside = "" if inside else fence.group(1)
        heading = None if inside else HEADING.match(line)
        if heading:
            found.append((len(heading.group(1)), heading.group(2), []))
        found[-1][2].append(line.rstrip())
    return [(level, words, _digest("\n".join(lines))) for level, words, lines in found]


def blocks(text: str) -> list[str]:
    """The blocks of Python code that the build runs, in their order."""
    return re.findall(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def page(name: str, lang: str = "en") -> str:
    """The text of a page."""
    folder = HERE / "zh" if lang == "zh" else HERE
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def noted() -> dict[str, dict[str, str]]:
    """By page: the sections that were translated, with the digests of their English text."""
    return json.loads(NOTED.read_text(encoding="utf-8"))


def stated() -> dict[str, dict[str, str]]:
    """The same of the English pages as they are now."""
    return {
        name: {f"{k}. {words}": digest for k, (_, words, digest) in enumerate(sections(page(name)))}
        for name in hand_written()
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


if __name__ == "__main__":
    NOTED.write_text(json.dumps(stated(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
