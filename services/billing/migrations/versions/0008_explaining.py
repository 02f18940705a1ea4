"""The uses of a line are found by an index: an agreement's use of a product, in order of time.

It costs what is written little: few hundred agreements use a handful of products, so that most uses of a batch go to pages
that are at hand, and those of one agreement come in order of time.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index usage_of_agreement on usage (agreement, product, time)")
