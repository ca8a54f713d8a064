"""The lines that were compared with other trainers are lines still; `docs/conformance` compares them."""

import csv
from pathlib import Path

import pytest

import istar

TABLE = Path(__file__).resolve().parents[2] / "docs" / "results" / "conformance.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("text", sorted({row["line"] for row in ROWS if row["line"]}))
def test_a_line_of_the_table(text):
    assert istar.Line(text).explain()


def test_nothing_failed():
    assert {row["status"] for row in ROWS} == {"equal", "differs", "no line", "not run"}
    assert all(row["why"] for row in ROWS if row["status"] != "equal")
