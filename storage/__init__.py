# SPDX-License-Identifier: EUPL-1.2
"""Everything that is kept."""
