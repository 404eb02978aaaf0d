"""Definition → a codebook to print: one HTML page by itself, without script, style from elsewhere or link."""

import html
from collections.abc import Iterator
from typing import Final

from questionnaires.digest import digest
from questionnaires.exchange.exported import Exported
from questionnaires.model import Item, Option, Questionnaire, Section, Text
from questionnaires.wording import in_words

_WORDS: Final = {
    "da": {
        "codebook": "Kodebog",
        "version": "version",
        "fingerprint": "Fingeraftryk",
        "asked_if": "Stilles, når",
        "code": "kode",
        "label": "svar",
        "points": "point",
        "conditions": "Betingelser",
        "single": "ét svar",
        "multi": "flere svar",
        "scale": "ét svar på en skala",
        "number": "et tal, der kun gemmes som interval",
        "text": "fri tekst",
        "sensitive": "følsomt",
        "reverse": "vendt: enig er ugunstigt",
        "breakdown": "resultater kan opdeles efter det",
        "no_answer": "tæller som intet svar",
        "dont_know": "tæller som intet svar",
        "not_applicable": "tæller som intet svar",
        "unsure": "er i tvivl",
        "substantive": "",
    },
    "en": {
        "codebook": "Codebook",
        "version": "version",
        "fingerprint": "Digest",
        "asked_if": "Asked when",
        "code": "code",
        "label": "answer",
        "points": "points",
        "conditions": "Conditions",
        "single": "one answer",
        "multi": "several answers",
        "scale": "one answer on a scale",
        "number": "a number, of which only the band is kept",
        "text": "free text",
        "sensitive": "sensitive",
        "reverse": "reversed: agreeing is unfavourable",
        "breakdown": "results can be broken down by it",
        "no_answer": "counted as no answer",
        "dont_know": "counted as no answer",
        "not_applicable": "counted as no answer",
        "unsure": "in doubt",
        "substantive": "",
    },
}
_STYLE: Final = (
    "body{font:11pt/1.4 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #888;padding:.2rem .5rem;text-align:left}"
    "section.item{break-inside:avoid;margin:1.5rem 0}code{overflow-wrap:anywhere}.about{color:#444}"
    "@page{size:A4;margin:18mm}"
)


def write_codebook(questionnaire: Questionnaire, language: str) -> Exported:
    """
    The page in one of the questionnaire's languages.

    Raises:
        KeyError: If the questionnaire is not written in it.
    """
    page = "\n".join(_Page(questionnaire, language).lines()) + "\n"
    return Exported(page.encode(), ())


class _Page:
    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self._questionnaire = questionnaire
        self._language = language
        # What the page itself says is there in two languages; what is asked, in the questionnaire's own.
        self._words = _WORDS.get(language, _WORDS["en"])

    def lines(self) -> Iterator[str]:
        shown, words = self._questionnaire, self._words
        title = self._said(shown.title)
        yield f'<!DOCTYPE html>\n<html lang="{html.escape(self._language)}">\n<head>\n<meta charset="utf-8">'
        yield f"<title>{words['codebook']}: {title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
        yield f"<h1>{words['codebook']}: {title}</h1>"
        yield f'<p class="about">{_plain(shown.id)}, {words["version"]} {_plain(shown.version)}<br>'
        yield f"{words['fingerprint']}: <code>{digest(shown)}</code></p>"
        yield from self._paragraphs(shown.audience)
        yield from self._paragraphs(shown.intro)
        for section in shown.sections:
            yield from self._section(section)
        yield from self._conditions()
        yield "</body>\n</html>"

    def _said(self, text: Text) -> str:
        return _plain(text[self._language])

    def _paragraphs(self, text: Text | None) -> Iterator[str]:
        for line in text[self._language].split("\n") if text is not None else ():
            yield f"<p>{_plain(line)}</p>"

    def _section(self, section: Section) -> Iterator[str]:
        yield f"<h2>{self._said(section.title)} <code>{_plain(section.id)}</code></h2>"
        yield from self._paragraphs(section.intro)
        if section.show_if is not None:
            yield self._asked_if(in_words(section.show_if))
        for item in section.items:
            yield from self._item(item)

    def _asked_if(self, words: str) -> str:
        return f'<p class="about">{self._words["asked_if"]}: <code>{_plain(words)}</code></p>'

    def _item(self, item: Item) -> Iterator[str]:
        yield f'<section class="item">\n<h3><code>{_plain(item.id)}</code> {self._said(item.text)}</h3>'
        yield from self._paragraphs(item.hint)
        marks = [self._words[item.type.value]]
        marks += [self._words[mark] for mark in ("sensitive", "reverse", "breakdown") if getattr(item, mark)]
        yield f'<p class="about">{_plain(item.measures)} · {", ".join(marks)}</p>'
        if item.show_if is not None:
            yield self._asked_if(in_words(item.show_if))
        yield from self._options(self._questionnaire.options_of(item))
        yield "</section>"

    def _options(self, options: tuple[Option, ...]) -> Iterator[str]:
        words = self._words
        yield f'<table>\n<tr><th scope="col">{words["code"]}</th><th scope="col">{words["label"]}</th>'
        yield f'<th scope="col">{words["points"]}</th></tr>'
        for option in options:
            about = words[option.kind.value]
            label = f"{self._said(option.label)}{f' ({about})' if about else ''}"
            points = "" if option.value is None else str(option.value)
            yield f"<tr><td><code>{_plain(option.code)}</code></td><td>{label}</td><td>{points}</td></tr>"
        yield "</table>"

    def _conditions(self) -> Iterator[str]:
        named = self._questionnaire.conditions
        if named:
            yield f"<h2>{self._words['conditions']}</h2>\n<dl>"
            for name, condition in named.items():
                yield f"<dt><code>{_plain(name)}</code></dt><dd>{_plain(in_words(condition))}</dd>"
            yield "</dl>"


def _plain(text: str) -> str:
    return html.escape(text)
