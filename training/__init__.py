"""Offline steps that make adapters: synthesize, export, train, evaluate, merge."""

import logging

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns of kernels that it does without
