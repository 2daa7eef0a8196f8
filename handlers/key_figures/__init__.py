# SPDX-License-Identifier: EUPL-1.2
"""What a key figure does."""
