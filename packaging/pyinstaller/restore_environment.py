"""Runs before the program: gives its environment back to programs that are not ours.

The starter of the packaged program points LD_LIBRARY_PATH at its own folder. This process
has read it by now, our children set it anew, and all others (a browser for a link, say)
must load the libraries of their own system.
"""

import os

for name in ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_LIBRARY_PATH"):
    kept = os.environ.pop(f"{name}_ORIG", None)
    if kept is not None:
        os.environ[name] = kept
    else:
        os.environ.pop(name, None)
