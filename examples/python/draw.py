"""The credit of a batch as a page, in ten lines."""

import istar

turn = lambda state, reward, *words: {"state": state, "reward": reward, "tokens": [{"text": word} for word in words]}  # noqa: E731
walks = [
    {"outcome": 1.0, "steps": [turn("2", 2.0, "right ", "right"), turn("4", 1.0, "right")]},
    {"outcome": 0.0, "steps": [turn("2", 2.0, "right ", "right"), turn("4", -2.0, "left ", "left")]},
]
line = istar.Line("rl(adv = traj + anchor(0.95))")
credit = line.credit(istar.Batch({"groups": [{"prompt": "goal 5 at 2", "trajectories": walks}]}))
credit.to_html("credit.html")
print(credit.advantages, *credit.remarks, sep="\n")
