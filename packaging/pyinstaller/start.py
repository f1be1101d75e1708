"""Where both packaged programs begin."""

from onhand.__main__ import main

main()
