# SPDX-License-Identifier: EUPL-1.2
"""How the tables came to be, step by step (Alembic). `storage.schema` runs them."""
