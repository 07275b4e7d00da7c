"""Which notes stand below a table? General ones first, then the footnotes in the order they were first needed."""

from __future__ import annotations

from typing import Any

from ..findings.checks import WHY_UNDEFINED
from ..findings.findings import Findings
from .formats import Format
from .table import Note


class Notes:
    """Collects notes while a table is built; a footnote said twice keeps one mark."""

    def __init__(self, findings: Findings, form: Format) -> None:
        self.findings, self.form = findings, form
        self._general: list[Note] = []
        self._marked: dict[str, Note] = {}
        if findings.simulated:
            self._general.append(Note(form.rich("notes.simulated"), emphasis=True))

    def add(self, key: str, counts: tuple[int, ...] = (), /, **values: Any) -> None:
        """Add a general note, once. counts : the numbers of students that it tells."""
        note = Note(self.form.rich(f"notes.{key}", **values), counts=counts)
        if note not in self._general:
            self._general.append(note)

    def mark(self, key: str, **values: Any) -> str:
        """The mark of a footnote; the footnote is added when it is new."""
        content = self.form.rich(f"footnotes.{key}", **values)
        text = "".join(run.text for run in content)
        if text not in self._marked:
            self._marked[text] = Note(content, letters(len(self._marked)))
        return self._marked[text].mark

    def undefined(self, outcome: str) -> str:
        """The mark of the footnote that says why a number of this outcome is undefined."""
        keys = {check.key for check in self.findings.checks_on(outcome)}
        reasons = (key for key in WHY_UNDEFINED if key in keys)
        known = (key for key in reasons if self.form.words.has(f"tables.footnotes.undefined.{key}"))
        return self.mark(f"undefined.{next(known, 'OTHER')}")

    def all(self) -> tuple[Note, ...]:
        """All notes in their order."""
        return (*self._general, *self._marked.values())


def letters(i: int) -> str:
    """The marks of footnotes: a, b, ..., z, aa, ab, ..."""
    return (letters(i // 26 - 1) if i >= 26 else "") + chr(ord("a") + i % 26)
