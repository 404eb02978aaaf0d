"""Questionnaires and answers drawn by Hypothesis: nested conditions, sensitive items and sections."""

from typing import Any, TypeAlias

from hypothesis import strategies as st

from questionnaires.answers import Answer, Answers
from questionnaires.model import ItemType, Questionnaire

Drawn: TypeAlias = tuple[Questionnaire, Answers]

_MISSING = ["no_answer", "dont_know", "not_applicable"]


def _label(text: str) -> dict[str, str]:
    return {"en": text}


@st.composite
def _options(draw: st.DrawFn, *, multi: bool) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = [
        {"code": f"c{number}", "label": _label(f"Option {number}")}
        for number in range(draw(st.integers(2, 4)))
    ]
    if draw(st.booleans()):
        options.append({"code": "unsure", "label": _label("In doubt"), "kind": "unsure"})
    options.extend(
        {"code": kind[:3], "label": _label(kind), "kind": kind, "exclusive": multi}
        for kind in draw(st.lists(st.sampled_from(_MISSING), unique=True, max_size=2))
    )
    if multi and draw(st.booleans()):
        options.append({"code": "none", "label": _label("None"), "exclusive": True})
    return [{key: value for key, value in option.items() if value is not False} for option in options]


@st.composite
def _conditions(draw: st.DrawFn, earlier: list[dict[str, Any]], depth: int = 2) -> dict[str, Any]:
    kind = draw(st.sampled_from(["test", "test", "all", "any", "not"] if depth else ["test"]))
    if kind == "not":
        return {"not": draw(_conditions(earlier, depth - 1))}
    if kind != "test":
        return {kind: draw(st.lists(_conditions(earlier, depth - 1), min_size=1, max_size=3))}
    item = draw(st.sampled_from(earlier))
    tests = ["includes_any", "includes_none"] if item["type"] == "multi" else ["in"]
    test = draw(st.sampled_from([*tests, "answered"]))
    codes = [option["code"] for option in item["options"]]
    asked = (
        True
        if test == "answered"
        else draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))
    )
    return {"items": [item["id"]], test: asked}


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A definition that meets the rules: conditions read earlier items only."""
    sections: list[dict[str, Any]] = []
    earlier: list[dict[str, Any]] = []
    for section_number in range(draw(st.integers(1, 3))):
        section: dict[str, Any] = {
            "id": f"s{section_number}",
            "title": _label("Section"),
            "skippable": True,
            "sensitive": draw(st.booleans()),
        }
        if draw(st.booleans()) and earlier:
            section["show_if"] = draw(_conditions(list(earlier)))
        section["items"] = [draw(_items(earlier)) for _ in range(draw(st.integers(1, 4)))]
        sections.append(section)
    return Questionnaire.model_validate(
        {
            "schema": "alliance-questionnaire/1",
            "id": "drawn",
            "version": "1.0.0",
            "languages": ["en"],
            "default_language": "en",
            "title": _label("Drawn"),
            "sections": sections,
        }
    )


@st.composite
def _items(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    multi = draw(st.booleans())
    item: dict[str, Any] = {
        "id": f"i{len(earlier)}",
        "type": "multi" if multi else "single",
        "construct": "test.drawn",
        "text": _label("Drawn?"),
        "options": draw(_options(multi=multi)),
        "sensitive": draw(st.booleans()),
    }
    if draw(st.booleans()) and earlier:
        item["show_if"] = draw(_conditions(list(earlier)))
    earlier.append(item)
    return item


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire, *, skipping: bool = True) -> Answers:
    """Answers to any of the items, on the path or off it; exclusive options stand alone."""
    chosen: list[Answer] = []
    for item in questionnaire.items:
        options = questionnaire.options_of(item)
        together = [position for position, option in enumerate(options) if not option.exclusive]
        several = st.lists(st.sampled_from(together), min_size=1, unique=True).map(
            lambda ps: tuple(sorted(ps))
        )
        alone = st.sampled_from(range(len(options)))
        if item.type is ItemType.MULTI:
            chosen.append(draw(st.none() | several | alone.map(lambda position: (position,))))
        else:
            chosen.append(draw(st.none() | alone))
    ids = [section.id for section in questionnaire.sections]
    skipped = draw(st.sets(st.sampled_from(ids))) if skipping else set()
    return Answers(tuple(chosen), frozenset(skipped))


@st.composite
def answered_questionnaires(draw: st.DrawFn, *, skipping: bool = True) -> Drawn:
    questionnaire = draw(questionnaires())
    return questionnaire, draw(answers_to(questionnaire, skipping=skipping))
