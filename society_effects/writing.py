"""How is a file kept? Whole or not at all: written beside its place, then put there in one step."""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from pathlib import Path

EPOCH = (2000, 1, 1, 0, 0, 0)
UNIX = 3
CHANGED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Keep these bytes as a file: until all of them are written, what was there before stays there. The path written.

    A folder that does not exist yet is made. A link stays a link, and what is no file (a pipe) is written to.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder) / "new" / "scores.txt", b"92").read_bytes()
    b'92'
    """
    place = Path(path).resolve()
    if place.exists() and not place.is_file():
        place.write_bytes(content)
        return Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if place.exists():
            beside.chmod(place.stat().st_mode & 0o7777)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    return Path(path)


def write_text(path: Path | str, text: str, encoding: str = "utf-8") -> Path:
    """Keep this text as a file, its line ends as they are. The path written."""
    return write_bytes(path, text.encode(encoding))


def without_clock(archive: bytes) -> bytes:
    """The same Excel or Word file without the time it was made, so that the same content makes the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = CHANGED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            placed = zipfile.ZipInfo(entry.filename, EPOCH)
            placed.create_system = UNIX
            target.writestr(placed, content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()
