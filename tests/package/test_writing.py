"""Files are kept whole or not at all."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from pathlib import Path

import pytest

from society_effects import writing
from society_effects.writing import without_clock, write_bytes, write_text


def test_an_interrupted_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = write_text(tmp_path / "scores.csv", "old")

    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["scores.csv"]


def test_the_file_is_never_seen_half_written(tmp_path):
    path, seen, done = write_text(tmp_path / "a.txt", "a" * 200_000), set(), threading.Event()

    def look():
        while not done.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    reader = threading.Thread(target=look)
    reader.start()
    for letter in "bcdb" * 20:
        write_text(path, letter * 200_000)
    done.set()
    reader.join()
    assert {len(text) for text in seen} == {200_000} and all(len(set(text)) == 1 for text in seen)


def test_folders_are_made_and_long_chinese_names_are_fine(tmp_path):
    name = "社" * 80 + ".txt"
    assert write_text(tmp_path / "结 果" / "a" / name, "92").read_text(encoding="utf-8") == "92"


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")
def test_permissions_and_links_stay(tmp_path):
    new = write_text(tmp_path / "new.txt", "1")
    plain = tmp_path / "plain.txt"
    plain.write_text("1")
    assert new.stat().st_mode == plain.stat().st_mode
    plain.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(plain)
    assert write_text(link, "2") == link and link.is_symlink()
    assert plain.read_text() == "2" and plain.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_what_is_no_file_is_written_to(tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_bytes(pipe, b"92")
    reader.join()
    assert got == [b"92"] and pipe.is_fifo()


def test_archives_lose_their_clock_and_nothing_else():
    made = []
    for year in (2001, 2020):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            core = f"<dcterms:created x>{year}-05-05T00:00:00Z</dcterms:created>"
            archive.writestr(zipfile.ZipInfo("docProps/core.xml", (year, 1, 1, 0, 0, 0)), core)
            archive.writestr(zipfile.ZipInfo("a.xml", (year, 1, 1, 0, 0, 0)), f"{2001}")
        made.append(without_clock(buffer.getvalue()))
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert archive.namelist() == ["docProps/core.xml", "a.xml"] and archive.read("a.xml") == b"2001"


def test_nothing_of_the_package_writes_past_this_file():
    """Whatever is kept goes through here; what is left writes to a stream, or bundled data when it is made again."""
    package = Path(writing.__file__).parent
    allowed = {"writing.py", "simulate/clinical_skills.py", "simulate/professional_identity.py"}
    for file in package.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.relative_to(package).as_posix() not in allowed:
            assert ".write_text(" not in text and ".write_bytes(" not in text and '.open("w' not in text, file
