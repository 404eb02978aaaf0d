"""`python -m survey.commands` is `tillid`: how one of its processes starts another."""

from survey.commands.main import main

main()
