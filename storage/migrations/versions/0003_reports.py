# SPDX-License-Identifier: EUPL-1.2
"""Reports: what is the matter where, their history, pictures, followers, drafts, transfers."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import BigInt, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_drafts",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_report_drafts_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_report_drafts")),
    )
    op.create_index(op.f("ix_report_drafts_updated_at"), "report_drafts", ["updated_at"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("known", sa.String(length=64), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("assigned_to", BigInt, nullable=True),
        sa.Column("joined_to", BigInt, nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["people.id"], name=op.f("fk_reports_assigned_to_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["joined_to"], ["reports.id"], name=op.f("fk_reports_joined_to_reports"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reports_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("token", name=op.f("uq_reports_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reports_assigned_to"), "reports", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_reports_created_at"), "reports", ["created_at"], unique=False)
    op.create_index(op.f("ix_reports_joined_to"), "reports", ["joined_to"], unique=False)
    op.create_index(
        "ix_reports_open",
        "reports",
        ["kind", "created_at"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('done', 'not_possible', 'withdrawn', 'joined')"),
        postgresql_where=sa.text("state NOT IN ('done', 'not_possible', 'withdrawn', 'joined')"),
    )
    op.create_index(op.f("ix_reports_person_id"), "reports", ["person_id"], unique=False)
    op.create_index("ix_reports_state", "reports", ["state", "created_at"], unique=False)
    op.create_table(
        "report_changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("report_id", BigInt, nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("target", sa.String(length=255), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by"], ["people.id"], name=op.f("fk_report_changes_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reports.id"],
            name=op.f("fk_report_changes_report_id_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_report_changes_at"), "report_changes", ["at"], unique=False)
    op.create_index(op.f("ix_report_changes_by"), "report_changes", ["by"], unique=False)
    op.create_index(op.f("ix_report_changes_report_id"), "report_changes", ["report_id"], unique=False)
    op.create_table(
        "report_followers",
        sa.Column("report_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_report_followers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reports.id"],
            name=op.f("fk_report_followers_report_id_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "person_id", name=op.f("pk_report_followers")),
    )
    op.create_index(op.f("ix_report_followers_person_id"), "report_followers", ["person_id"], unique=False)
    op.create_table(
        "report_notes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("report_id", BigInt, nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_notes_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_notes")),
    )
    op.create_index(op.f("ix_report_notes_report_id"), "report_notes", ["report_id"], unique=False)
    op.create_table(
        "report_photos",
        sa.Column("report_id", BigInt, nullable=False),
        sa.Column("media_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_photos_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "media_id", name=op.f("pk_report_photos")),
    )
    op.create_index(op.f("ix_report_photos_media_id"), "report_photos", ["media_id"], unique=False)
    op.create_table(
        "report_transfers",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("report_id", BigInt, nullable=False),
        sa.Column("backend", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("outside_state", sa.String(length=64), nullable=False),
        sa.Column("error", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reports.id"],
            name=op.f("fk_report_transfers_report_id_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_transfers")),
    )
    op.create_index(
        "ix_report_transfers_due",
        "report_transfers",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_report_transfers_report", "report_transfers", ["report_id", "backend"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_report_transfers_report", table_name="report_transfers")
    op.drop_index(
        "ix_report_transfers_due",
        table_name="report_transfers",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_table("report_transfers")
    op.drop_index(op.f("ix_report_photos_media_id"), table_name="report_photos")
    op.drop_table("report_photos")
    op.drop_index(op.f("ix_report_notes_report_id"), table_name="report_notes")
    op.drop_table("report_notes")
    op.drop_index(op.f("ix_report_followers_person_id"), table_name="report_followers")
    op.drop_table("report_followers")
    op.drop_index(op.f("ix_report_changes_report_id"), table_name="report_changes")
    op.drop_index(op.f("ix_report_changes_by"), table_name="report_changes")
    op.drop_index(op.f("ix_report_changes_at"), table_name="report_changes")
    op.drop_table("report_changes")
    op.drop_index("ix_reports_state", table_name="reports")
    op.drop_index(op.f("ix_reports_person_id"), table_name="reports")
    op.drop_index(
        "ix_reports_open",
        table_name="reports",
        sqlite_where=sa.text("state NOT IN ('done', 'not_possible', 'withdrawn', 'joined')"),
        postgresql_where=sa.text("state NOT IN ('done', 'not_possible', 'withdrawn', 'joined')"),
    )
    op.drop_index(op.f("ix_reports_joined_to"), table_name="reports")
    op.drop_index(op.f("ix_reports_created_at"), table_name="reports")
    op.drop_index(op.f("ix_reports_assigned_to"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_report_drafts_updated_at"), table_name="report_drafts")
    op.drop_table("report_drafts")
