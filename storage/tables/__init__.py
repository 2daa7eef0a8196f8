# SPDX-License-Identifier: EUPL-1.2
"""The tables, a file for each part of the house."""
