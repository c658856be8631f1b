"""What is printed, by itself: JSON without NaN, CSV without formulas."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from kpi_toolkit.cli import output


def printed(capfdbinary: pytest.CaptureFixture[bytes]) -> str:
    return capfdbinary.readouterr().out.decode("utf-8")


def test_json_has_no_nan_and_no_raw_control_characters(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    import datetime

    import numpy as np
    import pandas as pd

    value = {
        "nan": float("nan"), "inf": np.inf, "nat": pd.NaT, "na": pd.NA, "int": np.int64(3), "flag": np.bool_(True), "text": "品\x9b\u202e\x7f",
        "day": pd.Timestamp("2026-10-01"), "date": datetime.date(2026, 10, 1), "time": pd.Timestamp("2026-10-01 09:30"), "file": "caf\udce9.csv",
    }  # fmt: skip
    output.print_json([value])
    words = printed(capfdbinary)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", words)
    (back,) = json.loads(words)
    expected = {
        "nan": None, "inf": None, "nat": None, "na": None, "int": 3, "flag": True, "text": "品\x9b\u202e\x7f",
        "day": "2026-10-01", "date": "2026-10-01", "time": "2026-10-01T09:30:00", "file": "caf\udce9.csv",
    }  # fmt: skip
    assert back == expected


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "＋1"])
def test_formulas_in_csv_are_text(capfdbinary: pytest.CaptureFixture[bytes], cell: str) -> None:
    output.print_csv([{"name": cell, "value": -5.5}], ["name", "value"])
    (row,) = csv.DictReader(io.StringIO(printed(capfdbinary)))
    assert row["name"].startswith("'")
    assert row["value"] == "-5.5", "a number stays a number"
