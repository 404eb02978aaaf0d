"""
What is said of an import and of a mapping, in the language of the page: it is written in English sentences.

Each sentence here is one that `questionnaires` writes, with the parts that vary named;
tests/survey/stewardship/test_report_words.py holds the two together.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from flask_babel import get_locale, gettext

from questionnaires.errors import Finding


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
    # Places, and what keeps a whole file from being read, with what to do about it.
    _("questionnaire"),
    _("file"),
    _('item "%(name)s"'),
    _('section "%(name)s"'),
    _("nothing is left that could be asked"),
    _("Give a form that asks with options."),
    _("it asks %(asked)s questions, and may ask %(most)s"),
    _("its conditions have over %(most)s characters"),
    _("Split the questionnaire."),
    _("there are no surveys or no questions in it"),
    _("Export the survey structure (.lss)."),
    _("it has over %(most)s rows of questions"),
    _("Split the survey."),
    _("it has %(size)s bytes, and may have %(most)s"),
    _("it is an archive, which may hold people's answers"),
    _("it is no survey structure of LimeSurvey"),
    _("it declares a document type"),
    _("Export it from LimeSurvey anew."),
    _("it is no XML (%(fault)s)"),
    _("Export it from LimeSurvey anew, as .lss in UTF-8."),
    _("it has more than %(most)s elements"),
    _("%(table)s: a text has over %(most)s characters"),
    _("Shorten it."),
    _("it has more than %(most)s rows"),
    _("sheet %(name)s has more than %(most)s rows"),
    _("Delete those that are no question."),
    _("sheet %(name)s has more than %(most)s columns"),
    _("Delete those not used."),
    _("sheet %(name)s, row %(row)s: a cell has over %(most)s characters"),
    _("sheet %(name)s cannot be read after row %(row)s (%(fault)s)"),
    _("Save it anew."),
    _("there are %(number)s files"),
    _("Give one form, or a CSV for each of its sheets."),
    _("it is empty"),
    _("Give a form."),
    _("a LimeSurvey survey structure is one file"),
    _("Give it by itself."),
    _("Split it, or take out pictures."),
    _("it has %(size)s bytes, and a CSV may have %(most)s"),
    _("Split the form."),
    _("it is UTF-16"),
    _("Save it as CSV with UTF-8."),
    _("it holds bytes that no text has"),
    _("Give a workbook, or CSV with UTF-8."),
    _("a line has over 200000 characters"),
    _("Give a form: a question on each row."),
    _("row %(row)s is no CSV (%(fault)s)"),
    _("line %(line)s is not UTF-8"),
    _("it has %(number)s parts, and may have %(most)s"),
    _("Open it, save it anew as .xlsx, and try again."),
    _("its part %(part)s has no cells that can be read"),
    _("its part %(part)s declares a document type"),
    _("its part %(part)s is damaged"),
    _("it has %(size)s bytes, and an .xls may have %(most)s"),
    _("Save it as .xlsx."),
    _("it is no workbook, or a damaged one (%(fault)s)"),
    _("it is no .xls workbook (%(fault)s)"),
    _("it unpacks to %(size)s bytes, and may to %(most)s"),
    _("it has more cells than a questionnaire"),
    _("Take out what is no question."),
    _("there is no sheet survey with a column type"),
    _("Give an XLSForm."),
    # What keeps two questions from being the same.
    _("one of the two takes several answers, and the other one"),
    _("They are not the same."),
    _('it or "%(name)s" is not there'),
    _("Choose among the questions shown."),
    _('the answer "%(code)s" is not matched'),
    _("Choose what it is the same as."),
    _('no answer is matched with "%(code)s"'),
    _("Without it the figures mean something else."),
    _('"%(name)s" is taken by another question too'),
    _("Keep one of the two."),
    _('two answers are matched with "%(code)s"'),
    _("Each is the same as one only."),
    # Rules of a definition that an import, a mapping or a mark can break.
    _("it has %(number)s items"),
    _("Ask at most %(most)s."),
    _("it has %(number)s options"),
    _("Keep at most %(most)s."),
    _("there are not two things to choose between"),
    _("Add options that say something."),
    _("it stands more than once"),
    _("Give each its own name."),
    _('there is no text in "%(language)s"'),
    _("Write it, or drop the language."),
    _("it is sensitive, and a breakdown says who stands in which group"),
    _("Remove breakdown: true."),
    _("it begins with a warning and cannot be skipped"),
    _("Add skippable: true."),
    _("it refers to itself, if through others"),
    _("Break the circle."),
    _('show_if asks about "%(name)s", which does not stand before it'),
    _("Move one of the two, or ask about an earlier item."),
    _('it asks about "%(name)s", which no item is called'),
    _('item "%(name)s" has no option "%(code)s"'),
    _('Did you mean "%(name)s"?'),
    _("Choose among %(names)s."),
    _("There is nothing to choose among."),
)
_VARYING: Final = re.compile(r"%\((\w+)\)s")
# What is itself a sentence.
_REASON: Final = "reason"
# What is the code of a language, which nobody calls it by.
_LANGUAGES: Final = ("language", "other")


def in_the_pages_language(fact: str) -> str:
    """A fact of a report as the page's reader understands it; what is not known stays as it is."""
    for pattern, sentence in _patterns():
        match = pattern.fullmatch(fact)
        if match is not None:
            parts = {name: _part(name, part) for name, part in match.groupdict().items()}
            return str(gettext(sentence, **parts))
    return fact


def _part(name: str, part: str) -> str:
    if name == _REASON:
        return in_the_pages_language(part)
    page = get_locale()
    if name in _LANGUAGES and page is not None:
        return str(page.languages.get(part, part))
    return part


def told(finding: Finding) -> str:
    """A finding as the page's reader understands it: place, fact and remedy, each by itself."""
    place, fact, remedy = map(in_the_pages_language, (finding.place, finding.fact, finding.remedy))
    return f"{place}: {fact}. {remedy}"


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
