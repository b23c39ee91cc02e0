"""``python -m newsanalysis``: the command line where the script is not on the path."""

from newsanalysis.cli import main

if __name__ == "__main__":
    main()
