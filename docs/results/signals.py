"""Which measure of a step signal goes with its use? Reads the directories of studies, their `cells.csv` and `signals.csv`.

    python signals.py DIR [--baseline RLOO] [--skip SEED,..]

Prints, as Markdown, a line a row: test success, its difference to the baseline over the seeds that both have (mean and 95 % interval by
Student's t), and the measures of the row's step signal, the last summand of its advantage, mean over the times of training and over seeds. Below,
for each measure, Spearman's rank correlation over the rows with the difference, and how many rows have it.
"""

import argparse
import csv
import math
from collections import defaultdict
from pathlib import Path
from statistics import mean, stdev

MEASURES = ["tau_b", "size", "kurtosis", "pair_accuracy", "length_only", "fluency", "conservation"]
# Two-sided 95 % quantiles of Student's t by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def rows(path):
    with path.open(newline="") as file:
        yield from csv.DictReader(file)


def interval(values):
    if len(values) < 2:
        return f"{mean(values):+.1f}"
    half = T[len(values) - 1] * stdev(values) / math.sqrt(len(values))
    return f"{mean(values):+.1f} ± {half:.1f}"


def ranks(values):
    order = sorted(values)
    return [(order.index(v) + len(order) - 1 - order[::-1].index(v)) / 2 for v in values]


def spearman(xs, ys):
    a, b = ranks(xs), ranks(ys)
    ma, mb = mean(a), mean(b)
    over = math.sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))
    return sum((x - ma) * (y - mb) for x, y in zip(a, b)) / over if over else math.nan


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dir", type=Path)
    arguments.add_argument("--baseline", default="RLOO")
    arguments.add_argument("--skip", default="")
    given = arguments.parse_args()
    skipped = set(filter(None, given.skip.split(",")))

    final, order = defaultdict(dict), []
    for cell in rows(given.dir / "cells.csv"):
        if cell["seed"] not in skipped:
            final[cell["row"]][cell["seed"]] = 100 * float(cell["final"])
            order.append(cell["row"])
    order = list(dict.fromkeys(order))
    base = final[given.baseline]

    # The last summand of the advantage of each row that has a step signal: more than one summand, or one that is not the outcome.
    found = defaultdict(lambda: defaultdict(list))
    for line in rows(given.dir / "signals.csv"):
        if line["measured"] == "training" and line["seed"] not in skipped:
            found[line["row"]][line["signal"]].append(line)
    measured = {}
    for row, signals in found.items():
        signal = list(signals)[-1]
        if signal.startswith("norm(outcome"):
            continue
        of = lambda key: [float(line[key]) for line in signals[signal] if line[key]]
        measured[row] = {key: mean(of(key)) for key in MEASURES if of(key)}

    print("| row | test, % | beside " + given.baseline + " | " + " | ".join(m.replace("_", " ") for m in MEASURES) + " |")
    print("|---|---|---|" + "---|" * len(MEASURES))
    gain = {}
    for row in order:
        values = list(final[row].values())
        spread = f" ± {stdev(values):.1f}" if len(values) > 1 else ""
        pairs = [final[row][seed] - base[seed] for seed in final[row] if seed in base]
        gain[row] = mean(pairs) if pairs else math.nan
        beside = interval(pairs) if row != given.baseline and pairs else ""
        numbers = [f"{measured[row][m]:.2f}" if m in measured.get(row, {}) else "" for m in MEASURES]
        print(f"| {row} | {mean(values):.1f}{spread} | {beside} | " + " | ".join(numbers) + " |")
    print("\n| measure | rank correlation with the difference | rows |\n|---|---|---|")
    for measure in MEASURES:
        have = [row for row in order if measure in measured.get(row, {})]
        if len(have) > 2:
            rank = spearman([measured[row][measure] for row in have], [gain[row] for row in have])
            print(f"| {measure.replace('_', ' ')} | {rank:+.2f} | {len(have)} |")


main()
