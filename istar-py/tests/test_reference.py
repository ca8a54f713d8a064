"""The reference cases through the wheel, where reference data is beside the repository."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import istar
from istar._istar import reference_line


def shared():
    root = os.environ.get("ISTAR_SHARED") or Path(__file__).resolve().parents[3] / "shared"
    return Path(root) / "goldens" / "credit"


def flat(nested):
    return [x for part in nested for x in flat(part)] if isinstance(nested, list) else [nested]


def test_every_reference_case():
    files = sorted(shared().glob("*.json"))
    if not files:
        pytest.skip("../shared is absent")
    compared = 0
    for file in files:
        text = file.read_text()
        document = json.loads(text)
        line = reference_line(text)
        loss = line.loss(istar.Batch(document["batch"]))
        found = {
            "loss": [loss.value],
            "advantage": loss.advantages,
            "dloss_dlogp": loss.dlogp,
            "dloss_dprm": loss.dprm,
            "dloss_dvpred": loss.dvpred,
        }
        of_file = 0
        for key, expected in document["expect"].items():
            if key not in found:
                continue
            here, expected = np.array(flat(found[key])), np.array(flat(expected))
            assert here.shape == expected.shape, (file.name, key)
            np.testing.assert_allclose(here, expected, rtol=1e-9, atol=1e-9, err_msg=f"{file.name}: {key}")
            of_file += 1
        assert of_file, file.name
        compared += of_file
    assert compared > len(files)


def test_the_wheel_writes_what_the_door_writes():
    files = sorted(shared().glob("g*_0.json"))
    if not files:
        pytest.skip("../shared is absent")
    for file in files:
        text = file.read_text()
        written = json.loads(reference_line(text).loss(istar.Batch(text)).to_json())
        expected = json.loads(text)["expect"]
        for key in {"advantage", "dloss_dlogp"} & expected.keys():
            np.testing.assert_allclose(flat(written[key]), flat(expected[key]), rtol=1e-9, atol=1e-9)
