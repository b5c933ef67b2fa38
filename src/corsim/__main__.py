"""`python -m corsim`."""

from corsim.cli import main

if __name__ == "__main__":
    main(prog_name="corsim")
