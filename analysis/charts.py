"""
A table of a release as a chart, the same table in words, and the sentence that says what it shows.

Last in the flow of figures, and made from parts of a release only: an unprotected count has no type that gets
in here. Options stand in the order of the questionnaire, never by their counts. Drawn by
frontend/src/charts.ts; docs/decisions/0040 says why bars look as they do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, cast

from analysis.findings import finding
from analysis.naming import Name, caution, option_name, title
from analysis.release import Row, Table
from analysis.shares import Share, share_of_asked, shares_of_answered
from analysis.tables import Interval
from analysis.wording import WORDINGS, Wording, is_hidden
from questionnaires.digest import JsonValue
from questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import plotly.graph_objects as go

_SURE: Final = "#0059b3"
_OPEN: Final = "#cfe1f2"
_INK: Final = "#1a1a1a"
_GRID: Final = "#dcdcdc"
_FONT: Final = "IBM Plex Sans, system-ui, sans-serif"

# Names stand above their bars and break by letters, not by width: a figure is as high on a phone.
_LETTERS_A_LINE: Final = 36
# Pixels.
_LINE: Final = 21
_BAR: Final = 16
_GAP: Final = 14
_AXIS: Final = 28
_ALL: Final = 100
_TICKS: Final = (0, 25, 50, 75, _ALL)


@dataclass(frozen=True, slots=True)
class ChartRow:
    """
    One line of a chart's table.

    Attributes:
        name: The option, in words.
        count: How many, in words: "23", "5–9", "fewer than 5", "hidden to protect people".
        share: Their part of those who answered, in words; of all who were asked, for those who did not; None
            where the count is hidden.
        percent: Their part in whole per cents, least and greatest, to draw; None where nothing is drawn.
    """

    name: Name
    count: str
    share: str | None
    percent: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """
    What a reader gets of one row of one table, whole without the picture.

    Attributes:
        title: The question or the indicator's name.
        base: How many were asked, in words.
        sentence: What it shows.
        rows: The table: an option in each, and last those who did not answer.
        mean: An index's mean, in words, or None.
        caution: What the figure cannot tell, or None.
        figure: Plotly's data and layout; None where there is nothing to draw.
        has_bands: Whether the picture has parts that may or may not be there.
    """

    title: Name
    base: str
    sentence: str
    rows: tuple[ChartRow, ...]
    mean: str | None
    caution: str | None
    figure: JsonValue
    has_bands: bool


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    share: Share | None
    words: str


def chart(table: Table, row: Row, questionnaire: Questionnaire, language: str) -> Chart:
    """
    The chart of one row of a table: of the organisation, or of one reporting group.

    Raises:
        UnknownNameError: If the table is not of this questionnaire.
    """
    wording = WORDINGS[language]
    names = [option_name(option, table, questionnaire, language) for option in table.options]
    bars = _bars(table, row, names, wording)
    drawn = [bar.share for bar in bars if bar.share is not None]
    return Chart(
        title=title(table.kind, table.item, questionnaire, language),
        base=wording.asked(Interval(*row.base)),
        sentence=finding(table, row, questionnaire, language),
        rows=_rows(row, names, bars, wording),
        mean=None if row.mean is None else wording.number(row.mean),
        caution=caution(table, language),
        figure=_figure(bars, wording) if drawn else None,
        has_bands=any(not share.is_exact for share in drawn),
    )


def _bars(table: Table, row: Row, names: Sequence[Name], wording: Wording) -> list[_Bar]:
    base, cells = Interval(*row.base), [Interval(*cell) for cell in row.cells]
    shares = shares_of_answered(cells, base, multiple=table.multiple)
    return [
        _Bar(name.text, None, wording.hidden_briefly)
        if is_hidden(cell, base)
        else _Bar(name.text, share, wording.share(share))
        for name, cell, share in zip(names, cells[:-1], shares, strict=False)
    ]


def _rows(row: Row, names: Sequence[Name], bars: Sequence[_Bar], wording: Wording) -> tuple[ChartRow, ...]:
    base, cells = Interval(*row.base), [Interval(*cell) for cell in row.cells]
    answers = [
        ChartRow(
            name,
            wording.count(cell, base),
            None if bar.share is None else bar.words,
            None if bar.share is None else (bar.share.percent.lo, bar.share.percent.hi),
        )
        for name, cell, bar in zip(names, cells, bars, strict=False)
    ]
    unanswered = cells[-1]
    of_all = wording.of_all.format(wording.share(share_of_asked(unanswered, base)))
    hidden = is_hidden(unanswered, base)
    last = ChartRow(names[-1], wording.count(unanswered, base), None if hidden else of_all)
    return (*answers, last)


def _figure(bars: Sequence[_Bar], wording: Wording) -> JsonValue:
    # Plotly takes a fifth of a second to load: a process waits for it at its first chart, not at its start.
    import plotly.graph_objects as go  # noqa: PLC0415

    names = [textwrap.wrap(bar.name, _LETTERS_A_LINE) for bar in bars]
    tops = [0]
    for lines in names:
        tops.append(tops[-1] + len(lines) * _LINE + _BAR + _GAP)
    figure = go.Figure(
        data=_traces(bars, [top - _GAP - _BAR / 2 for top in tops[1:]]), layout=_layout(tops[-1], wording)
    )
    for bar, lines, top in zip(bars, names, tops, strict=False):
        figure.add_annotation(x=0, xanchor="left", align="left", **_text(lines, top))
        figure.add_annotation(x=_ALL, xanchor="right", font={"weight": 600}, **_text([bar.words], top))
    return cast("JsonValue", figure.to_plotly_json())


def _text(lines: Sequence[str], top: int) -> dict[str, object]:
    # Plotly reads a little markup in texts; an option's name has none.
    text = "<br>".join(escape(line, quote=False) for line in lines)
    return {"text": text, "y": top, "yanchor": "top", "showarrow": False, "borderpad": 0}


def _traces(bars: Sequence[_Bar], middles: Sequence[float]) -> list[go.Bar]:
    import plotly.graph_objects as go  # noqa: PLC0415

    drawn = [(bar.share, middle) for bar, middle in zip(bars, middles, strict=True) if bar.share is not None]
    sure = [share.percent.lo for share, _ in drawn]
    still_open = [share.percent.width for share, _ in drawn]
    shape = {"y": [middle for _, middle in drawn], "orientation": "h", "width": _BAR, "hoverinfo": "skip"}
    pattern = {"shape": "/", "fgcolor": _SURE, "bgcolor": _OPEN, "size": 6, "solidity": 0.2}
    return [
        go.Bar(x=sure, marker={"color": _SURE, "line": {"width": 0}}, **shape),
        go.Bar(
            x=still_open,
            marker={"color": _OPEN, "pattern": pattern, "line": {"width": 1, "color": _SURE}},
            **shape,
        ),
    ]


def _layout(height: int, wording: Wording) -> go.Layout:
    import plotly.graph_objects as go  # noqa: PLC0415

    percent = wording.percent
    return go.Layout(
        template="none",
        barmode="stack",
        height=height + _AXIS,
        margin={"l": 14, "r": 24, "t": 0, "b": _AXIS},
        font={"family": _FONT, "size": 14, "color": _INK},
        paper_bgcolor="white",
        plot_bgcolor="white",
        showlegend=False,
        separators=f"{wording.decimal}{wording.thousands}",
        # One unit up is one pixel, so that names and bars keep their distance at every width.
        yaxis={"range": [height, 0], "visible": False, "fixedrange": True},
        xaxis={
            "range": [0, _ALL],
            "tickvals": _TICKS,
            "ticktext": [percent.format(tick) for tick in _TICKS],
            "gridcolor": _GRID,
            "zeroline": False,
            "fixedrange": True,
        },
    )
