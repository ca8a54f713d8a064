"""The work of benches/sokoban.rs in vectorised numpy, for comparison: 1024 rooms of 6x6 with two boxes, random moves,
episodes of 15 steps that begin anew, 48x48 RGB frames. Levels come from stdin:

    cargo run --release --example sokoban -- --generate 1024 | OMP_NUM_THREADS=1 python3 istar/benches/sokoban_numpy.py
"""

import sys
import time

import numpy as np

WALL, TARGET, BOX, PLAYER = 1, 2, 4, 8
MAX_STEPS, SECONDS, TILE = 15, 3.0, 8
CELLS = {"#": WALL, " ": 0, ".": TARGET, "$": BOX, "*": BOX | TARGET, "@": PLAYER, "+": PLAYER | TARGET}


class Rooms:
    def __init__(self, levels):
        self.n, self.side = len(levels), levels.shape[1]
        self.levels = levels.reshape(self.n, -1)
        self.starts = np.argmax(self.levels & PLAYER, axis=1)
        self.offsets = np.array([-self.side, self.side, -1, 1])
        self.all = np.arange(self.n)
        self.cells, self.player = self.levels.copy(), self.starts.copy()
        self.steps = np.zeros(self.n, dtype=np.int64)

    def step(self, moves):
        cells, rows = self.cells, self.all
        offset = self.offsets[moves]
        ahead = self.player + offset
        beyond = np.clip(ahead + offset, 0, cells.shape[1] - 1)
        front, far = cells[rows, ahead], cells[rows, beyond]
        box = (front & BOX) != 0
        free = np.where(box, far & (WALL | BOX), front & WALL) == 0
        push = free & box
        moved = np.where(free, PLAYER, 0).astype(np.uint8)
        pushed = np.where(push, BOX, 0).astype(np.uint8)
        cells[rows, self.player] ^= moved
        cells[rows, ahead] ^= moved | pushed
        cells[rows, beyond] ^= pushed
        self.player = np.where(free, ahead, self.player)
        change = push * ((far & TARGET != 0).astype(np.int8) - (front & TARGET != 0))
        solved = ~((cells & (BOX | TARGET)) == BOX).any(axis=1)
        reward = -0.1 + change + 10.0 * solved
        self.steps += 1
        done = solved | (self.steps >= MAX_STEPS)
        over = np.flatnonzero(done)
        cells[over] = self.levels[over]
        self.player[over] = self.starts[over]
        self.steps[over] = 0
        return reward, done

    def frames(self, art, out):
        grid = self.cells.reshape(self.n, self.side, self.side)
        view = out.reshape(self.n, self.side, TILE, self.side, TILE, 3)
        view[...] = art[grid].transpose(0, 1, 3, 2, 4, 5)


def measure(name, rooms, moves, after):
    count, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        rooms.step(moves[count % len(moves)])
        after()
        count += 1
    print(f"{name}: {count * rooms.n / (time.process_time() - start) / 1e6:.2f} million per second")


def main():
    text = "\n".join(line for line in sys.stdin.read().split("\n") if not line.startswith(";"))
    levels = [[[CELLS[c] for c in row] for row in level.split("\n")] for level in text.strip("\n").split("\n\n")]
    rooms = Rooms(np.array(levels, dtype=np.uint8))
    random = np.random.default_rng(0)
    moves = random.integers(0, 4, size=(64, rooms.n))
    art = random.integers(0, 256, size=(16, TILE, TILE, 3), dtype=np.uint8)
    out = np.zeros((rooms.n, rooms.side * TILE, rooms.side * TILE, 3), dtype=np.uint8)
    measure("steps", rooms, moves, lambda: None)
    measure("steps with 48x48 frames", rooms, moves, lambda: rooms.frames(art, out))


main()
