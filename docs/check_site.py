"""Does every link of the built pages lead somewhere, and is nothing loaded from the net? ``make docs`` asks after it.

``python docs/check_site.py docs/_build/html`` names what is wrong, and ends with 1 where anything is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
}
LOADED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect"}
ELSEWHERE = ("http", "https", "mailto", "data", "javascript")


@dataclass
class Page(HTMLParser):
    """What a page holds: names that can be linked to, links, and what is loaded with it."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given:
            self.loaded.append(given[LOADED[tag]])
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            self.loaded.append(given["href"])


def faults(site: Path) -> Iterator[str]:
    """What is wrong with the pages below this folder, one sentence each."""
    pages = {path.resolve(): _read(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}
    if not pages:
        yield f"{site}: no pages"
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        for address in page.loaded:
            parts = urlsplit(address)
            if parts.netloc or parts.scheme in ("http", "https"):
                yield f"{name}: loads {address} from the net"
            elif parts.scheme != "data" and not _target(path, parts.path).is_file():
                yield f"{name}: {address} is not there"
        for address in page.links:
            yield from (f"{name}: {fault}" for fault in _dead(path, address, pages))


def _dead(path: Path, address: str, pages: dict[Path, Page]) -> Iterator[str]:
    parts = urlsplit(address)
    if parts.scheme in ELSEWHERE or parts.netloc:
        return
    target = _target(path, parts.path)
    if not target.is_file():
        yield f"{address} leads nowhere"
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        yield f"{address} leads to a place that is not on that page"


def _target(path: Path, address: str) -> Path:
    return (path.parent / unquote(address)).resolve() if address else path


def _read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


if __name__ == "__main__":
    found = list(faults(Path(sys.argv[1])))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
