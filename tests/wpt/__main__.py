"""`python -m wpt`."""

from wpt.cli import main

if __name__ == "__main__":
    main()
