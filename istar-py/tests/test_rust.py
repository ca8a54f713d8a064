"""What the program says of the same line and batch, where `ISTAR_CREDIT` is the command of its job `credit`."""

import json
import os
import shlex
import subprocess

import numpy as np
import pytest

import istar
from test_batch import LINES, flat, nested


@pytest.mark.parametrize("text", LINES)
def test_the_program_says_the_same(rows, text, tmp_path):
    command = os.environ.get("ISTAR_CREDIT")
    if not command:
        pytest.skip("ISTAR_CREDIT is not set")
    file = tmp_path / "batch.json"
    file.write_text(json.dumps(nested(rows, "run")))
    done = subprocess.run([*shlex.split(command), "--line", text, "--input", str(file)], capture_output=True, check=True)
    said = json.loads(done.stdout)
    mask = rows["mask"].astype(bool)
    found = istar.Line(text).loss(istar.Batch.from_padded(**rows))
    np.testing.assert_allclose(found.value, said["loss"]["total"], rtol=1e-12)
    np.testing.assert_allclose(found.advantages[mask], flat(said["advantage"]), rtol=1e-12)
    np.testing.assert_allclose(found.dlogp[mask], flat(said["dloss_dlogp"]), rtol=1e-12)
    assert found.metrics.keys() == said["metrics"].keys()
