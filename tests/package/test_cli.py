"""The command, as a user types it."""

import json

import pandas as pd
import pytest

from society_effects import figures, folder
from society_effects.cli import main

SCORES = pd.DataFrame(
    {
        "学号": range(1, 13),
        "社团": ["是", "否"] * 6,
        "体格检查": [88, 71, 92, 80, 85, 77, 90, 69, 84, 75, "缺考", 78],
        "基本操作": [78, 74, 82, 70, 75, 79, 80, 72, 71, 73, 77, 70],
        "性别": ["男", "女", "女"] * 4,
    }
)
COMMON = ["--group", "社团", "--member", "是", "--outcomes", "体格检查", "基本操作", "--lang", "zh"]


@pytest.fixture
def unillustrated(monkeypatch):
    """Nothing is drawn: for tests of what a command computes and says, which need not wait for pictures."""
    for module in (figures, folder):
        monkeypatch.setattr(module, "possible_figures", lambda findings: [])


def write(frame, path):
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False, sheet_name="成绩")
    else:
        frame.to_csv(path, index=False, encoding="gb18030")
    return str(path)


@pytest.mark.parametrize("name", ["成绩 单.xlsx", "scores.csv"])
def test_compare_writes_everything(tmp_path, capsys, name):
    out = tmp_path / "结果"
    file = write(SCORES, tmp_path / name)
    assert main(["compare", file, *COMMON, "--missing", "缺考", "--covariates", "性别", "--out", str(out)]) == 0
    written = {path.name for path in out.iterdir()}
    assert {
        "result.json",
        "estimates.csv",
        "report.html",
        "comparison.xlsx",
        "table1.xlsx",
        "estimation.pdf",
    } <= written
    assert "values.csv" not in written
    checks = {check["key"] for check in json.loads((out / "result.json").read_text(encoding="utf-8"))["checks"]}
    assert "COVARIATES_NOT_ADJUSTED" in checks
    printed = capsys.readouterr().out
    assert "report.html" in printed and "体格检查" in printed
    ledger = pd.read_csv(out / "ledger.csv")
    assert "缺考" in ledger["reason"].dropna().tolist()


