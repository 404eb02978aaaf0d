"""
The path: what one respondent is asked, in order.

Between the answers and everything that counts them. Nothing is stored: a path follows from the answers alone,
in the browser while they are given and again when they have been opened. A sensitive item, and whatever
stands behind a content warning, is asked only when its conditions are known to be true; any other item is
passed over only when they are known to be false.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from questionnaires.answers import Answers
from questionnaires.conditions import Evaluate, Scope, Truth, always, compiled, items_read
from questionnaires.errors import DefinitionError, Finding
from questionnaires.model import Condition, Item, Questionnaire, Ref, Section


@dataclass(frozen=True, slots=True)
class Routed:
    """
    One respondent's answers, without those that the path does not lead to.

    Attributes:
        answers: None at every item that was not asked.
        asked: For each item of the questionnaire, whether it is on the path. A None where it is was left
            blank; elsewhere it was not asked.
        dropped: How many answers stood off the path.
    """

    answers: Answers
    asked: tuple[bool, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, the least that must be known of it, and the items of one section it stands before."""

    condition: Condition | None
    """None of a section that was passed by."""
    evaluate: Evaluate
    least: Truth
    positions: tuple[int, ...]


class Router:
    """
    A questionnaire's paths, made ready once and walked for every response.

    A condition reads items that stand before what it guards, so one walk from first to last decides each item
    by answers that are already known to be on the path: an answer that was left behind steers nothing.
    """

    def __init__(self, questionnaire: Questionnaire, skipped: Collection[str] = ()) -> None:
        """
        Make the questionnaire's conditions ready.

        Args:
            questionnaire: The wave's questionnaire.
            skipped: Sections that the respondent passed by; opened responses have none.

        Raises:
            DefinitionError: If a condition reads an item that does not stand before what it guards.
        """
        self._questionnaire = questionnaire
        self._scope = Scope(questionnaire, frozenset(skipped))
        self._all = [True] * len(questionnaire.items)
        guards = [guard for section in questionnaire.sections for guard in self._guards_of(section)]
        # Stable: at one item, its section's guard stays before its own.
        self.guards: Final = tuple(sorted(guards, key=lambda guard: guard.positions[0]))
        self._named = {name: compiled(Ref(ref=name), self._scope) for name in questionnaire.conditions}

    def route(self, answers: Answers) -> Routed:
        """
        What this respondent was asked, and their answers to that.

        Args:
            answers: From `questionnaires/answers.py`; `skipped` must be what the router was made with.
        """
        chosen = list(answers.chosen)
        asked = self._all.copy()
        dropped = 0
        for guard in self.guards:
            if not asked[guard.positions[0]] or guard.evaluate(chosen) >= guard.least:
                continue
            for position in guard.positions:
                asked[position] = False
                if chosen[position] is not None:
                    chosen[position] = None
                    dropped += 1
        kept = Answers(tuple(chosen), answers.skipped) if dropped else answers
        return Routed(kept, tuple(asked), dropped)

    def truth(self, name: str, routed: Routed) -> Truth:
        """
        What is known of one of the questionnaire's conditions, from answers on the path.

        Whoever counts those that a routed item was meant for counts `Truth.TRUE` only.
        """
        return self._named[name](routed.answers.chosen)

    def _guards_of(self, section: Section) -> Iterator[Guard]:
        positions = [self._questionnaire.positions[item.id] for item in section.items]
        if section.id in self._scope.skipped:
            yield Guard(None, always(Truth.FALSE), Truth.TRUE, tuple(positions))
            return
        # Per strictness, so that whatever shares a guard is on the path together, or off it.
        shared: dict[tuple[Condition, Truth], list[int]] = {}
        for item, position in zip(section.items, positions, strict=True):
            for condition in dict.fromkeys((section.show_if, item.show_if)):
                if condition is not None:
                    shared.setdefault((condition, _least_known(section, item)), []).append(position)
        for (condition, least), guarded in shared.items():
            yield self._guard(condition, least, guarded)

    def _guard(self, condition: Condition, least: Truth, positions: Sequence[int]) -> Guard:
        known = self._questionnaire.positions
        read = [known[item_id] for item_id in items_read(condition, self._questionnaire) if item_id in known]
        if max(read, default=-1) >= positions[0]:
            first = self._questionnaire.items[positions[0]]
            finding = Finding(
                place=f'item "{first.id}"',
                fact="its condition reads an item that does not stand before it",
                remedy="Move one of them.",
            )
            raise DefinitionError(self._questionnaire.id, [finding])
        return Guard(condition, compiled(condition, self._scope), least, tuple(positions))


def path(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Ids of the items this respondent is asked, in order. Items of skipped sections are not asked."""
    asked = on_path(questionnaire, answers).asked
    return tuple(item.id for item, is_asked in zip(questionnaire.items, asked, strict=True) if is_asked)


def on_path(questionnaire: Questionnaire, answers: Answers) -> Routed:
    """The answers without those off the path, and how many those were."""
    return _router(questionnaire, answers.skipped).route(answers)


def truth_of(questionnaire: Questionnaire, name: str, answers: Answers) -> Truth:
    """What is known of a named condition; answers off the path are not looked at."""
    router = _router(questionnaire, answers.skipped)
    return router.truth(name, router.route(answers))


@lru_cache(maxsize=64)
def _router(questionnaire: Questionnaire, skipped: frozenset[str]) -> Router:
    return Router(questionnaire, skipped)


def _least_known(section: Section, item: Item) -> Truth:
    careful = item.sensitive or item.content_warning or section.sensitive or section.content_warning
    return Truth.TRUE if careful else Truth.UNKNOWN
