"""`python -m pytest_orchestrator` is the command line, whichever folder scripts were installed to."""

from pytest_orchestrator.cli.main import main

if __name__ == "__main__":
    main()
