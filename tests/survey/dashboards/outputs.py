"""
Every output that the product makes of a release, and where in each the numbers of a row of it stand.

Of each kind a walk: it fetches the output and says, row by row of the release, which numbers it found.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from click.testing import CliRunner
from defusedxml import ElementTree
from flask.testing import FlaskClient
from openpyxl import load_workbook

from analysis.naming import group_name
from survey.commands.exchange import export_command
from survey.dashboards.parts import Figure, filled
from survey.dashboards.trusted import Reading, units_of
from tests.pages import Page
from tests.papers import words_of

Numbers = set[float]
Key = tuple[str, str | None]
"""A row of a release: its table, and its reporting group or None for everybody."""
Found = Iterator[tuple[Key, Numbers]]

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_AFTER_THE_FIGURES: Final = {"da": "Hvad nu?", "en": "What now?"}


@dataclass(frozen=True, eq=False)
class Output:
    """A release as it is served in one language; its codebook is written into `folder`."""

    client: FlaskClient
    address: str
    reading: Reading
    language: str
    folder: Path
    definition: Path

    @cache  # noqa: B019  Kept as long as the output, which is as long as its tests.
    def get(self, path: str) -> bytes:
        answer = self.client.get(f"{self.address}{path}?lang={self.language}")
        assert answer.status_code == 200, path
        content: bytes = answer.data
        return content

    @cache  # noqa: B019  As above.
    def page(self, path: str) -> Page:
        return Page.parsed(self.get(path).decode())

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """What is shown of everybody, by its anchor."""
        parts = filled(self.reading, self.language)
        return {figure.anchor: figure for part in parts for figure in part.figures}

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], tuple[str, str]]:
        """Table and a group's name → the table by that group, and the group's id."""
        return {
            (f"{table.kind} {table.item}", self._named(table.id, place)): (table.id, row.group)
            for table in self.reading.release.tables
            for place, row in enumerate(table.rows)
            if row.group is not None
        }

    def _named(self, table_id: str, place: int) -> str:
        table = self.reading.release.table(table_id)
        assert table is not None
        units, asked = units_of(self.reading), self.reading.questionnaire
        return group_name(table, table.rows[place], asked, units, self.language).text


def in_text(text: str) -> Numbers:
    return {float(number.replace(",", ".")) for number in _NUMBER.findall(text)}


def in_value(value: object) -> Numbers:
    """Every number in a value of JSON, also within its texts."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {round(float(value), 1)}
    if isinstance(value, str):
        return in_text(value)
    if isinstance(value, Mapping):
        return in_value(list(value.values()))
    assert isinstance(value, list | tuple)
    return set().union(*map(in_value, value))


