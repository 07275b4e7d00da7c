"""The command ``society-effects``: the demonstration, the comparison of a user's own file, and analysis plans."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from . import cli_plans
from .errors import SocietyEffectsError
from .language.catalogue import LANGUAGES, catalogue

if TYPE_CHECKING:
    from .study.outcome import Outcome


CONTRASTS = ("reference", "pairwise")
OPTIONS = {
    "Outcome(..., event=)": "--event",
    "Outcome(..., exposure=)": "--exposure",
    "Outcome(..., parts=)": "--total",
    "missing_codes=": "--missing",
    "reference=": "--reference",
    "outcomes=": "--outcomes",
    "contrasts": "--contrasts",
    "cluster=": "--cluster",
    "primary=": "--primary",
    "margin=": "--margin",
    "levels=": "--levels",
    "member=": "--member",
    "group=": "--group",
    "sheet=": "--sheet",
    "range=": "--range",
    "unit=": "--unit",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when it went well, 2 when the data or the words of the command could not be used.

    Of a plan: 1 when the plan or its data could not be used, 130 when it was stopped. Of ``diff``: 1 when results
    differ.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments, argparse.Namespace(err=sys.stderr))
    of_plan = options.command in ("plan", "run")
    try:
        return _COMMANDS[options.command](options, sys.stdout) or 0
    except SocietyEffectsError as error:
        error.lang = (options.lang or error.lang) if of_plan else (error.lang or options.lang)
        print(f"society-effects: {cli_plans.spoken(error) if of_plan else _in_options(str(error))}", file=sys.stderr)
        return cli_plans.USER_ERROR if of_plan else 2
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None
    return 0


def _in_options(sentence: str) -> str:
    """The sentence with the names of Python arguments as options of the command."""
    sentence = re.sub(r"missing_codes=\{[^\[]*\[\"?([^\"\]]*)\"?\]\}", r"--missing \1", sentence)
    sentence = re.sub(r"margin=\{\"([^\"]*)\": ([^}]*)\}", r"--margin \1=\2", sentence)
    for argument, option in OPTIONS.items():
        sentence = sentence.replace(argument, option)
    return sentence


def _demo(options: argparse.Namespace, out: TextIO) -> None:
    from .demo import demonstrate

    paths = demonstrate(options.out, options.lang, out)
    _list_files(paths, options.lang, out)


def _compare(options: argparse.Namespace, out: TextIO) -> None:
    from .designs.member_comparison import MemberComparison
    from .folder import write_everything
    from .study.readers import read_study

    study = read_study(
        options.file,
        sheet=options.sheet,
        outcomes=_outcomes(options),
        group=options.group,
        member=options.member,
        reference=options.reference,
        covariates=tuple(options.covariates),
        unit=options.unit,
        cluster=options.cluster,
        levels=options.levels,
        missing_codes=tuple(options.missing) or None,
        lang=options.lang,
    )
    settings = {name: getattr(options, name) for name in ("method", "contrasts", "primary")}
    result = MemberComparison(**settings, margin=_margin(options.margin)).fit(study)
    print(result.summary(options.lang), file=out)
    _list_files(write_everything(result, options.out, (options.lang,)), options.lang, out)


def _outcomes(options: argparse.Namespace) -> list[Outcome]:
    from .study.outcome import Outcome

    events = dict(pair.split("=", 1) for pair in options.event)
    kinds = {name: kind for kind in ("ordinal", "nominal", "count") for name in getattr(options, kind)}
    exposures = dict(pair.split("=", 1) for pair in options.exposure)
    total = () if options.total is None else (options.total,)
    named = list(dict.fromkeys([*options.outcomes, *events, *kinds, *exposures, *total]))
    scores = [name for name in named if name not in {*events, *kinds, *exposures}]
    parts = tuple(name for name in scores if name != options.total)
    return [
        Outcome(
            name,
            kind=kinds.get(name, "count" if name in exposures else None),  # type: ignore[arg-type]
            exposure=exposures.get(name),
            event=events.get(name),
            range=tuple(options.range) if name in scores and options.range is not None else None,
            parts=parts if name == options.total else (),
        )
        for name in named
    ]


def _margin(given: list[str] | None) -> Any:
    """One number for all outcomes, or COLUMN=NUMBER for each; what is no number is left to the design to refuse."""
    if given is None:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return _number(given[0])
    pairs = (text.rpartition("=") for text in given)
    return {column: _number(number) for column, _, number in pairs}


def _number(text: str) -> float | str:
    with contextlib.suppress(ValueError):
        return float(text)
    return text


def _list_files(paths: Sequence[Path], lang: str, out: TextIO) -> None:
    print("\n" + catalogue(lang).say("cli.written", n=len(paths)), file=out)
    for path in paths:
        print(f"  {path}", file=out)


def _column_is_level(text: str) -> str:
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not COLUMN=LEVEL, for example passed=yes")
    return text


def _column_is_column(text: str) -> str:
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not COUNT=EXPOSURE, for example papers=years")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="society-effects", description="Does joining a student society help?")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="the bundled cohort and published tables, as reports and figures")
    compare = commands.add_parser("compare", help="members against non-members, from your own file")
    for command in (demo, compare):
        command.add_argument("--lang", choices=LANGUAGES, default="en", help="language of what is written and printed")
    demo.add_argument("--out", type=Path, default=Path("demo_output"), help="folder to write to")
    compare.add_argument("file", type=Path, help="CSV, Excel, SPSS .sav, Stata .dta or Parquet")
    compare.add_argument("--group", required=True, help="column that says who is a member")
    compare.add_argument("--member", help="the level that counts as member")
    compare.add_argument("--reference", help="the level it is compared with")
    compare.add_argument("--levels", nargs="+", help="all groups in their order, for a trend over several groups")
    compare.add_argument("--outcomes", nargs="+", default=[], help="columns to compare")
    compare.add_argument("--ordinal", nargs="+", default=[], help="of these, ordered categories, such as Likert items")
    compare.add_argument("--nominal", nargs="+", default=[], help="of these, categories without an order")
    compare.add_argument("--count", nargs="+", default=[], help="of these, counts, such as papers")
    compare.add_argument(
        "--event", action="append", default=[], type=_column_is_level, metavar="COLUMN=LEVEL", help="what counts as yes"
    )
    compare.add_argument(
        "--exposure",
        action="append",
        default=[],
        type=_column_is_column,
        metavar="COUNT=EXPOSURE",
        help="column over which events were counted, such as papers=years",
    )
    compare.add_argument("--total", metavar="COLUMN", help="the outcome that contains the others")
    compare.add_argument("--range", nargs=2, type=float, metavar=("LOW", "HIGH"), help="smallest and largest score")
    compare.add_argument("--covariates", nargs="+", default=[], help="columns to describe in Table 1; not adjusted for")
    compare.add_argument("--missing", nargs="+", default=[], help="cell values that mean missing, such as 缺考 or 99")
    compare.add_argument("--unit", help="column with the student number")
    compare.add_argument("--cluster", help="column with the class")
    compare.add_argument("--sheet", help="sheet of an Excel file")
    compare.add_argument("--contrasts", choices=CONTRASTS, default=CONTRASTS[0], help="with several groups")
    compare.add_argument(
        "--margin", nargs="+", metavar="[COLUMN=]NUMBER", help="smallest difference that matters, set beforehand"
    )
    compare.add_argument("--primary", help="the outcome declared as primary beforehand")
    compare.add_argument("--method", help="another method than the default, such as student or mann-whitney")
    compare.add_argument("--out", type=Path, default=Path("results"), help="folder to write to")
    cli_plans.add_commands(commands)
    return parser


_COMMANDS: dict[str, Callable[[argparse.Namespace, TextIO], int | None]] = {
    "demo": _demo,
    "compare": _compare,
    "plan": cli_plans.show_plan,
    "run": cli_plans.run_plan,
    "diff": cli_plans.compare_results,
}
