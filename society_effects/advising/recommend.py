"""Which design fits this study? The decision guide, asked of what the study says of itself."""

from __future__ import annotations

from ..errors import DesignError, speaking
from ..language.catalogue import LANGUAGES, catalogue
from ..study.outcome import KINDS
from ..study.settling import check_language
from ..study.study import Study
from .answers import answers_of
from .candidates import chosen_designs
from .known import known_of
from .lacking import facts_to_add, not_offered
from .recommendation import Recommendation


def recommend_design(study: Study, lang: str | None = None) -> Recommendation:
    """Which design fits this study, which does not and why, and what would allow more to be said?

    The questions of the decision guide are answered from what the study says of itself: its groups, waves, classes and
    covariates, and the facts stated with ``about=About(...)``. Nothing is estimated, and no outcome of a member is ever
    compared with that of a non-member: the advice is the same whatever the scores are.

    Parameters
    ----------
    study : Study
        With rows or known by its summary table.
    lang : {"en", "zh"}, optional
        Language of the advice; by default that of the study.

    Returns
    -------
    Recommendation
        ``answers``, ``designs`` in their order (each with ``design``, ready to be fitted), ``not_usable``,
        ``not_offered`` and ``to_add``. It shows itself as text and in a notebook; ``.text(lang)``, ``.to_frame()``.

    Raises
    ------
    DesignError
        ``NOT_A_STUDY_TO_ADVISE``. A language this library does not speak: ``StudyError``.

    Examples
    --------
    >>> import society_effects as se
    >>> advice = recommend_design(se.load_sample("clinical_skills_667"))
    >>> [(answer.question, answer.answer) for answer in advice.answers][:2]
    [('lottery', 'no'), ('cut_off', 'no')]
    >>> advice.designs[-1].call, advice.designs[-1].start_grade
    ('se.Describe()', 'F')
    """
    speaks = getattr(study, "lang", "en") if lang is None else check_language(lang)
    if not isinstance(study, Study):
        raise DesignError("NOT_A_STUDY_TO_ADVISE", lang=speaks, found=type(study).__name__)
    with speaking(speaks):
        known = known_of(study)
        designs, not_usable = chosen_designs(study, known)
        return Recommendation(
            answers=answers_of(known),
            designs=designs,
            not_usable=not_usable,
            not_offered=not_offered(known),
            to_add=facts_to_add(known, designs),
            names={name: _names(study, name) for name in LANGUAGES},
            lang=speaks,
        )


def _names(study: Study, lang: str) -> dict[str, str]:
    """Display names of groups, waves, columns and kinds in this language."""
    words = catalogue(lang)
    named = {f"kind={kind}": words.get(f"study.kinds.{kind}") for kind in KINDS}
    named |= {wave: words.get(f"terms.{wave}") for wave in study.waves if words.has(f"terms.{wave}")}
    for key, said in study.labels.items():
        own = key.removeprefix(f"{study.group}=").removeprefix(f"{study.wave}=")
        if lang in said and "=" not in own:
            named[own] = said[lang]
    return named | {o.column: o.label_in(lang) for o in study.outcomes}
