# SPDX-License-Identifier: EUPL-1.2
"""Other systems, one file each."""
