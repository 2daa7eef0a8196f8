# SPDX-License-Identifier: EUPL-1.2
"""What the words mean, and the rules that hold wherever they are used. No input or output."""
