"""
What a report on an import says, in the language of the page: its facts are written in English sentences.

Each sentence here is one that `questionnaires/exchange` writes, with the parts that vary named;
tests/survey/stewardship/test_report_words.py holds the two together.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from flask_babel import gettext


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is looked up when it is said."""
    return sentence


_SENTENCES: Final = (
    _("%(reason)s: the questionnaire's title stands there"),
    _("a question that asks of an answer left blank is asked here: there it was not"),
    _('the version "%(version)s" became 1.0.0'),
    _('the title: %(reason)s: "%(text)s" stands there'),
    _("its %(name)s: %(reason)s"),
    _('there is no text in "%(language)s": the "%(other)s" one stands there'),
    _("the section and all in it: %(reason)s"),
    _('question "%(name)s": %(reason)s'),
    _('a second option "%(name)s": the first stands'),
    _("%(place)s is not there any more"),
    _('"%(place)s" is no correction'),
    _("%(place)s was edited since: what stands in the form holds"),
    _('its constraint "%(source)s" is not kept'),
    _("a text before the questions: it stands in the section's introduction"),
    _("a part of LimeSurvey that has no meaning here"),
    _("a text between questions, or with a condition, has no place here"),
    _("mandatory: nobody is made to answer here"),
    _("the option Other and its text are left out"),
    _("the field for comments is left out: free text gives people away"),
    _("its options or rows come in the order written, not in random or sorted order"),
    _("the least number of answers is not kept: nobody is made to answer"),
    _('the most answers, "%(most)s", is no number and not kept'),
    _('its options were edited: it is not on the scale "%(shared)s" any more'),
    _("the help text of an array has no place here"),
    _('texts in "%(name)s": no language is known by that name'),
    _('the name "%(name)s" became "%(found)s"'),
    _('the column "%(column)s" stands there twice: the first was read'),
    _("it is not one that is read"),
    _("its text holds <%(tag)s>, which is never shown or run"),
    _("its text has markup, which was taken off"),
    _("it holds macros, which are never run"),
    _("it links to other workbooks, which are never opened"),
    _("it holds pictures or other files, which are not read"),
    _("it holds comments, which are not read"),
    _("a cell holds a formula, which is not worked out: write what it says"),
    _("a cell holds the error %(value)s"),
    _('"%(name)s" and %(asked)s questions in it: nothing is asked of one person again and again'),
    _('its choices are filtered by "%(asked)s": %(number)s questions, one for each answer'),
    _('the default language "%(named)s" is not known: "%(language)s" it is'),
    _("a group is never ended: it was ended after the last row"),
    _('group "%(name)s" stands inside another: its questions join that'),
    _("a group ends here that never began"),
    _("a note with a condition: texts are for everybody here"),
    _("a note between sections has no place here"),
    _("a note between questions has no place here"),
    _("or_other: the further option and its text are left out"),
    _('there is no list "%(list)s"'),
    _('its filter "%(source)s" is not understood'),
    _("required: nobody is made to answer here"),
    _('the appearance "%(name)s" is not kept'),
    _('the setting "%(name)s" has no meaning here'),
    _("a choice without list_name or name"),
    _('"%(name)s" is disabled'),
    _('what stands in column "%(column)s" is not kept'),
    _('column "%(column)s": no language is known by that name'),
    _("a text has %(length)s characters, and may have %(most)s"),
    _('its text quotes an answer or a value: "%(quoted)s"'),
    _("it has no text"),
    _("it has no heading"),
    _("its heading: %(reason)s"),
    _("it has %(number)s options, and may have %(most)s"),
    _("there are not two options to choose between"),
    _('its condition "%(source)s" is not understood at "%(part)s"'),
    _('its choices are filtered by "%(name)s", which did not come along'),
    _("free text gives people away: how somebody writes, and what happened to whom"),
    _("a number needs bands, which the format has none of: ask with options"),
    _("nothing is worked out here from answers"),
    _("nothing is asked that the respondent cannot see"),
    _("options cannot be ranked here"),
    _("nobody is made to agree to anything here"),
    _("a day can give away who answers: ask with options"),
    _("a moment can give away who answers: ask with options"),
    _("a place gives away who answers"),
    _("nothing is recorded here but chosen options"),
    _("%(kind)s: nothing is recorded here about who answers, where or when"),
    _("%(kind)s: other files are not read"),
    _('questions of type "%(kind)s" cannot be asked here'),
    _("nothing is uploaded here: files give people away"),
    _("languages are chosen on every page here"),
    _("two scales for one row: make two arrays"),
    _('its options or answers depend on "%(name)s", which nothing here does'),
    _("it is hidden, and nothing is asked that the respondent cannot see"),
    _("its conditions are of LimeSurvey 1: save it in a newer one, which writes them as relevance"),
    _("its options are shown on conditions, which no option here has"),
    _("%(where)s, row %(row)s"),
    _("sheet %(name)s"),
)
_VARYING: Final = re.compile(r"%\((\w+)\)s")
# What is itself a sentence.
_REASON: Final = "reason"


def in_the_pages_language(fact: str) -> str:
    """A fact of a report as the page's reader understands it; what is not known stays as it is."""
    for pattern, sentence in _patterns():
        match = pattern.fullmatch(fact)
        if match is not None:
            parts = {
                name: in_the_pages_language(part) if name == _REASON else part
                for name, part in match.groupdict().items()
            }
            return str(gettext(sentence, **parts))
    return fact


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each sentence as a pattern, those that say most first: others would take them for what varies."""
    sentences = sorted(_SENTENCES, key=lambda sentence: -len(_VARYING.sub("", sentence)))
    return [(_pattern(sentence), sentence) for sentence in sentences]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _VARYING.split(sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)),
        re.DOTALL,
    )
