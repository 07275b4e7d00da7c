"""The commands of plans: ``plan`` shows one or begins one, ``run`` carries it out, ``diff`` says what changed since."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, TextIO

from .errors import SocietyEffectsError
from .language.catalogue import LANGUAGES, catalogue

USER_ERROR, INTERRUPTED = 1, 130


def add_commands(commands: Any) -> None:
    """Add the three commands to the parser."""
    plan = commands.add_parser("plan", help="an analysis plan: begin one, or show one in words")
    begin = plan.add_mutually_exclusive_group(required=True)
    begin.add_argument("file", nargs="?", type=Path, help="the plan to show in words")
    begin.add_argument("--template", action="store_true", help="print a plan to fill in")
    begin.add_argument("--example", action="store_true", help="print the plan of the bundled example")
    run = commands.add_parser("run", help="carry out an analysis plan")
    run.add_argument("file", type=Path, help="the plan, a YAML file")
    run.add_argument("--out", type=Path, default=Path("results"), help="folder to write to; a run begun there goes on")
    run.add_argument("--overwrite", action="store_true", help="make an earlier run in this folder again")
    diff = commands.add_parser("diff", help="which numbers differ between two folders of results")
    diff.add_argument("old", type=Path, help="folder of a run, or of a saved result")
    diff.add_argument("new", type=Path, help="folder to compare it with")
    diff.add_argument("--tolerance", type=float, default=1e-9, help="relative difference that counts as none")
    diff.add_argument("--html", type=Path, metavar="FILE", help="also write the comparison as a page")
    for command in (plan, run, diff):
        command.add_argument("--lang", choices=LANGUAGES, help="language; by default that of the plan or the results")


def show_plan(options: argparse.Namespace, out: TextIO) -> int:
    """Print the template, the example, or a plan in words."""
    from .plans.words import begun

    if options.template or options.example:
        print(begun("template" if options.template else "example", options.lang or "en"), file=out, end="")
        return 0
    from .plans import read_plan

    print(read_plan(options.file).text(options.lang), file=out)
    return 0


def run_plan(options: argparse.Namespace, out: TextIO) -> int:
    """Carry out a plan; 1 where an analysis could not be made, 130 where it was stopped."""
    from .plans import read_plan
    from .plans.running import Interrupted, run

    plan = read_plan(options.file)
    lang = options.lang or plan.lang
    words = catalogue(lang)
    try:
        made = run(plan, options.out, options.overwrite, lambda line: print(line, file=out, flush=True), lang)
    except Interrupted as stopped:
        told = words.say("plans.run.interrupted", folder=str(stopped.folder), names=stopped.missing)
        print(f"society-effects: {told}", file=options.err)
        return INTERRUPTED
    except SocietyEffectsError as error:
        error.lang = options.lang or error.lang or lang
        raise
    print(words.say("plans.run.written", folder=str(made.folder)), file=out)
    for failed in made.failed:
        failed.lang = lang
        print(f"society-effects: {spoken(failed)}", file=options.err)
    return USER_ERROR if made.failed else 0


def compare_results(options: argparse.Namespace, out: TextIO) -> int:
    """Print what differs between two folders; 0 the same, 1 not."""
    from .diffing import diff

    found = diff(options.old, options.new, options.tolerance)
    print(found.text(options.lang), file=out)
    if options.html is not None:
        found.report(options.lang).save(options.html)
    return 0 if found.same else 1


def spoken(error: SocietyEffectsError) -> str:
    """The sentence of an error in the words of a plan."""
    from .plans.words import in_a_plan

    return in_a_plan(str(error))
