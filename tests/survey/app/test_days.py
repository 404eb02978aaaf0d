"""A day that cannot be read is asked for again, and what was typed stays: in every form that has one."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, get_template_attribute
from wtforms import DateField

import survey
from survey.forms import Day, Form
from tests.pages import Page


def forms() -> Iterator[type[Form]]:
    for module in pkgutil.walk_packages(survey.__path__, "survey."):
        if module.name.endswith("forms") or module.name.endswith("setup_form"):
            importlib.import_module(module.name)
    waiting = [Form]
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting.extend(found)
        yield from found


def days(app: Flask, typed: str) -> list[tuple[str, Day]]:
    """Each day of each form, as it stands after something was sent."""
    found = []
    with app.test_request_context("/", method="POST", data={}):
        for kind in forms():
            form = kind(formdata=None, meta={"csrf": False})
            for name, field in form._fields.items():
                if isinstance(field, DateField):
                    assert isinstance(field, Day), f"{kind.__name__}.{name}: make it a Day"
                    field.raw_data = [typed]
                    try:
                        field.process_formdata([typed])
                    except ValueError:
                        field.data = None
                    found.append((f"{kind.__name__}.{name}", field))
    return found


@pytest.mark.parametrize("typed", ["31/12", "31. december", "2026-02-30", "<b>", "0"])
def test_what_is_no_day_stays_in_its_field_as_it_was_typed(app: Flask, typed: str) -> None:
    found = days(app, typed)

    assert len({name.partition(".")[0] for name, _ in found}) >= 7
    for name, field in found:
        with app.test_request_context("/"):
            shown = get_template_attribute("macros/forms.html", "day")(field)
        (line,) = Page.parsed(f"<!doctype html><body>{shown}").elements("input")
        assert (line.get("type"), line.get("value")) == ("text", typed), name


@pytest.mark.parametrize("typed", ["2026-12-31", "31-12-2026", "31.12.2026", "31/12/2026"])
def test_a_day_may_be_written_as_danes_write_it(app: Flask, typed: str) -> None:
    for name, field in days(app, typed):
        assert (field.input_type, field.typed) == ("date", "2026-12-31"), name


def test_no_page_writes_the_field_of_a_day_by_itself(project_root: Path) -> None:
    for template in (project_root / "templates").rglob("*.html"):
        assert '"date"' not in template.read_text("utf-8"), template
