"""Types of the compiled part; its docstrings have the shapes."""

from __future__ import annotations

import os
from typing import Any, Literal, Mapping, Sequence, Union

import numpy as np
import numpy.typing as npt

__version__: str

Tokens = Union[npt.NDArray[Any], Sequence[Sequence[Any]], Any]
"""(B, T): numpy, a tensor on the CPU, lists."""
Rows = Union[npt.NDArray[Any], Sequence[Any], Any]
"""(B,), or for steps a list of lists with an entry a step."""
Floats = npt.NDArray[np.floating[Any]]
Nested = list[Any]

class Error(ValueError): ...

class LineError(Error):
    line: int | None
    column: int | None
    caret: str | None
    suggestion: str | None
    mistakes: list[Mistake]

class NumberError(Error):
    problems: list[str]

class BatchError(Error):
    row: int | None
    group: int | None
    trajectory: int | None
    step: int | None
    token: int | None

class Mistake:
    message: str
    help: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    text: str

class Remark:
    what: str
    where: str
    count: int

class Line:
    def __new__(cls, text: str, /, **numbers: float) -> Line: ...
    @staticmethod
    def recipe(name: str, /, **numbers: float) -> Line: ...
    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def numbers(self) -> dict[str, float | None]: ...
    @property
    def demands(self) -> dict[str, str]: ...
    @property
    def terms(self) -> list[str]: ...
    @property
    def level(self) -> str | None: ...
    @property
    def warnings(self) -> list[Mistake]: ...
    def explain(self) -> str: ...
    def set(self, **numbers: float) -> Line: ...
    def given(self) -> Line: ...
    def credit(self, batch: Batch, /) -> Credit: ...
    def loss(
        self, batch: Batch, /, logp: Tokens | None = None, *, prm: Tokens | None = None, vpred: Tokens | None = None
    ) -> Loss: ...

class Batch:
    def __new__(cls, groups: Mapping[str, Any] | Sequence[Any] | str | bytes, /) -> Batch: ...
    @staticmethod
    def from_padded(
        mask: Tokens,
        uid: Rows,
        traj_uid: Rows | None = None,
        *,
        step: Literal["run", "row", "token"] = "run",
        outcome: Rows | Tokens | None = None,
        success: Rows | None = None,
        done: Rows | None = None,
        judge_ok: Rows | None = None,
        value_after: Rows | Mapping[str, Rows] | None = None,
        old: Tokens | None = None,
        logp: Tokens | None = None,
        ref: Tokens | None = None,
        prm: Tokens | None = None,
        sampler: Tokens | None = None,
        snapshot: Tokens | None = None,
        ema: Tokens | None = None,
        value: Tokens | Mapping[str, Tokens | Rows] | None = None,
        values: Mapping[str, Tokens | Rows] | None = None,
        vpred: Tokens | None = None,
        entropy: Tokens | None = None,
        adv: Tokens | None = None,
        ret: Tokens | None = None,
        id: Tokens | None = None,
        role: Tokens | None = None,
        text: Tokens | Rows | None = None,
        state: Tokens | Rows | None = None,
        reward: Tokens | Rows | None = None,
        valid: Tokens | Rows | None = None,
        agent: Tokens | Rows | None = None,
        tag: Tokens | Rows | None = None,
        turn: Tokens | Rows | None = None,
        segment_start: Tokens | Rows | None = None,
        switch: Tokens | Rows | None = None,
        p_switch: Tokens | Rows | None = None,
        q: Tokens | Rows | None = None,
        mc: Tokens | Rows | None = None,
        nearer: Tokens | Rows | None = None,
        columns: Mapping[str, Tokens | Rows] | None = None,
        checklist: Sequence[Mapping[str, Any]] | None = None,
        items: Sequence[Any] | None = None,
    ) -> Batch: ...
    @property
    def shape(self) -> tuple[int, int] | None: ...
    @property
    def groups(self) -> int: ...
    @property
    def trajectories(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def tokens(self) -> int: ...

class Credit:
    @property
    def advantages(self) -> Floats | Nested: ...
    @property
    def flat(self) -> npt.NDArray[np.float64]: ...
    @property
    def remarks(self) -> list[Remark]: ...
    @property
    def metrics(self) -> dict[str, float | None]: ...
    @property
    def explain(self) -> str: ...
    def to_html(self, path: str | os.PathLike[str] | None = None, title: str | None = None) -> str: ...
    def to_json(self) -> str: ...

class Loss:
    def __float__(self) -> float: ...
    @property
    def value(self) -> float: ...
    @property
    def dlogp(self) -> Floats | Nested | None: ...
    @property
    def dprm(self) -> Floats | Nested | None: ...
    @property
    def dvpred(self) -> Floats | Nested | dict[str, Any] | None: ...
    @property
    def dq(self) -> Nested | None: ...
    @property
    def terms(self) -> dict[str, float]: ...
    @property
    def advantages(self) -> Floats | Nested | None: ...
    @property
    def metrics(self) -> dict[str, float | None]: ...
    @property
    def remarks(self) -> list[Remark]: ...
    @property
    def left_out(self) -> list[str]: ...
    @property
    def explain(self) -> str: ...
    def to_html(self, path: str | os.PathLike[str] | None = None, title: str | None = None) -> str: ...
    def to_json(self) -> str: ...

def recipes() -> dict[str, str]: ...
def reference_line(document: str | bytes, /) -> Line: ...
