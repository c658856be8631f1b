"""Command line of the simulation: ``python data/simulation [OUT_DIR]`` or ``python -m data.simulation [OUT_DIR]``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    # Run as a folder, Python puts the folder itself on the path; the package is found from the checkout's root.
    sys.path[0] = str(ROOT)
    from data.simulation.workspace import write

    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    if options or len(sys.argv) > 2:
        sys.exit(f"unknown: {' '.join(options or sys.argv[2:])} -> usage: python data/simulation [OUT_DIR]")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "samples"
    files = write(target)
    print(f"{len(files)} files, {sum(len(content) for content in files.values()) / 1e6:.1f} MB in {target}")
