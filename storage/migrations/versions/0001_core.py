# SPDX-License-Identifier: EUPL-1.2
"""People, questions, the outbox, conversations, media, leases."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import BigInt, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fsm",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_fsm")),
    )
    op.create_index(op.f("ix_fsm_updated_at"), "fsm", ["updated_at"], unique=False)
    op.create_index(op.f("ix_fsm_user_hash"), "fsm", ["user_hash"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("bot_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("update_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_handled_at"), "inbox", ["handled_at"], unique=False)

    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mime", sa.String(length=255), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_messages_created_at"), "outbox_messages", ["created_at"], unique=False)
    op.create_index(op.f("ix_outbox_messages_reason"), "outbox_messages", ["reason"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("user_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chat_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("refusal", sa.String(length=16), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("user_hash", name=op.f("uq_accounts_user_hash")),
    )
    op.create_index("ix_accounts_chat_hash", "accounts", ["chat_hash"], unique=False)
    op.create_index(op.f("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)

    op.create_table(
        "exchanges",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.String(length=128), nullable=True),
        sa.Column("revision", BigInt, nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_exchanges_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchanges_at", "exchanges", ["at"], unique=False)
    op.create_index("ix_exchanges_entry", "exchanges", ["entry", "revision"], unique=False)
    op.create_index("ix_exchanges_person", "exchanges", ["person_id", "at"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigInt, nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_invitations_created_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["people.id"], name=op.f("fk_invitations_used_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_created_by"), "invitations", ["created_by"], unique=False)
    op.create_index(op.f("ix_invitations_expires_at"), "invitations", ["expires_at"], unique=False)
    op.create_index(op.f("ix_invitations_used_by"), "invitations", ["used_by"], unique=False)

    op.create_table(
        "outbox_deliveries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("thread_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("edits", BigInt, nullable=True),
        sa.Column("priority", BigInt, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("sent_message_id", BigInt, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_messages.id"],
            name=op.f("fk_outbox_deliveries_message_id_outbox_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_deliveries")),
        sa.UniqueConstraint(
            "message_id", "channel", "chat_id", "thread_id", name=op.f("uq_outbox_deliveries_message_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_deliveries_chat", "outbox_deliveries", ["chat_id", "channel"], unique=False)
    op.create_index(
        "ix_outbox_deliveries_due",
        "outbox_deliveries",
        ["priority", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_outbox_deliveries_held",
        "outbox_deliveries",
        ["held_until"],
        unique=False,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )

    op.create_table(
        "person_roles",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("granted_by", BigInt, nullable=True),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["people.id"], name=op.f("fk_person_roles_granted_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_roles")),
    )
    op.create_index(op.f("ix_person_roles_granted_by"), "person_roles", ["granted_by"], unique=False)
    op.create_index(op.f("ix_person_roles_role"), "person_roles", ["role"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_questions_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["people.id"], name=op.f("fk_questions_taken_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_questions_person_id"), "questions", ["person_id"], unique=False)
    op.create_index("ix_questions_state", "questions", ["state", "asked_at"], unique=False)
    op.create_index(op.f("ix_questions_taken_by"), "questions", ["taken_by"], unique=False)

    op.create_table(
        "question_changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("question_id", BigInt, nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["people.id"], name=op.f("fk_question_changes_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_changes_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_changes")),
    )
    op.create_index(op.f("ix_question_changes_by"), "question_changes", ["by"], unique=False)
    op.create_index(
        op.f("ix_question_changes_question_id"), "question_changes", ["question_id"], unique=False
    )

    op.create_table(
        "question_lines",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("question_id", BigInt, nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_question_lines_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_lines_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_lines")),
    )
    op.create_index(op.f("ix_question_lines_at"), "question_lines", ["at"], unique=False)
    op.create_index(op.f("ix_question_lines_person_id"), "question_lines", ["person_id"], unique=False)
    op.create_index(op.f("ix_question_lines_question_id"), "question_lines", ["question_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_question_lines_question_id"), table_name="question_lines")
    op.drop_index(op.f("ix_question_lines_person_id"), table_name="question_lines")
    op.drop_index(op.f("ix_question_lines_at"), table_name="question_lines")

    op.drop_table("question_lines")
    op.drop_index(op.f("ix_question_changes_question_id"), table_name="question_changes")
    op.drop_index(op.f("ix_question_changes_by"), table_name="question_changes")

    op.drop_table("question_changes")
    op.drop_index(op.f("ix_questions_taken_by"), table_name="questions")
    op.drop_index("ix_questions_state", table_name="questions")
    op.drop_index(op.f("ix_questions_person_id"), table_name="questions")

    op.drop_table("questions")
    op.drop_index(op.f("ix_person_roles_role"), table_name="person_roles")
    op.drop_index(op.f("ix_person_roles_granted_by"), table_name="person_roles")

    op.drop_table("person_roles")
    op.drop_index(
        "ix_outbox_deliveries_held",
        table_name="outbox_deliveries",
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.drop_index(
        "ix_outbox_deliveries_due",
        table_name="outbox_deliveries",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index("ix_outbox_deliveries_chat", table_name="outbox_deliveries")

    op.drop_table("outbox_deliveries")
    op.drop_index(op.f("ix_invitations_used_by"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_expires_at"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_created_by"), table_name="invitations")

    op.drop_table("invitations")
    op.drop_index("ix_exchanges_person", table_name="exchanges")
    op.drop_index("ix_exchanges_entry", table_name="exchanges")
    op.drop_index("ix_exchanges_at", table_name="exchanges")

    op.drop_table("exchanges")
    op.drop_index(op.f("ix_accounts_person_id"), table_name="accounts")
    op.drop_index("ix_accounts_chat_hash", table_name="accounts")

    op.drop_table("accounts")
    op.drop_table("people")
    op.drop_index(op.f("ix_outbox_messages_reason"), table_name="outbox_messages")
    op.drop_index(op.f("ix_outbox_messages_created_at"), table_name="outbox_messages")

    op.drop_table("outbox_messages")
    op.drop_table("media")
    op.drop_table("leases")
    op.drop_index(op.f("ix_inbox_handled_at"), table_name="inbox")

    op.drop_table("inbox")
    op.drop_index(op.f("ix_fsm_user_hash"), table_name="fsm")
    op.drop_index(op.f("ix_fsm_updated_at"), table_name="fsm")

    op.drop_table("fsm")
