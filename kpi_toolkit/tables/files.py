"""Files in SQL: DuckDB takes a path for a pattern, and people's folders and downloads are called `report[1].csv`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kpi_toolkit.tables.quoting import literal


def sql_path(path: Path) -> str:
    """`path` as a SQL literal that read_csv and read_parquet take for this one file, whatever characters are in it."""
    one = re.sub(r"([\[*?])", r"[\1]", str(path))
    return literal(one)


def sql_target(path: Path) -> str:
    """`path` as a SQL literal for COPY … TO, which takes it as it stands."""
    return literal(str(path))


# Snappy: half as large again as zstd, and written in two thirds of the time.
COMPRESSION: Final = "snappy"
PARQUET = f"FORMAT parquet, COMPRESSION {COMPRESSION}"
