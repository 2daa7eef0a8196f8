# SPDX-License-Identifier: EUPL-1.2
"""Groups, subscriptions, broadcasts with their plans, and what key figures do with them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import BigInt, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relay_groups",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("thread_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("was_approved", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_groups")),
        sa.UniqueConstraint("channel", "chat_id", name=op.f("uq_relay_groups_channel")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_relay_groups_state"), "relay_groups", ["state"], unique=False)
    op.create_table(
        "broadcasts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("author", BigInt, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("confirm", sa.String(length=16), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("media_kind", sa.String(length=16), nullable=False),
        sa.Column("location", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("link", sa.String(length=512), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author"], ["people.id"], name=op.f("fk_broadcasts_author_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_broadcasts_author"), "broadcasts", ["author"], unique=False)
    op.create_index("ix_broadcasts_state", "broadcasts", ["state", "changed_at"], unique=False)
    op.create_table(
        "key_figure_digests",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_key_figure_digests_decided_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_key_figure_digests_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_figure_digests")),
        sa.UniqueConstraint("person_id", "month", name=op.f("uq_key_figure_digests_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_key_figure_digests_decided_by"), "key_figure_digests", ["decided_by"], unique=False
    )
    op.create_index(op.f("ix_key_figure_digests_state"), "key_figure_digests", ["state"], unique=False)
    op.create_table(
        "relay_group_changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("group_id", BigInt, nullable=False),
        sa.Column("before", sa.String(length=16), nullable=True),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["people.id"], name=op.f("fk_relay_group_changes_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["relay_groups.id"],
            name=op.f("fk_relay_group_changes_group_id_relay_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_group_changes")),
    )
    op.create_index(op.f("ix_relay_group_changes_by"), "relay_group_changes", ["by"], unique=False)
    op.create_index(
        op.f("ix_relay_group_changes_group_id"), "relay_group_changes", ["group_id"], unique=False
    )
    op.create_table(
        "subscriptions",
        sa.Column("person_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest_since", UtcDateTime(), nullable=True),
        sa.Column("digest_due", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_digest_due"), "subscriptions", ["digest_due"], unique=False)
    op.create_index("ix_subscriptions_state", "subscriptions", ["state", "frequency"], unique=False)
    op.create_table(
        "broadcast_changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("details", sa.String(length=128), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_changes_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["people.id"], name=op.f("fk_broadcast_changes_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_changes")),
    )
    op.create_index(
        op.f("ix_broadcast_changes_broadcast_id"), "broadcast_changes", ["broadcast_id"], unique=False
    )
    op.create_index(op.f("ix_broadcast_changes_by"), "broadcast_changes", ["by"], unique=False)
    op.create_table(
        "broadcast_plans",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("repeat", sa.String(length=16), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("skip_holidays", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.Column("planned_by", BigInt, nullable=True),
        sa.Column("version", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_plans_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["planned_by"],
            ["people.id"],
            name=op.f("fk_broadcast_plans_planned_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_broadcast_plans_broadcast_id"), "broadcast_plans", ["broadcast_id"], unique=False
    )
    op.create_index(op.f("ix_broadcast_plans_planned_by"), "broadcast_plans", ["planned_by"], unique=False)
    op.create_index(op.f("ix_broadcast_plans_state"), "broadcast_plans", ["state"], unique=False)
    op.create_table(
        "broadcast_texts",
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("translated_by", BigInt, nullable=True),
        sa.Column("approved_by", BigInt, nullable=True),
        sa.Column("voice", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["people.id"],
            name=op.f("fk_broadcast_texts_approved_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_texts_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["translated_by"],
            ["people.id"],
            name=op.f("fk_broadcast_texts_translated_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "language", name=op.f("pk_broadcast_texts")),
    )
    op.create_index(op.f("ix_broadcast_texts_approved_by"), "broadcast_texts", ["approved_by"], unique=False)
    op.create_index(op.f("ix_broadcast_texts_state"), "broadcast_texts", ["state"], unique=False)
    op.create_index(
        op.f("ix_broadcast_texts_translated_by"), "broadcast_texts", ["translated_by"], unique=False
    )
    op.create_table(
        "heard",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_heard_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_heard_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard")),
    )
    op.create_index(op.f("ix_heard_at"), "heard", ["at"], unique=False)
    op.create_index(op.f("ix_heard_broadcast_id"), "heard", ["broadcast_id"], unique=False)
    op.create_index(op.f("ix_heard_person_id"), "heard", ["person_id"], unique=False)
    op.create_table(
        "passed_on",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("about", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_passed_on_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_passed_on_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_on")),
        sa.UniqueConstraint("broadcast_id", "person_id", "place", name=op.f("uq_passed_on_broadcast_id")),
    )
    op.create_index(op.f("ix_passed_on_person_id"), "passed_on", ["person_id"], unique=False)
    op.create_table(
        "share_links",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("visits", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_share_links_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_share_links")),
        sa.UniqueConstraint("broadcast_id", "language", name=op.f("uq_share_links_broadcast_id")),
    )
    op.create_table(
        "broadcast_occurrences",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("plan_id", BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=8), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["broadcast_plans.id"],
            name=op.f("fk_broadcast_occurrences_plan_id_broadcast_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_occurrences")),
        sa.UniqueConstraint("plan_id", "day", "slot", name=op.f("uq_broadcast_occurrences_plan_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_broadcast_occurrences_due", "broadcast_occurrences", ["state", "due_at"], unique=False
    )
    op.create_table(
        "broadcast_runs",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("broadcast_id", BigInt, nullable=False),
        sa.Column("occurrence_id", BigInt, nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_runs_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["people.id"], name=op.f("fk_broadcast_runs_by_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["broadcast_occurrences.id"],
            name=op.f("fk_broadcast_runs_occurrence_id_broadcast_occurrences"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_runs")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_broadcast_runs_occurrence_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_broadcast_runs_broadcast_id"), "broadcast_runs", ["broadcast_id"], unique=False)
    op.create_index(op.f("ix_broadcast_runs_by"), "broadcast_runs", ["by"], unique=False)
    op.create_index(op.f("ix_broadcast_runs_done"), "broadcast_runs", ["done"], unique=False)
    op.create_index(op.f("ix_broadcast_runs_released_at"), "broadcast_runs", ["released_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_broadcast_runs_released_at"), table_name="broadcast_runs")
    op.drop_index(op.f("ix_broadcast_runs_done"), table_name="broadcast_runs")
    op.drop_index(op.f("ix_broadcast_runs_by"), table_name="broadcast_runs")
    op.drop_index(op.f("ix_broadcast_runs_broadcast_id"), table_name="broadcast_runs")
    op.drop_table("broadcast_runs")
    op.drop_index("ix_broadcast_occurrences_due", table_name="broadcast_occurrences")
    op.drop_table("broadcast_occurrences")
    op.drop_table("share_links")
    op.drop_index(op.f("ix_passed_on_person_id"), table_name="passed_on")
    op.drop_table("passed_on")
    op.drop_index(op.f("ix_heard_person_id"), table_name="heard")
    op.drop_index(op.f("ix_heard_broadcast_id"), table_name="heard")
    op.drop_index(op.f("ix_heard_at"), table_name="heard")
    op.drop_table("heard")
    op.drop_index(op.f("ix_broadcast_texts_translated_by"), table_name="broadcast_texts")
    op.drop_index(op.f("ix_broadcast_texts_state"), table_name="broadcast_texts")
    op.drop_index(op.f("ix_broadcast_texts_approved_by"), table_name="broadcast_texts")
    op.drop_table("broadcast_texts")
    op.drop_index(op.f("ix_broadcast_plans_state"), table_name="broadcast_plans")
    op.drop_index(op.f("ix_broadcast_plans_planned_by"), table_name="broadcast_plans")
    op.drop_index(op.f("ix_broadcast_plans_broadcast_id"), table_name="broadcast_plans")
    op.drop_table("broadcast_plans")
    op.drop_index(op.f("ix_broadcast_changes_by"), table_name="broadcast_changes")
    op.drop_index(op.f("ix_broadcast_changes_broadcast_id"), table_name="broadcast_changes")
    op.drop_table("broadcast_changes")
    op.drop_index("ix_subscriptions_state", table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_digest_due"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_relay_group_changes_group_id"), table_name="relay_group_changes")
    op.drop_index(op.f("ix_relay_group_changes_by"), table_name="relay_group_changes")
    op.drop_table("relay_group_changes")
    op.drop_index(op.f("ix_key_figure_digests_state"), table_name="key_figure_digests")
    op.drop_index(op.f("ix_key_figure_digests_decided_by"), table_name="key_figure_digests")
    op.drop_table("key_figure_digests")
    op.drop_index("ix_broadcasts_state", table_name="broadcasts")
    op.drop_index(op.f("ix_broadcasts_author"), table_name="broadcasts")
    op.drop_table("broadcasts")
    op.drop_index(op.f("ix_relay_groups_state"), table_name="relay_groups")
    op.drop_table("relay_groups")
