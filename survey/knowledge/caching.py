"""Public pages that are asked for again are sent again only if they have changed."""

from __future__ import annotations

from flask import Response, request


def with_etag(response: Response) -> Response:
    """Mark an answer by its content, and send it without its content to whoever has it already."""
    if response.status_code != 200 or response.is_streamed:  # noqa: PLR2004  What else is said is not kept.
        return response
    response.add_etag()
    response.make_conditional(request)
    return response
