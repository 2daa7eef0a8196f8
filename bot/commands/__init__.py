# SPDX-License-Identifier: EUPL-1.2
"""The sub-commands of `buurtbrug`, one file each."""
