"""What the parts of a sector's figure are called, in the reader's language."""

from __future__ import annotations

from typing import Final

from flask_babel import get_locale, gettext, lazy_gettext

from analysis.edition import MEAN, Where
from analysis.indicators import NO, SCORE_GROUPS, YES
from survey.people.sectors import areas, sector

SIZES: Final = {
    "lt10": lazy_gettext("under 10 people"),
    "10_49": lazy_gettext("10–49 people"),
    "50_249": lazy_gettext("50–249 people"),
    "250_999": lazy_gettext("250–999 people"),
    "1000p": lazy_gettext("1,000 people or more"),
}
ANSWERS: Final = {
    YES: lazy_gettext("Yes"),
    NO: lazy_gettext("No"),
    "unsure": lazy_gettext("In doubt"),
    **{name: lazy_gettext("%(lo)s–%(hi)s points", lo=lo, hi=hi) for name, (lo, hi) in SCORE_GROUPS.items()},
    "internal": lazy_gettext("Somebody at the same place"),
    "leader": lazy_gettext("A leader"),
    "external": lazy_gettext("Somebody from outside"),
    "peer": lazy_gettext("A fellow pupil, student or member"),
    "peer_in_role": lazy_gettext("A fellow pupil or student with a task, such as a tutor"),
    "other": lazy_gettext("Somebody else"),
    MEAN: lazy_gettext("Mean, 0 to 100 points"),
}
OBJECTIONS: Final = {
    "too_few_organisations": lazy_gettext("too few organisations have shared theirs"),
    "too_few_respondents": lazy_gettext("too few people answered"),
    "one_dominates": lazy_gettext("one organisation is too large a part of it"),
    "two_dominate": lazy_gettext("two organisations are too large a part of it"),
    "difference": lazy_gettext("beside another figure it would tell of too few"),
    "follows": lazy_gettext("together with other figures it would tell of one organisation"),
}


def place(where: Where) -> str:
    """What a selection is called, in the reader's language."""
    language = str(get_locale())
    found = sector(where.area, where.sector) if where.sector else None
    if found is not None:
        name = found.name[language]
    else:
        name = areas()[where.area][language] if where.area in areas() else gettext("All who took part")
    return f"{name}, {SIZES.get(where.size, where.size)}" if where.size else name
