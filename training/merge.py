"""`python -m training.merge NAME_OR_FOLDER`: an adapter merged into its base, as a model directory of its own.

The directory holds weights (safetensors), config, tokenizer and the adapter's card. Twenty probes show that it says
what base and adapter say; else nothing is left.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.verify import AdapterRefused
from shadowhound_memory.errors import ModelUnavailable, ShadowhoundError
from shadowhound_memory.models.merging import merge
from shadowhound_memory.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Merge; 1 with a sentence on standard error when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m training.merge", description=__doc__)
    parser.add_argument("adapter", help="TASK/SCOPE/VERSION of the registry, or the folder of a trained adapter")
    parser.add_argument(
        "--data-dir",
        default="",
        help="the robot's data directory, whose registry is asked (default: the user's data directory / robot)",
    )
    parser.add_argument("--out", type=Path, help="folder to write (default: <model>-<task>-<scope>-<version> here)")
    parser.add_argument("--model", default=Settings().model, help="base: name, folder or GGUF file (%(default)s)")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    arguments = parser.parse_args(argv)
    settings = Settings(model=arguments.model, data_dir=arguments.data_dir)
    try:
        made = merge(Registry(settings.directory / "adapters").folder(arguments.adapter), settings, arguments.out)
    except (AdapterRefused, ModelUnavailable, ShadowhoundError) as error:
        print(f"merge: {error}", file=sys.stderr)
        return 1
    print(json.dumps(made) if arguments.json else "\n".join(f"{name}: {value}" for name, value in made.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
