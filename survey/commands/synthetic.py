"""Invented respondents as the commands send them; `survey/worker/inventing.py` says where they come from."""

from __future__ import annotations

from questionnaires.model import Questionnaire
from survey.commands.files import Reply
from survey.worker.inventing import Place, invented


def replies(questionnaire: Questionnaire, place: Place, number: int, units: int, seed: int) -> list[Reply]:
    """`number` invented responses, the same for the same `seed`; units are chosen evenly, some left blank."""
    return [Reply(*each) for each in invented(questionnaire, place, number, [1] * units, seed)]


__all__ = ["Place", "replies"]
