# SPDX-License-Identifier: EUPL-1.2
"""The steps, in the order of their numbers."""
