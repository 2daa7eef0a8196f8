# SPDX-License-Identifier: EUPL-1.2
"""Reading and checking the folder of a municipality."""
