"""A reader that looks at every page: whether it is HTML, who can use it, and what it would load."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

# What a browser fetches by itself, or sends a form to.
LOADING = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("use", "href"),
    ("form", "action"),
    ("source", "src"),
}
DATA = "application/json"
# Signed with the second it was made in: two pages that say the same may differ in it.
FORM_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]*')
NAMELESS = {"hidden", "submit", "button"}
AFTER_TITLE = " – Tillid"
BEFORE_TITLE = re.compile(r"(Error|Fejl): ")


class EveryName(dict[str, str]):
    """Stands in for the build: every logical name is its own built name."""

    def __missing__(self, name: str) -> str:
        return name


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page."""

    root: Element

    @classmethod
    def parsed(cls, html: str) -> "Page":
        """Parse a page as a browser would, and refuse what a browser would have to mend."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return cls(parser.parse(html))

    @property
    def title(self) -> str:
        """What the tab says."""
        return self._text("title")

    @property
    def heading(self) -> str:
        """What the page says first."""
        return self._text("h1")

    @property
    def language(self) -> str | None:
        """The language the page says it is in."""
        return self.root.get("lang")

    def elements(self, tag: str) -> list[Element]:
        """Every element of a kind, wherever it stands."""
        return [element for element in self.root.iter() if _tag(element) == tag]

    def text(self) -> str:
        """Everything there is to read."""
        return " ".join("".join(self.root.itertext()).split())

    def faults(self) -> list[str]:
        """Say what is wrong with the page, one line each; nothing, if all is well."""
        return [
            *self._heading_faults(),
            *(f"two elements have the id {found}" for found in self._repeated_ids()),
            *(f"nothing labels the field {_shown(field)}" for field in self._unlabelled()),
            *(f"code stands in the page: {found}" for found in self._inline()),
            *(f"loaded from elsewhere: {found}" for found in self._elsewhere()),
            *(f"a link leads nowhere on the page: #{found}" for found in self._lost_fragments()),
        ]

    def _text(self, tag: str) -> str:
        return " ".join("".join(self.elements(tag)[0].itertext()).split())

    def _heading_faults(self) -> Iterator[str]:
        if len(self.elements("h1")) != 1:
            yield f"{len(self.elements('h1'))} first headings"
        elif BEFORE_TITLE.sub("", self.title.removesuffix(AFTER_TITLE)) != self.heading:
            yield f"the title {self.title!r} is not the heading {self.heading!r}"
        if not self.language:
            yield "the page says no language"
        mains = self.elements("main")
        if [main.get("id") for main in mains] != ["main"] or mains[0].get("tabindex") != "-1":
            yield "no main content to skip to"

    def _ids(self) -> Counter[str]:
        return Counter(found for element in self.root.iter() if (found := element.get("id")))

    def _repeated_ids(self) -> list[str]:
        return [found for found, times in self._ids().items() if times > 1]

    def _unlabelled(self) -> Iterator[Element]:
        labelled = {label.get("for") for label in self.elements("label")}
        for tag in ("input", "select", "textarea"):
            for field in self.elements(tag):
                named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
                if field.get("type") not in NAMELESS and not named:
                    yield field

    def _inline(self) -> Iterator[str]:
        for element in self.root.iter():
            if _tag(element) == "style" or "style" in element.attrib:
                yield _shown(element)
            if _tag(element) == "script" and not element.get("src") and element.get("type") != DATA:
                yield _shown(element)
            yield from (name for name in element.attrib if str(name).startswith("on"))

    def _elsewhere(self) -> Iterator[str]:
        for element in self.root.iter():
            for name, value in element.attrib.items():
                plain = str(name).rpartition("}")[2]
                if (_tag(element), plain) in LOADING and not re.match(r"/(?!/)|[#?]", value):
                    yield value

    def _lost_fragments(self) -> Iterator[str]:
        known = self._ids()
        for link in self.elements("a"):
            target = link.get("href", "")
            if target.startswith("#") and target[1:] not in known:
                yield target[1:]


def _tag(element: Element) -> str:
    # Comments have a function for a tag; elements of SVG have their namespace before it.
    return str(element.tag).rpartition("}")[2]


def _shown(element: Element) -> str:
    return f"<{_tag(element)} {dict(element.attrib)}>"
