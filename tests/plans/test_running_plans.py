"""A plan is carried out: everything in its place, the same bytes each time, and nothing lost on the way."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from plan_examples import ONLY_TABLE_1, command, contents, plan, written

import society_effects as se
from society_effects.plans import running
from society_effects.plans.running import Interrupted, run


def test_everything_is_in_its_place(made):
    own, folder = made
    names = set(contents(folder))
    for wanted in ("index.html", "plan.yaml", "run.json", "describe/result.json", "describe/table1.xlsx", "未校正/report.md",
                   "未校正/estimates.csv", "未校正/estimation.pdf", "未校正/estimation.png", "what is missing/sensitivity.csv"):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if name.endswith("values.csv") or ".part" in name]
    assert (folder / "plan.yaml").read_bytes() == own.source
    result = se.Result.load(folder / "未校正")
    assert result.provenance["planned"] is True
    assert result.estimates.equals(own.fit("未校正").estimates)


def test_the_record_says_what_was_made_of_what(made):
    own, folder = made
    text = (folder / "run.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["complete"] and record["plan"]["sha256"] == own.hash and record["seed"] == 7
    assert record["data"]["file"] == "成绩 单.csv" and record["data"]["study"] == own.study.fingerprint
    assert str(folder.parent) not in text
    for name, analysis in record["analyses"].items():
        assert analysis["files"] == sorted(p.name for p in (folder / name).iterdir())


def test_the_page_leads_everywhere(made):
    from html.parser import HTMLParser
    from urllib.parse import unquote

    _, folder = made
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(unquote(value) for name, value in attrs if tag == "a" and name == "href")

    page = (folder / "index.html").read_text(encoding="utf-8")
    Links().feed(page)
    assert set(found) == set(contents(folder)) - {"index.html"}
    assert "社团成员得分是否更高？" in page and "estimation：所用数据见" in page


def stopping_at(name):
    """``write_everything`` that is stopped while it writes this analysis."""
    whole = running.write_everything

    def stopped(result, part, *arguments, **options):
        if part.name.startswith(name):
            part.mkdir(parents=True)
            (part / "half").write_text("half")
            raise KeyboardInterrupt
        return whole(result, part, *arguments, **options)

    return stopped


@pytest.mark.slow
def test_an_interrupted_run_goes_on_and_makes_the_same_bytes_as_a_whole_one(made, tmp_path, monkeypatch):
    own, folder = plan(tmp_path), tmp_path / "out"
    with monkeypatch.context() as context:
        context.setattr(running, "write_everything", stopping_at("未校正"))
        with pytest.raises(Interrupted) as stopped:
            run(own, folder)
    assert stopped.value.missing == ("未校正", "what is missing")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert [a["state"] for a in record["analyses"].values()] == ["done", "missing", "missing"]
    assert not list(folder.glob("*.part")) and "尚未完成" in (folder / "index.html").read_text(encoding="utf-8")
    before = (folder / "describe" / "result.json").stat().st_mtime_ns
    said = []
    run(own, folder, say=said.append)
    assert (folder / "describe" / "result.json").stat().st_mtime_ns == before
    assert "沿用" in said[0] and "沿用" not in said[1]
    first, second = contents(made[1]), contents(folder)
    assert first.keys() == second.keys()
    assert not [name for name in first if first[name] != second[name]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.slow
def test_a_killed_run_goes_on(tmp_path):
    path, folder = (
        written(
            tmp_path,
            replaced=[*ONLY_TABLE_1, ("  - describe\n", "  - describe\n  - {name: again, design: describe}\n")],
        ),
        tmp_path / "out",
    )
    start = [sys.executable, "-c", "import sys; from society_effects.cli import main; sys.exit(main())"]
    with subprocess.Popen([*start, "run", str(path), "--out", str(folder)], stdout=subprocess.DEVNULL) as process:
        for _ in range(1200):
            if (folder / "describe" / "result.json").exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["complete"] is False
    after = command("run", path, "--out", folder)
    assert after.returncode == 0, after.stderr
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["complete"] is True
    assert not list(folder.glob("*.part"))


def refused(own, folder, **options):
    with pytest.raises(se.PlanError) as caught:
        run(own, folder, **options)
    return caught.value.code


def test_a_folder_that_holds_something_else_is_refused(made, tmp_path):
    own, folder = made
    assert refused(own, folder) == "RUN_COMPLETE"
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("mine")
    assert refused(own, other) == refused(own, other, overwrite=True) == "RUN_FOLDER_NOT_EMPTY"
    assert refused(own, other / "thesis.docx") == "RUN_FOLDER_NOT_EMPTY"
    (other / "run.json").write_text('{"format": 1, "analyses": {"../x": {"state": "done"}}}')
    assert refused(own, other, overwrite=True) == "RUN_NOT_READABLE"
    (other / "run.json").write_text("{")
    assert refused(own, other) == "RUN_NOT_READABLE"
    assert (other / "thesis.docx").read_text() == "mine"


@pytest.mark.slow
def test_another_plan_or_other_data_are_refused_and_overwritten_on_request(tmp_path):
    own, folder = plan(tmp_path, replaced=ONLY_TABLE_1), tmp_path / "out"
    own.run(folder)
    changed = [*ONLY_TABLE_1, ("seed: 7", "seed: 8"), ("- describe", "- {name: table1, design: describe}")]
    other = plan(tmp_path, name="other.yaml", replaced=changed)
    with pytest.raises(se.PlanError, match="另一份分析计划"):
        other.run(folder)
    data = tmp_path / "成绩 单.csv"
    data.write_bytes(data.read_bytes().replace(b"140,", b"141,"))
    with pytest.raises(se.PlanError, match="另一份数据文件"):
        se.read_plan(own.file).run(folder)
    (folder / "describe" / "my notes.txt").write_text("mine")
    other.run(folder, overwrite=True)
    assert (folder / "table1" / "result.json").is_file()
    assert [p.name for p in (folder / "describe").iterdir()] == ["my notes.txt"]


def test_what_cannot_be_made_is_said_and_all_else_is_made(tmp_path, capsys):
    own = plan(
        tmp_path, replaced=[("- describe", "- pre_post"), ("resamples: 99", "resamples: 99\n    margin: {基本: 3}")]
    )
    found = own.run(tmp_path / "out")
    assert found.done == () and [e.values["name"] for e in found.failed] == ["pre_post", "未校正", "what is missing"]
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert "基本操作" in record["analyses"]["未校正"]["why"]
    assert "未能完成" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_run_with_several_languages_and_formats(tmp_path):
    text = [*ONLY_TABLE_1, ("languages: [zh]", "languages: [zh, en]"), ("formats: [md, html]", "formats: [md, docx]")]
    own = plan(tmp_path, replaced=text)
    names = set(contents(own.run(tmp_path / "out").folder))
    assert {f"describe/report_{lang}.{end}" for lang in ("en", "zh") for end in ("md", "docx")} <= names
