# SPDX-License-Identifier: EUPL-1.2
"""The application: what the words mean, the answers, the use cases and the ways in and out."""
