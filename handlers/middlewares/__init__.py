# SPDX-License-Identifier: EUPL-1.2
"""What happens around every update."""