def text_of(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _in_article(article: Element) -> Numbers:
    """Sentence, alternative text, table and picture of a figure; not the questionnaire's own words in it."""
    found: Numbers = set()
    words = set().union(*(in_text(text_of(each)) for tag in ("h3", "th") for each in article.iter(tag)))
    for element in article.iter():
        if element.tag in {"td", "caption"} or "figure-finding" in element.get("class", ""):
            found |= in_text(text_of(element))
        found |= in_text(element.get("aria-label", ""))
        if element.tag == "script":
            picture = json.loads(element.text or "")
            found |= in_value([trace["x"] for trace in picture["data"]])
            found |= in_value([note["text"] for note in picture["layout"]["annotations"]])
    return found - words


def _articles(page: Page) -> Found:
    for article in page.elements("article"):
        anchor = article.get("aria-labelledby", "").removeprefix("figure-").removesuffix("-title")
        yield (anchor, None), _in_article(article)


def dashboard(output: Output) -> Found:
    return _articles(output.page(""))


def results(output: Output) -> Found:
    """What those who were asked see."""
    return _articles(output.page("/results"))


def brief(output: Output) -> Found:
    for matter in output.page("/brief").elements("ol")[-1].iter("li"):
        for link, finding in zip(matter.iter("a"), matter.iter("p"), strict=False):
            words = in_text(text_of(link))
            yield (link.get("href", "").partition("#figure-")[2], None), in_text(text_of(finding)) - words


def _lines(page: Page, section: str) -> Iterator[tuple[str, list[Element]]]:
    """Of a table on the dashboard whose lines are each of a figure: the figure's anchor, and its cells."""
    for region in page.elements("div"):
        if region.get("aria-labelledby") == section:
            for line in region.iter("tr"):
                for link in line.iter("a"):
                    yield link.get("href", "").partition("#figure-")[2], list(line.iter("td"))


def since(output: Output) -> Found:
    """What has become of each figure: the words beside it and its share, now and before."""
    for anchor, cells in _lines(output.page(""), "since"):
        yield (anchor, None), in_text(" ".join(map(text_of, cells)))


def beside(output: Output) -> Found:
    """Beside the sector: one's own share, and what is said of the two."""
    for anchor, cells in _lines(output.page(""), "beside"):
        yield (anchor, None), in_text(f"{text_of(cells[0])} {text_of(cells[-1])}")


def by_group(output: Output) -> Found:
    """The page of each figure that there is by group."""
    for anchor, figure in output.figures.items():
        if not figure.has_groups:
            continue
        table, page = output.reading.release.table(anchor), output.page(f"/groups/{anchor}")
        assert table is not None
        [finding] = [each for each in page.elements("p") if each.get("class") == "figure-finding"]
        yield (anchor, None), in_text(text_of(finding)) - in_text(figure.chart.title.text)
        for line in page.elements("tr")[1:]:
            for head in line.findall("th"):
                if head.get("scope") == "row":
                    key = output.groups[f"{table.kind} {table.item}", text_of(head)]
                    yield key, in_text(" ".join(map(text_of, line.findall("td"))))


def heat(output: Output) -> Found:
    """The groups at a glance, with everybody above them."""
    for shown in output.page("/groups").elements("table"):
        head, *lines = shown.iter("tr")
        anchors = [
            next((a.get("href", "").partition("#about-")[2] for a in column.iter("a")), "")
            for column in list(head.iter("th"))[1:]
        ]
        for line in lines:
            [name] = line.findall("th")
            for anchor, cell in zip(anchors, line.findall("td"), strict=True):
                key: Key = (anchor, None)
                if line.get("class") != "heat-whole":
                    key = output.groups.get((f"indicator {anchor}", text_of(name)), key)
                yield key, in_text(text_of(cell))


def _in_lines(rows: Sequence[Sequence[object]]) -> Found:
    head = [str(name) for name in rows[0]]
    assert len(rows) > 100
    for row in rows[1:]:
        line = dict(zip(head, row, strict=True))
        # In whatever column a number stands: of those that hold words only the words are passed over.
        numbers = [
            each for name, each in line.items() if re.search("lower|upper", name) or not isinstance(each, str)
        ]
        yield (str(line["table"]), str(line["group"] or "") or None), in_value(numbers)


def table(output: Output) -> Found:
    text = output.get("/figures.csv").decode("utf-8-sig")
    return _in_lines(list(csv.reader(StringIO(text, newline=""))))


def workbook(output: Output) -> Found:
    book = load_workbook(BytesIO(output.get("/figures.xlsx")))
    return _in_lines([list(line) for line in next(iter(book)).iter_rows(values_only=True)])


def signed(output: Output) -> Found:
    for each in json.loads(output.get("/release.json"))["tables"]:
        for row in each["rows"]:
            yield (each["id"], row["group"]), in_value([row["base"], row["cells"], row.get("mean")])


def _in_paper(output: Output, file: str) -> Found:
    """A paper's figures, each from its title to the next one's."""
    paper = words_of(output.get(file))
    # What stands in each page's foot is who asked what, and which page it is.
    title = output.reading.questionnaire.title[output.language]
    pages = set(map(float, range(1, 100)))
    assert (
        in_text(paper.beside) - in_text(f"{title} {output.reading.release.wave.organisation.name}") <= pages
    )
    text = paper.text.partition(_AFTER_THE_FIGURES[output.language])[0]
    starts = {anchor: _start(text, figure) for anchor, figure in output.figures.items()}
    places = sorted((place, anchor) for anchor, place in starts.items() if place is not None)
    for (place, anchor), (end, _) in zip(places, [*places[1:], (len(text), "")], strict=True):
        chart = output.figures[anchor].chart
        names = [chart.title.text, *(row.name.text for row in chart.rows), chart.caution or ""]
        yield (anchor, None), in_text(text[place:end]) - in_text(" ".join(names)) - _withheld(output)


def _start(text: str, figure: Figure) -> int | None:
    """Where a figure begins: its title, however its lines are broken, and then its sentence."""
    letters = [
        re.escape(each) for each in f"{figure.chart.title.text}{figure.chart.sentence}" if each.strip()
    ]
    found = re.search(r"\s*".join(letters), text)
    return found.start() if found else None


def _withheld(output: Output) -> Numbers:
    """Numbers in titles of what is hidden, which stand after a part's last figure."""
    parts = filled(output.reading, output.language)
    return set().union(*(in_text(name.text) for part in parts for name in part.withheld))


def report(output: Output) -> Found:
    return _in_paper(output, "/report.pdf")


def sheet(output: Output) -> Found:
    """The two pages for a team's meeting."""
    return _in_paper(output, "/dialogue.pdf")


def codebook(output: Output) -> Found:
    """What `tillid questionnaire export --to ddi --release` writes."""
    release, out = output.folder / "release.json", output.folder / "codebook.xml"
    release.write_bytes(output.get("/release.json"))
    out.unlink(missing_ok=True)
    asked = [str(output.definition), "--to", "ddi", "--out", str(out), "--release", str(release)]
    done = CliRunner().invoke(export_command, asked)
    assert done.exit_code == 0, done.output
    for element in ElementTree.parse(out).iter():
        if element.tag.endswith("}var"):
            told = [each for each in element.iter() if each.tag.endswith(("}catStat", "}sumStat", "}notes"))]
            yield (element.get("ID", ""), None), in_text(" ".join(map(text_of, told)))


Walk = Callable[[Output], Found]
OF_EVERYBODY: Final[Mapping[str, Walk]] = {
    "dashboard": dashboard,
    "results": results,
    "brief": brief,
    "since": since,
    "beside": beside,
    "report.pdf": report,
    "dialogue.pdf": sheet,
    "codebook": codebook,
}
BY_GROUP: Final[Mapping[str, Walk]] = {
    "groups": heat,
    "groups/<table_id>": by_group,
    "figures.csv": table,
    "figures.xlsx": workbook,
    "release.json": signed,
}
WALKS: Final = {**OF_EVERYBODY, **BY_GROUP}
WITHOUT_FIGURES: Final = ("plan", "sharing", "definitions")
"""Pages of a release that hold none: the same numbers whatever the release says."""
