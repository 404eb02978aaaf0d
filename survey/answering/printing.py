"""
A questionnaire on paper: a tagged PDF (PDF/UA-1) with what is promised, a box per option, routing in words.

The layout is templates/answering/paper.typ. It gets data only: no text of a definition is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Final, assert_never

from babel.dates import format_date

from policy import POLICY
from questionnaires.digest import load_definition
from questionnaires.model import (
    AllOf,
    AnyOf,
    Condition,
    HelpLine,
    Item,
    ItemTest,
    ItemType,
    Layout,
    Not,
    Questionnaire,
    Ref,
    Section,
    TestKind,
)
from survey.answering.paperwords import PaperWords, words_in
from survey.delivery.typesetting import typeset
from survey.waves import manifest as manifests
from survey.waves.manifest import Manifest

_LAYOUT: Final = "answering/paper.typ"


def printed(questionnaire: Questionnaire, language: str, manifest: Manifest | None = None) -> bytes:
    """
    The PDF of `questionnaire` in one of its languages; with a wave's promises where there is a manifest.

    Raises:
        KeyError: If the questionnaire is not written in that language.
    """
    return typeset(_LAYOUT, _Paper(questionnaire, language, manifest).content())


@lru_cache(maxsize=32)
def printed_of_wave(definition: bytes, manifest: bytes, language: str) -> bytes:
    """The PDF of a wave, kept: it is the same for everybody who asks."""
    return printed(load_definition(definition), language, manifests.from_bytes(manifest))


@dataclass(frozen=True, slots=True)
class _Paper:
    questionnaire: Questionnaire
    language: str
    manifest: Manifest | None

    @property
    def words(self) -> PaperWords:
        return words_in(self.language, together=self.manifest is not None and self.manifest.joint is not None)

    @property
    def names(self) -> dict[str, str]:
        """Who asks, and in a joint wave over whom."""
        if self.manifest is None:
            return {}
        whose = self.manifest.joint.called(self.language) if self.manifest.joint else ""
        return {"organisation": self.manifest.organisation.name, "organisations": whose}

    def content(self) -> dict[str, object]:
        definition, language = self.questionnaire, self.language
        return {
            "language": language,
            "title": definition.title[language],
            "asks": self._asks(),
            "intro": definition.intro and definition.intro[language],
            "before": {"title": self.words.before, "points": list(self._promises())},
            "help": {
                "title": self.words.help,
                "lines": [*map(self._help_line, shown(definition.help_lines))],
            },
            "sections": [*self._units(), *self._sections()],
            "after": {"title": self.words.after, "text": self.words.hand_in},
            "debrief": None,
        }

    def _asks(self) -> str | None:
        if self.manifest is None:
            return None
        last = date.fromisoformat(self.manifest.field_period.last_possible_day)
        day = format_date(last, "long", locale="da" if self.language == "da" else "en_GB")
        return self.words.asks.format(day=day, **self.names)

    def _promises(self) -> Iterator[str]:
        words = self.words
        if words.together:
            yield words.together.format(**self.names)
        yield from (words.voluntary, words.only_crosses, words.read_by, words.locked, words.groups)
        if self.manifest is not None:
            manifest = self.manifest
            least = POLICY.in_force(manifest.policy.raised)
            yield words.thresholds.format(
                opening=least.opening, general=least.general, sensitive=least.sensitive
            )
            roles = [words.roles[pin.role] for pin in manifest.trustees]
            yield words.opened_by.format(
                quorum=manifest.quorum, number=len(roles), roles=_joined(roles, words.both)
            )
            yield words.erased.format(release=manifest.retention.days_after_release)
        yield words.final

    def _help_line(self, line: HelpLine) -> str:
        contact = ", ".join(part for part in (line.phone, line.url) if part)
        return self.words.help_line.format(name=line.name[self.language], contact=contact)

    def _units(self) -> Iterator[dict[str, object]]:
        if self.manifest is not None and self.manifest.units:
            options = [unit.name for unit in self.manifest.units]
            row = {"number": "", "text": self.words.unit, "hint": None, "note": None, "options": options}
            parts = [{"matrix": False, "rows": [row]}]
            yield {
                "title": self.words.unit_title, "intro": None, "warning": None, "note": None, "parts": parts,
                "own_page": False,
            }  # fmt: skip

    def _sections(self) -> Iterator[dict[str, object]]:
        """What hurts stands on pages of its own, which can be turned over unread."""
        after_warning = False
        for section in self.questionnaire.sections:
            own_page = section.content_warning or after_warning
            yield {**self._section(section), "own_page": own_page}
            after_warning = section.content_warning

    def _section(self, section: Section) -> dict[str, object]:
        return {
            "title": section.title[self.language],
            "intro": section.intro and section.intro[self.language],
            "warning": self._warning(section),
            "note": self._note(self.words.section_only_if, section.show_if),
            "parts": list(self._parts(section)),
        }

    def _warning(self, section: Section) -> str | None:
        if section.content_warning:
            return self.words.warning
        return self.words.skippable if section.skippable else None

    def _parts(self, section: Section) -> Iterator[dict[str, object]]:
        """Neighbours on one scale stand in one table in a matrix; anything else by itself."""
        together = section.layout is Layout.MATRIX
        for scale, items in groupby(section.items, lambda item: item.scale if _in_table(item) else None):
            rows = [self._row(section, item) for item in items]
            if together and scale is not None and len(rows) > 1:
                yield {"matrix": True, "rows": rows}
            else:
                yield from ({"matrix": False, "rows": [row]} for row in rows)

    def _row(self, section: Section, item: Item) -> dict[str, object]:
        condition = item.show_if and self._besides(item.show_if, section.show_if)
        return {
            "number": f"{self._number(item.id)}.",
            "text": item.text[self.language],
            "hint": item.hint and item.hint[self.language],
            "note": self._note(self.words.only_if, condition),
            "options": [option.label[self.language] for option in self.questionnaire.options_of(item)],
        }

    def _besides(self, condition: Condition, said: Condition | None) -> Condition | None:
        """What `condition` asks for besides what its section has said already."""
        if condition == said:
            return None
        match condition:
            case Ref():
                return self._besides(self.questionnaire.conditions[condition.ref], said)
            case AllOf():
                rest = tuple(part for part in condition.all if part != said)
                return AllOf(all=rest) if rest else None
            case _:
                return condition

    def _note(self, frame: str, condition: Condition | None) -> str | None:
        said = condition and self._said(condition)
        return frame.format(condition=said) if said else None

    def _said(self, condition: Condition) -> str | None:
        """A condition in words; None where it is over items that this wave does not ask."""
        match condition:
            case AllOf():
                return self._all_said(condition.all, self.words.both)
            case AnyOf():
                return self._all_said(condition.any, self.words.either)
            case Not():
                part = self._said(condition.part)
                return part and self.words.not_so.format(condition=part)
            case Ref():
                return self._said(self.questionnaire.conditions[condition.ref])
            case ItemTest():
                return self._test_said(condition)
            case _:
                assert_never(condition)

    def _all_said(self, parts: Sequence[Condition], word: str) -> str | None:
        said = [words for part in parts if (words := self._said(part))]
        return f", {word} ".join(said) or None

    def _test_said(self, test: ItemTest) -> str | None:
        asked = [name for name in test.items if name in self.questionnaire.positions]
        if not asked:
            return None
        questions = self._questions(asked)
        if test.kind is TestKind.ANSWERED:
            return self.words.any_answer_in.format(questions=questions)
        labels = {
            option.code: option.label[self.language]
            for name in asked
            for option in self.questionnaire.options_of(self.questionnaire.item(name))
        }
        quoted = [self.words.quote.format(text=labels[code]) for code in test.codes if code in labels]
        return self._frame(test, asked).format(codes=_joined(quoted, self.words.either), questions=questions)

    def _frame(self, test: ItemTest, asked: Sequence[str]) -> str:
        if test.kind is TestKind.INCLUDES_NONE:
            return self.words.not_crossed_in
        is_multi = self.questionnaire.item(asked[0]).type is ItemType.MULTI
        return self.words.crossed_in if is_multi else self.words.answered_in

    def _questions(self, names: Sequence[str]) -> str:
        if len(names) == 1:
            return self.words.question.format(number=self._number(names[0]))
        return self.words.one_of.format(numbers=_runs([self._number(name) for name in names]))

    def _number(self, item_id: str) -> int:
        return self.questionnaire.positions[item_id] + 1


def shown(lines: Sequence[HelpLine]) -> list[HelpLine]:
    """Help lines that somebody has called: a wrong number is worse than none."""
    return [line for line in lines if not line.verify_before_release]


def _in_table(item: Item) -> bool:
    return item.type is ItemType.SCALE and item.hint is None


def _joined(words: Sequence[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def _runs(numbers: Sequence[int]) -> str:
    """`20, 21, 22, 25` as `20–22, 25`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
