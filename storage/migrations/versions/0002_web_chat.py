# SPDX-License-Identifier: EUPL-1.2
"""The web chat: visitors, messages, events, updates, files."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import BigInt, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_commands",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("commands", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "language", name=op.f("pk_web_commands")),
    )
    op.create_table(
        "web_files",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mime", sa.String(length=64), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("width", BigInt, nullable=False),
        sa.Column("height", BigInt, nullable=False),
        sa.Column("duration", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_files")),
    )
    op.create_index(op.f("ix_web_files_created_at"), "web_files", ["created_at"], unique=False)
    op.create_index(op.f("ix_web_files_digest"), "web_files", ["digest"], unique=False)

    op.create_table(
        "web_visitors",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("language_code", sa.String(length=35), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("last_sequence", BigInt, nullable=False),
        sa.Column("read_sequence", BigInt, nullable=False),
        sa.Column("keyboard_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_visitors")),
    )
    op.create_index(op.f("ix_web_visitors_seen_at"), "web_visitors", ["seen_at"], unique=False)

    op.create_table(
        "web_events",
        sa.Column("visitor_id", BigInt, nullable=False),
        sa.Column("sequence", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("message_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["web_visitors.id"],
            name=op.f("fk_web_events_visitor_id_web_visitors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", "sequence", name=op.f("pk_web_events")),
    )
    op.create_index(op.f("ix_web_events_created_at"), "web_events", ["created_at"], unique=False)

    op.create_table(
        "web_file_access",
        sa.Column("file_id", sa.String(length=48), nullable=False),
        sa.Column("visitor_id", BigInt, nullable=False),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["web_files.id"],
            name=op.f("fk_web_file_access_file_id_web_files"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["web_visitors.id"],
            name=op.f("fk_web_file_access_visitor_id_web_visitors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "visitor_id", name=op.f("pk_web_file_access")),
    )
    op.create_index(op.f("ix_web_file_access_created_at"), "web_file_access", ["created_at"], unique=False)
    op.create_index(op.f("ix_web_file_access_visitor_id"), "web_file_access", ["visitor_id"], unique=False)

    op.create_table(
        "web_messages",
        sa.Column("visitor_id", BigInt, nullable=False),
        sa.Column("message_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("from_visitor", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["web_visitors.id"],
            name=op.f("fk_web_messages_visitor_id_web_visitors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visitor_id", "message_id", name=op.f("pk_web_messages")),
    )
    op.create_index(op.f("ix_web_messages_created_at"), "web_messages", ["created_at"], unique=False)

    op.create_table(
        "web_updates",
        sa.Column("update_id", BigInt, nullable=False),
        sa.Column("visitor_id", BigInt, nullable=False),
        sa.Column("client_id", sa.String(length=80), nullable=False),
        sa.Column("message_id", BigInt, nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["web_visitors.id"],
            name=op.f("fk_web_updates_visitor_id_web_visitors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_web_updates")),
        sa.UniqueConstraint("visitor_id", "client_id", name="uq_web_updates_visitor_id_client_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_web_updates_created_at"), "web_updates", ["created_at"], unique=False)
    op.create_index(
        "ix_web_updates_status_visitor_id_update_id",
        "web_updates",
        ["status", "visitor_id", "update_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_web_updates_status_visitor_id_update_id", table_name="web_updates")
    op.drop_index(op.f("ix_web_updates_created_at"), table_name="web_updates")

    op.drop_table("web_updates")
    op.drop_index(op.f("ix_web_messages_created_at"), table_name="web_messages")

    op.drop_table("web_messages")
    op.drop_index(op.f("ix_web_file_access_visitor_id"), table_name="web_file_access")
    op.drop_index(op.f("ix_web_file_access_created_at"), table_name="web_file_access")

    op.drop_table("web_file_access")
    op.drop_index(op.f("ix_web_events_created_at"), table_name="web_events")

    op.drop_table("web_events")
    op.drop_index(op.f("ix_web_visitors_seen_at"), table_name="web_visitors")

    op.drop_table("web_visitors")
    op.drop_index(op.f("ix_web_files_digest"), table_name="web_files")
    op.drop_index(op.f("ix_web_files_created_at"), table_name="web_files")

    op.drop_table("web_files")
    op.drop_table("web_commands")
