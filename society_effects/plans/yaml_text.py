"""What stands in a YAML file, and on which line? Plain values only: text, numbers, true, false, lists and mappings.

Words are read as YAML 1.2 reads them, so that ``yes`` and ``no`` stay levels of a column and ``007`` stays a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import PlanError

LARGEST = 1_000_000
"""Characters above which a file is no plan."""
DEEPEST = 12
"""Levels of nesting that no plan needs more of."""
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NOTHING = ("", "~", "null", "Null", "NULL")
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True)
class Entry:
    """A value with the line it stands on.

    value : a plain value, a list of entries, or a mapping from plain keys to entries.
    """

    value: Any
    line: int

    @property
    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: entry.plain for key, entry in self.value.items()}
        return [entry.plain for entry in self.value] if isinstance(self.value, list) else self.value

    def texts(self) -> Iterator[tuple[str, int]]:
        """Every plain value and key inside as text, with its line."""
        if isinstance(self.value, dict):
            for key, entry in self.value.items():
                yield str(key), entry.line
                yield from entry.texts()
        elif isinstance(self.value, list):
            for entry in self.value:
                yield from entry.texts()
        elif self.value is not None:
            yield str(self.value), self.line


def decoded(content: bytes) -> str:
    """Which text is in these bytes: UTF-8, UTF-16 with its mark, or else GB18030?"""
    named = [name for mark, name in MARKS if content.startswith(mark)]
    for encoding in named or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError("PLAN_ENCODING")


def entries(text: str) -> Entry:
    """What stands in this text? A PlanError that names the line where it cannot be read.

    >>> entries("member: yes\\nlevels: [no, 'yes', 1]").plain
    {'member': 'yes', 'levels': ['no', 'yes', 1]}
    """
    if len(text) > LARGEST:
        raise PlanError("PLAN_TOO_LARGE", n=len(text))
    try:
        _no_aliases(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(text, 1 if mark is None else mark.line + 1) from None
    except yaml.YAMLError as error:  # a character that YAML does not allow: it has a place, but no line
        place = int(getattr(error, "position", 0))
        raise _unreadable(text, text.count("\n", 0, place) + 1) from None
    if node is None:
        raise PlanError("PLAN_EMPTY")
    found = _entry(node, _line(node), 0)
    if not isinstance(found.value, dict):
        raise _unreadable(text, found.line)
    return found


def _no_aliases(text: str) -> None:
    """A plan says everything where it belongs; this also stops deep nesting before it is followed."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise PlanError("PLAN_ALIAS", line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise PlanError("PLAN_TOO_DEEP", line=line)


def _unreadable(text: str, line: int) -> PlanError:
    """The error of a line that is no YAML, with what is most often wrong with such a line."""
    lines = text.split("\n")
    line = next((n for n in (line - 1, line) if n > 0 and _wide_colon(lines[n - 1])), min(line, len(lines)))
    shown = lines[line - 1]
    why = "tab" if re.match(r" *\t", shown) else "colon" if _wide_colon(shown) else "other"
    return PlanError("PLAN_NOT_YAML", line=line, found=shown.strip()[:60], why=f"unreadable.{why}")


def _wide_colon(line: str) -> bool:
    """Does a full-width colon stand where the first colon of an entry belongs?"""
    return re.match(r"[^:：#'\"]*：", line) is not None


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _entry(node: Node, line: int, depth: int) -> Entry:
    if isinstance(node, MappingNode):
        return Entry(_mapping(node, depth), line)
    if isinstance(node, SequenceNode):
        return Entry([_entry(item, _line(item), depth + 1) for item in node.value], line)
    return Entry(_plain(node), line)


def _mapping(node: MappingNode, depth: int) -> dict[Any, Entry]:
    found: dict[Any, Entry] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, ScalarNode):
            raise PlanError("PLAN_BAD_KEY", line=line)
        key = _plain(key_node)
        if key is None or key == "<<":
            raise PlanError("PLAN_BAD_KEY", line=line)
        if key in found:
            raise PlanError("PLAN_KEY_TWICE", line=line, key=str(key), first=found[key].line)
        found[key] = _entry(value_node, line, depth + 1)
    return found


def _plain(node: Node) -> Any:
    """The value of a word: what is quoted is text."""
    text = str(node.value)
    if node.tag not in KNOWN_TAGS:
        raise PlanError("PLAN_TAG", line=_line(node), tag=str(node.tag))
    if node.style is not None:
        return text
    if text in NOTHING:
        return None
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text) if len(text) <= 18 else text
    if FLOAT.fullmatch(text) and float(text) not in (float("inf"), float("-inf")):
        return float(text)
    return text


KNOWN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
}
