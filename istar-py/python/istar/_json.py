"""What numpy and others hold, as JSON has it."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """An array, a tensor or a number of numpy as lists and numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a batch has no place for {type(value).__name__}")
