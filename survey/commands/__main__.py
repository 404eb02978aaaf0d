"""`python -m survey.commands` is `tillid`: how one of its processes starts another."""

from survey.commands.main import main

# Processes that a pool starts import this module under another name.
if __name__ == "__main__":
    main()