def test_text_in_scores_is_one_sentence_in_the_language(tmp_path, capsys):
    file = write(SCORES, tmp_path / "scores.csv")
    assert main(["compare", file, *COMMON, "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert "缺考" in message and "--missing" in message and "missing_codes" not in message
    assert len(message.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_column_that_is_not_there_offers_the_nearest(tmp_path, capsys):
    file = write(SCORES, tmp_path / "scores.csv")
    assert main(["compare", file, "--group", "社团", "--outcomes", "基本操做"]) == 2
    assert "基本操作" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_several_groups_kinds_and_settings(tmp_path, capsys):
    frame = SCORES.assign(社团=["是", "否", "曾参加"] * 4, 满意度=[3, 4, 5, 2] * 3, 论文=[0, 1, 2] * 4).replace(
        "缺考", 80
    )
    file, out = write(frame, tmp_path / "scores.csv"), tmp_path / "out"
    given = ["--group", "社团", "--member", "是", "--reference", "否", "--levels", "否", "曾参加", "是", "--lang", "zh"]
    kinds = ["--outcomes", "体格检查", "--ordinal", "满意度", "--count", "论文", "--missing", "缺考"]
    settings = [
        "--contrasts",
        "pairwise",
        "--margin",
        "体格检查=5",
        "论文=1",
        "--primary",
        "体格检查",
        "--out",
        str(out),
    ]
    assert main(["compare", file, *given, *kinds, *settings]) == 0
    estimates, tests = pd.read_csv(out / "estimates.csv"), pd.read_csv(out / "tests.csv")
    assert {"mean_difference", "probability_of_superiority", "rate_ratio"} <= set(estimates["measure"])
    assert {"omnibus", "trend", "equivalence"} <= set(tests["test"])
    assert estimates[["group", "reference"]].drop_duplicates().shape[0] == 3
    assert tests.dropna(subset="margin_high").groupby("outcome")["margin_high"].first().to_dict() == {
        "体格检查": 5,
        "论文": 1,
    }
    assert main(["compare", file, *given, *kinds, "--margin", "5", "--out", str(out)]) == 2
    assert "--margin 体格检查=5" in capsys.readouterr().err
    assert main(["compare", file, *given, *kinds, "--primary", "x", "--out", str(out)]) == 2
    assert "--primary" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_exposures_and_totals_are_never_ignored(tmp_path, capsys):
    data = pd.DataFrame({"g": ["yes", "no"] * 6, "papers": [0, 1, 2] * 4, "years": [1, 2, 3, 4] * 3, "a": range(12)})
    command = ["compare", write(data, tmp_path / "s.csv"), "--group", "g", "--member", "yes", "--out", str(tmp_path)]
    assert main([*command, "--exposure", "papers=years"]) == 0
    estimates = pd.read_csv(tmp_path / "estimates.csv")
    assert "rate_ratio" in set(estimates["measure"])
    assert pd.read_csv(tmp_path / "groups.csv")["exposure"].notna().all()
    assert main([*command, "--outcomes", "a", "--total", "totle"]) == 2
    assert "totle" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_totals_and_ranges(tmp_path, capsys):
    frame = SCORES.replace("缺考", 80).assign(总分=lambda d: d["体格检查"].astype(int) + d["基本操作"])
    file = write(frame, tmp_path / "scores.csv")
    arguments = [
        "compare",
        file,
        "--group",
        "社团",
        "--outcomes",
        "体格检查",
        "基本操作",
        "总分",
        "--out",
        str(tmp_path / "a"),
    ]
    assert main(arguments) == 0
    assert "--total" in capsys.readouterr().out or "UNDECLARED_TOTAL" in (tmp_path / "a" / "result.json").read_text(
        encoding="utf-8"
    )
    assert main([*arguments[:-1], str(tmp_path / "b"), "--total", "总分"]) == 0
    checks = (tmp_path / "b" / "result.json").read_text(encoding="utf-8")
    assert "PART_WHOLE" in checks and "UNDECLARED_TOTAL" not in checks
    assert main([*arguments, "--range", "0", "90"]) == 2
    assert "--range" in capsys.readouterr().err


def test_a_missing_file(tmp_path, capsys):
    assert main(["compare", str(tmp_path / "no.csv"), *COMMON]) == 2
    assert "no.csv" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_a_declared_class_is_never_ignored(tmp_path, capsys):
    file, out = write(SCORES.drop(columns="学号").replace("缺考", 80), tmp_path / "scores.csv"), tmp_path / "out"
    assert main(["compare", file, *COMMON, "--cluster", "性别", "--out", str(out)]) == 0
    assert set(pd.read_csv(out / "estimates.csv")["method"]) <= {"cr2", "hedges_2007"}
    assert main(["compare", file, *COMMON, "--cluster", "性别", "--method", "welch", "--out", str(out)]) == 2
    assert "性别" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_an_event_of_a_binary_outcome(tmp_path, capsys):
    frame = SCORES.assign(及格=["合格", "不合格", "合格"] * 4)
    file = write(frame, tmp_path / "scores.csv")
    arguments = ["--group", "社团", "--outcomes", "及格", "--event", "及格=合格", "--out", str(tmp_path / "out")]
    assert main(["compare", file, *arguments]) == 0
    estimates = pd.read_csv(tmp_path / "out" / "estimates.csv")
    assert "risk_difference" in set(estimates["measure"])


@pytest.mark.slow
def test_demo_writes_what_it_promises(tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path)]) == 0
    written = {path.name for path in tmp_path.iterdir()}
    promised = {"report_en.html", "report_zh.html", "table1.xlsx", "estimates.csv", "result.json", "published_en.html"}
    figures = {
        f"{kind}_{lang}.{end}"
        for kind in ("estimation", "forest")
        for lang in ("en", "zh")
        for end in ("pdf", "svg", "png")
    }
    assert promised | figures <= written
    printed = capsys.readouterr().out.lower()
    assert "simulated" in printed and "npvs2012" in printed
    for name in ("report_en.html", "report_zh.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert ("simulated data" in page.lower()) or ("模拟数据" in page)


@pytest.mark.usefixtures("unillustrated")
def test_the_template_of_a_plan_is_filled_in_shown_and_carried_out(tmp_path, capsys, monkeypatch):
    write(SCORES.replace("缺考", 80).assign(总分=lambda d: d["基本操作"]), tmp_path / "成绩.csv")
    assert main(["plan", "--template", "--lang", "zh"]) == 0
    text = capsys.readouterr().out.replace("design: member_comparison", "design: describe")
    (tmp_path / "计划 一.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "计划 一.yaml"]) == 0
    assert "主要结局为总分。" in capsys.readouterr().out
    assert main(["plan", "计划 一.yaml", "--lang", "en"]) == 0
    assert "The primary outcome is 总分." in capsys.readouterr().out
    assert main(["run", "计划 一.yaml", "--out", "结果 一"]) == 0
    printed = capsys.readouterr().out
    assert "1/1 未校正" in printed and "index.html" in printed
    assert (tmp_path / "结果 一" / "未校正" / "table1.xlsx").is_file()
    assert main(["run", "计划 一.yaml", "--out", "结果 一"]) == 1
    message = capsys.readouterr().err
    assert "--overwrite" in message and len(message.strip().splitlines()) == 1
    assert main(["run", "计划 一.yaml", "--out", "结果 一", "--overwrite", "--lang", "en"]) == 0
    assert main(["diff", "结果 一", "结果 一"]) == 0
    assert "一致" in capsys.readouterr().out


def test_a_plan_that_cannot_be_used_is_one_sentence_and_1(tmp_path, capsys):
    plan = tmp_path / "plan.yaml"
    assert main(["run", str(plan), "--lang", "zh"]) == 1
    assert "没有找到分析计划" in capsys.readouterr().err
    plan.write_text(
        "question: q\nsample: clinical_skills_667\noutcomes: [totl]\nanalyses: [describe]\n", encoding="utf-8"
    )
    assert main(["run", str(plan), "--out", str(tmp_path / "out")]) == 1
    message = capsys.readouterr().err
    assert "Line 3" in message and "total" in message and len(message.strip().splitlines()) == 1
    plan.write_text(
        "question: q\nsample: clinical_skills_667\noutcomes: [total]\nanalyses: [pre_post]\nstudy: {group: society}\n",
        encoding="utf-8",
    )
    assert main(["run", str(plan), "--out", str(tmp_path / "out")]) == 1
    assert "pre_post" in capsys.readouterr().err
    for usage in (["plan"], ["run"], ["diff", "a"], ["plan", "--template", "--example"]):
        with pytest.raises(SystemExit) as stopped:
            main(usage)
        assert stopped.value.code == 2


def test_sentences_of_plans_name_entries_not_arguments(tmp_path, capsys):
    file = tmp_path / "scores.csv"
    write(SCORES, file)
    text = "question: q\ndata: scores.csv\nstudy: {group: 社团}\noutcomes: [{column: 体格检查, kind: continuous}]\nanalyses: [describe]\n"
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    assert main(["run", str(tmp_path / "plan.yaml"), "--out", str(tmp_path / "out")]) == 1
    message = capsys.readouterr().err
    assert "missing_codes: [缺考]" in message or "missing_codes:" in message
    assert "missing_codes=" not in message


def test_an_interrupted_run_says_what_is_missing(tmp_path, capsys, monkeypatch):
    from society_effects.plans import running

    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "question: q\nsample: clinical_skills_667\noutcomes: [total]\nanalyses: [describe]\n", encoding="utf-8"
    )
    monkeypatch.setattr(running, "write_everything", stopped)
    assert main(["run", str(plan), "--out", str(tmp_path / "out")]) == 130
    assert "missing: describe" in capsys.readouterr().err


@pytest.mark.usefixtures("unillustrated")
def test_diff_says_1_where_results_differ_and_writes_a_page(tmp_path, capsys):
    file = write(SCORES.replace("缺考", 80), tmp_path / "scores.csv")
    for name, method in (("a", "welch"), ("b", "student")):
        assert main(["compare", file, *COMMON, "--method", method, "--out", str(tmp_path / name)]) == 0
    capsys.readouterr()
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert main(["diff", *folders, "--html", str(tmp_path / "新 页.html")]) == 1
    assert "自由度" in capsys.readouterr().out
    assert "自由度" in (tmp_path / "新 页.html").read_text(encoding="utf-8")
    assert main(["diff", *folders, "--tolerance", "5"]) == 2
    assert main(["diff", str(tmp_path), str(tmp_path / "none"), "--lang", "en"]) == 2
    assert "none" in capsys.readouterr().err
