"""
${message.capitalize()}.

What it could link: (say what this tells of who answered what, or that it tells nothing, and why)
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message.capitalize()}."""
    ${upgrades}
