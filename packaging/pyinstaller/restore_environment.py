"""Runs before the program: gives its environment back to all that it starts.

The starter of the packaged program points LD_LIBRARY_PATH at its own folder. This process
has read it by now, and programs that are not ours (a browser for a link, say) must load the
libraries of their own system. Our own children set it anew: they are told to start as the
first of their kind does, else they would rely on what was just taken away.
"""

import os

for name in ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_LIBRARY_PATH"):
    kept = os.environ.pop(f"{name}_ORIG", None)
    if kept is not None:
        os.environ[name] = kept
    else:
        os.environ.pop(name, None)
os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
