"""What the figures were measured on, in a few lines."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("torch", "sentence-transformers", "onnxruntime", "tokenizers", "faiss-cpu", "numpy")


def describe() -> str:
    """Processor, cores, memory, system, how busy it is, and the versions of what is compared."""
    cores = os.cpu_count() or 1
    lines = [
        f"Processor: {_processor()}, {cores} cores; {_memory()} of memory; {platform.system()}.",
        f"Load when this began: {_load()} of {cores}; above that, figures are of a busy machine.",
        f"Python {platform.python_version()}, {', '.join(versions(_PACKAGES))}.",
    ]
    return "\n".join(lines)


def versions(packages: Sequence[str]) -> list[str]:
    """The name and version of each package that is installed here."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    wide = [name for name in ("avx2", "avx512f", "avx512_vnni", "amx_tile") if name in flags]
    return f"{named[0] if named else platform.machine()} ({', '.join(wide)})"


def _memory() -> str:
    if sys.platform == "win32":
        return "unknown amount"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
