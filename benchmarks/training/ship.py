"""Make a trained network the bundled reader.

    python -m benchmarks.training.ship FOLDER/all.pt

Writes ``index/reader.onnx`` and prints its SHA-256, which is to stand in
``index/bundled_reader.py``.
"""

import argparse
import hashlib
from pathlib import Path

from benchmarks.training.export import exported, in_eight_bits
from benchmarks.training.readers import trained_network


def main() -> None:
    """Read the arguments, export, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("state", type=Path)
    parser.add_argument("--out", type=Path, default=Path("index/reader.onnx"))
    arguments = parser.parse_args()
    network = in_eight_bits(exported(trained_network(arguments.state)))
    arguments.out.write_bytes(network)
    print(hashlib.sha256(network).hexdigest(), len(network), "bytes")


if __name__ == "__main__":
    main()
