# SPDX-License-Identifier: EUPL-1.2
"""A strict Bot API server of our own, and people who chat over it. It knows no bot library's models."""
