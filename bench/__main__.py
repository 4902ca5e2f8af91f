"""`python -m bench [PART …] [--sizes N,N]`: measures and writes JSON, a table and plots into bench/out."""

import argparse
import os
import sys

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

from bench import growth, peers, search, serving, writing
from bench.corpus import SIZES

PARTS = ("search", "peers", "writing", "serving", "growth")


def main() -> None:
    """Run the named parts, all of them by default; `recall`, `recall_fit` and `adapters` have their own commands."""
    if sys.argv[1:2] == ["recall"]:
        from bench import recall

        return recall.main(sys.argv[2:])
    if sys.argv[1:2] == ["recall_fit"]:
        from bench import recall_fit

        return recall_fit.main(sys.argv[2:])
    if sys.argv[1:2] == ["adapters"]:
        from bench import adapters

        return adapters.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of memories (default: %(default)s)")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    sizes = [int(size) for size in arguments.sizes.split(",")]
    run = {
        "search": lambda: search.run(sizes),
        "peers": lambda: peers.run(min(peers.SIZE, max(sizes))),
        "writing": writing.run,
        "serving": lambda: serving.run(min(serving.SIZE, max(sizes))),
        "growth": growth.run,
    }
    for part in arguments.parts or PARTS:
        run[part]()


if __name__ == "__main__":
    main()
