"""A batch that several tests look at."""

import numpy as np
import pytest


@pytest.fixture
def rows():
    """Two groups of two rows of six places; a row is two runs, one of two tokens and one of one."""
    rng = np.random.default_rng(7)
    mask = np.array([[1, 1, 0, 1, 0, 0]] * 4)
    logs = {name: -rng.uniform(0.1, 2.0, mask.shape) for name in ("old", "logp", "ref", "prm")}
    return {
        "mask": mask,
        "uid": np.array(["a", "a", "b", "b"]),
        "outcome": np.array([1.0, 0.0, 0.0, 1.0]),
        "reward": [[0.1, 0.2], [0.3, -0.1], [0.0, 0.5], [0.2, 0.2]],
        "state": [["s0", "s1"], ["s0", "s2"], ["s0", "s1"], ["s0", "s1"]],
        **logs,
    }
