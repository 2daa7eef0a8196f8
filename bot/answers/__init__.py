# SPDX-License-Identifier: EUPL-1.2
"""Text in, ranked entries and a decision out. No input or output."""
