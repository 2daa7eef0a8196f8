# SPDX-License-Identifier: EUPL-1.2
"""The sub-commands of `buurtbrug`, one module each, with a function `register` that adds it."""
