# SPDX-License-Identifier: EUPL-1.2
"""`python -m bot` is the command `buurtbrug`."""

from bot.cli import main

main()
