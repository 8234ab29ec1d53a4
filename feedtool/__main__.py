"""`feedtool`, and `python -m feedtool`."""

from __future__ import annotations

import signal

TYPE_CHECKING = False  # typing takes its time, in which Ctrl+C would give lines of Python
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with the code of what came of it.

    Ctrl+C before it is imported ends the process as it ends any other, without lines of Python.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # nobody ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from .cli import main as run

    run()


if __name__ == "__main__":
    main()
