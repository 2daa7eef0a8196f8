# SPDX-License-Identifier: EUPL-1.2
"""`python -m bot` is the command `buurtbrug`."""

if __name__ == "__main__":  # processes that learn beside this one read this file, too, and need no command
    from bot.cli import main

    main()
