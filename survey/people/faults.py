"""What pages explain when something cannot be done for a person."""

from __future__ import annotations


class PersonError(ValueError):
    """What cannot be done as asked; `fault` is one word for pages to explain."""

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message)
        self.fault = fault
