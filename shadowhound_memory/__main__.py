"""Starts the command `shadowhound-memory`, which understands Ctrl-C from the first moment, while it still loads."""

import os
import signal
import sys


def main() -> int:
    """Load and run the command. Returns its exit code, 130 after Ctrl-C."""
    signal.signal(
        signal.SIGINT, lambda *_: os._exit(130)
    )  # nothing is open yet, and a library may swallow an exception
    from shadowhound_memory import cli

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
