"""The command line: `kpi-toolkit`, or `python -m kpi_toolkit`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the process was started with, and leave with its exit code."""
    # jsonschema, on which every Jupyter part stands, would compile a grammar for 2 to 3 seconds at its import, for
    # formats that no Jupyter schema uses. It does without when the module can't be imported.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

    from kpi_toolkit.cli.commands import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
