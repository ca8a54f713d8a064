"""The PyTorch peer of the speed comparison: group-relative PPO on visual Sokoban, in one file.

Written the way a careful PyTorch user would: rooms are stepped and drawn in numpy for all live episodes at
once, frames are drawn straight into the training buffer, which PyTorch shares, and stay bytes until a
mini-batch needs them; the network is channels-last, and nothing loops over episodes. With `--distinct` a frame
that occurs several times is drawn once and forwarded once: in a whole rollout, and in each mini-batch.

Setting: 6x6 rooms with one box, at most 15 steps, 48x48x3 frames, 32 groups of 8 trajectories from a random
policy. `grpo`: A = z(outcome in group). `istar` (Eq. 1-6 of arXiv 2509.19199): a second network phi of the same
shape, r = beta * log(phi / old), A = z(outcome in group) + alpha * z(r over all steps of the group), and one
step of trajectory DPO on phi over every success x failure pair of a group; r is read before that step.

Prints one JSON line. Its `seconds` hold training iterations only (rollout and updates), after two that warm up.
"""

import argparse
import copy
import json
import time
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

SIZE, TILE, MAX_STEPS = 6, 8, 15
GROUPS, GROUP = 32, 8
EPISODES = GROUPS * GROUP
MINI_BATCH, CLIP, ENTROPY, GRADIENT_NORM, LEARNING_RATE = 512, 0.2, 0.01, 1.0, 1e-3
BETA, ALPHA, PRM_LEARNING_RATE = 0.05, 1.0, 1e-4
LEVELS, WARM_UP = 1024, 2

# A cell is a set of bits, so a push toggles bits and a tile is one look-up.
WALL, TARGET, BOX, PLAYER = 1, 2, 4, 8
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))


class Sokoban:
    """Equally large rooms, stepped together. The actions are 0 none, 1 up, 2 down, 3 left, 4 right."""

    def __init__(self, rooms, max_steps=MAX_STEPS):
        """`rooms`: cells as bytes, [rooms, height, width], closed by walls."""
        count, height, self.width = rooms.shape
        self.cells = rooms.copy()
        self.flat = self.cells.reshape(-1)
        self.player = np.flatnonzero(self.flat & PLAYER)
        self.boxes = np.count_nonzero(rooms & BOX, axis=(1, 2))
        self.placed = np.count_nonzero((rooms & (BOX | TARGET)) == BOX | TARGET, axis=(1, 2))
        self.shift = np.array([0] + [dy * self.width + dx for dy, dx in MOVES])
        self.left = np.full(count, max_steps)

    def step(self, live, actions):
        """Acts in the rooms `live`; returns (reward, done, success), one each."""
        shift = self.shift[actions]
        here = self.player[live]
        front = here + shift
        beyond = front + shift
        ahead = self.flat[front]
        # Past the last room only when a border wall is in front, where the value decides nothing.
        behind = self.flat.take(beyond, mode="clip")
        push = (ahead & BOX > 0) & (behind & (WALL | BOX) == 0)
        move = (ahead & (WALL | BOX) == 0) | push
        self.flat[front[push]] ^= BOX
        self.flat[beyond[push]] ^= BOX
        self.flat[here[move]] ^= PLAYER
        self.flat[front[move]] ^= PLAYER
        self.player[live] = np.where(move, front, here)
        gained = push * ((behind & TARGET > 0).astype(np.int64) - (ahead & TARGET > 0))
        self.placed[live] += gained
        self.left[live] -= 1
        success = self.placed[live] == self.boxes[live]
        return gained - 0.1 + 10.0 * success, success | (self.left[live] == 0), success

    def render(self, live, out):
        """Draws the rooms `live` into `out`: bytes, [live, height * TILE, width * TILE, 3]."""
        row_of_tile = np.arange(TILE)[:, None] * 16
        index = row_of_tile + self.cells[live][:, :, None, :]
        TILE_ROWS.take(index, out=out.reshape(-1).view(TILE_ROWS.dtype).reshape(index.shape), mode="clip")


def tile_rows():
    """Row y of the tile of cell c as one value of TILE * 3 bytes, at y * 16 + c."""
    art = np.zeros((TILE, 16, TILE, 3), np.uint8)
    cell = np.arange(16)
    art[:, cell & WALL == 0] = (236, 232, 222)
    inner = art[2:-2, :, 2:-2]
    inner[:, cell & TARGET > 0] = (226, 88, 88)
    box = art[1:-1, :, 1:-1]
    box[:, cell & BOX > 0] = (160, 120, 60)
    box[:, cell & (BOX | TARGET) == BOX | TARGET] = (90, 160, 80)
    inner[:, cell & PLAYER > 0] = (60, 100, 200)
    inner[:, cell & (PLAYER | TARGET) == PLAYER | TARGET] = (130, 70, 190)
    return art.reshape(TILE * 16, TILE * 3).view(f"V{TILE * 3}")[:, 0]


TILE_ROWS = tile_rows()


def generate(rng):
    """One solvable room, by reverse play: carve a cave, put the box on the target, pull it as far away as it goes."""
    shapes = (((0, -1), (0, 1)), ((-1, 0), (1, 0)), ((0, -1), (1, 0)), ((0, 1), (1, 0)), ((0, -1), (1, -1), (1, 0)))
    while True:
        floor = set()
        y, x = (int(v) for v in rng.integers(1, SIZE - 1, 2))
        dy, dx = MOVES[rng.integers(4)]
        for _ in range(int(1.7 * 2 * SIZE)):
            if rng.random() < 0.35:
                dy, dx = MOVES[rng.integers(4)]
            y, x = min(max(y + dy, 1), SIZE - 2), min(max(x + dx, 1), SIZE - 2)
            for oy, ox in ((0, 0), *shapes[rng.integers(len(shapes))]):
                if 1 <= y + oy <= SIZE - 2 and 1 <= x + ox <= SIZE - 2:
                    floor.add((y + oy, x + ox))
        cells = sorted(floor)
        if len(cells) < 3:
            continue
        target, player = (cells[i] for i in rng.choice(len(cells), 2, replace=False))
        frontier, seen, pulls = [(player, target)], {(player, target)}, set()
        while frontier:
            (y, x), box = frontier.pop()
            for dy, dx in MOVES:
                to = y + dy, x + dx
                if to not in floor or to == box:
                    continue
                after = [(to, box)]
                if box == (y - dy, x - dx):
                    after.append((to, (y, x)))
                    pulls.add(after[1])
                frontier += (state for state in after if state not in seen)
                seen.update(after)
        distance = {state: sum(abs(a - b) for a, b in zip(state[1], target)) for state in pulls}
        far = max(distance.values(), default=0)
        if far == 0:
            continue
        # The player has just pulled the box that far, and wanders off a little.
        starts = sorted(state for state in pulls if distance[state] == far)
        player, box = starts[rng.integers(len(starts))]
        for _ in range(3):
            dy, dx = MOVES[rng.integers(4)]
            to = player[0] + dy, player[1] + dx
            if rng.random() < 0.5 and to in floor and to != box:
                player = to
        room = np.full((SIZE, SIZE), WALL, np.uint8)
        for cell in cells:
            room[cell] = 0
        room[target] |= TARGET
        room[box] |= BOX
        room[player] |= PLAYER
        return room


def network():
    """Frame to 4 logits. The first layer sees whole tiles, so a 48x48 frame becomes 6x6 positions."""
    layers = nn.Sequential(
        nn.Conv2d(3, 32, TILE, stride=TILE), nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.Flatten(),
        nn.Linear(64 * SIZE * SIZE, 128), nn.ReLU(),
        nn.Linear(128, 4),
    )  # fmt: skip
    return layers.to(memory_format=torch.channels_last)


def log_policy(net, frames):
    """Log-probabilities of the four moves, [frames, 4], from bytes [frames, 48, 48, 3]."""
    return F.log_softmax(net(frames.permute(0, 3, 1, 2).float().div_(255)), dim=1)


class Batch(NamedTuple):
    """The steps of one rollout, in the order they were taken, and the outcome of each episode."""

    frames: torch.Tensor
    frame_of: torch.Tensor
    actions: torch.Tensor
    old: torch.Tensor
    episode: np.ndarray
    outcome: np.ndarray


class Buffer:
    """Room for the longest rollout, allocated once; numpy draws and PyTorch reads the same bytes."""

    def __init__(self):
        steps = EPISODES * MAX_STEPS
        self.frames = np.empty((steps, SIZE * TILE, SIZE * TILE, 3), np.uint8)
        self.shared = torch.from_numpy(self.frames)
        self.frame_of = torch.empty(steps, dtype=torch.int64)
        self.log_p = torch.empty(steps, len(MOVES))
        self.actions = torch.empty(steps, dtype=torch.int64)
        self.old = torch.empty(steps)
        self.episode = np.empty(steps, np.int64)

    @torch.no_grad()
    def rollout(self, policy, rooms, distinct):
        env, live, end, known = Sokoban(rooms), np.arange(len(rooms)), 0, {}
        outcome = np.zeros(len(rooms))
        while live.size:
            now = slice(end, end + live.size)
            if distinct:
                # What is in a room's cells decides its frame.
                before = len(known)
                numbers = [known.setdefault(cells.tobytes(), len(known)) for cells in env.cells[live]]
                first = np.unique(numbers, return_index=True)
                new = first[1][first[0] >= before]
                drawn = slice(before, before + len(new))
                self.frame_of[now] = torch.tensor(numbers)
            else:
                new, drawn = slice(None), now
                self.frame_of[now] = torch.arange(now.start, now.stop)
            env.render(live[new], self.frames[drawn])
            self.log_p[drawn] = log_policy(policy, self.shared[drawn])
            log_p = self.log_p[self.frame_of[now]]
            action = torch.multinomial(log_p.exp(), 1)
            self.actions[now] = action[:, 0]
            self.old[now] = log_p.gather(1, action)[:, 0]
            self.episode[now] = live
            _, done, success = env.step(live, action[:, 0].numpy() + 1)
            outcome[live[success]] = 10.0
            live, end = live[~done], now.stop
        drawn = len(known) if distinct else end
        return Batch(self.shared[:drawn], self.frame_of[:end], self.actions[:end], self.old[:end], self.episode[:end], outcome)


def log_policy_of(net, batch, rows, distinct):
    """Log-probabilities of the four moves at some steps, [rows, 4]."""
    if not distinct:
        return log_policy(net, batch.frames[rows])
    which, at = torch.unique(batch.frame_of[rows], return_inverse=True)
    return log_policy(net, batch.frames[which])[at]


def z(values, group):
    """Standard score inside each group, with the unbiased deviation; 0 where all values are equal."""
    count = np.bincount(group, minlength=GROUPS)
    centred = values - (np.bincount(group, values, GROUPS) / count)[group]
    deviation = np.sqrt(np.bincount(group, centred**2, GROUPS) / (count - 1))
    return centred / (deviation[group] + 1e-6)


def optimiser(net, rate):
    return torch.optim.Adam(net.parameters(), lr=rate, fused=True)


def descend(net, optimiser, loss):
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), GRADIENT_NORM)
    optimiser.step()


def reward_steps(prm, optimiser, batch):
    """The step rewards of `prm`, read before its one DPO step, which shares their forward pass."""
    # One graph over the whole batch, in pieces whose activations the allocator can reuse.
    log_p = torch.cat([log_policy(prm, frames) for frames in batch.frames.split(MINI_BATCH)])[batch.frame_of]
    log_p = log_p.gather(1, batch.actions[:, None])[:, 0]
    reward = BETA * (log_p - batch.old)
    score = torch.zeros(EPISODES).index_add(0, torch.from_numpy(batch.episode), reward).view(GROUPS, GROUP)
    solved = torch.from_numpy(batch.outcome > 0).view(GROUPS, GROUP)
    pairs = solved[:, :, None] & ~solved[:, None, :]
    if pairs.any():
        margin = (score[:, :, None] - score[:, None, :])[pairs]
        descend(prm, optimiser, F.softplus(-margin).mean())
    return reward.detach().numpy().astype(np.float64)


def improve(policy, optimiser, batch, advantage, distinct):
    """One epoch of PPO over shuffled mini-batches."""
    for rows in torch.randperm(len(batch.actions)).split(MINI_BATCH):
        log_p = log_policy_of(policy, batch, rows, distinct)
        taken = log_p.gather(1, batch.actions[rows, None])[:, 0]
        ratio = (taken - batch.old[rows]).exp()
        gain = advantage[rows]
        surrogate = torch.min(ratio * gain, ratio.clamp(1 - CLIP, 1 + CLIP) * gain)
        entropy = -(log_p.exp() * log_p).sum(1)
        descend(policy, optimiser, -(surrogate + ENTROPY * entropy).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objective", choices=("grpo", "istar"), required=True)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--distinct", action="store_true", help="forward equal frames once")
    args = parser.parse_args()
    if args.iterations < 1 or args.threads < 1:
        parser.error("--iterations and --threads must be at least 1")

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    levels = np.stack([generate(rng) for _ in range(LEVELS)])
    policy = network()
    policy_optimiser = optimiser(policy, LEARNING_RATE)
    prm = copy.deepcopy(policy)
    prm_optimiser = optimiser(prm, PRM_LEARNING_RATE)
    buffer = Buffer()
    group = np.arange(EPISODES) // GROUP

    env_steps, start = 0, 0.0
    for iteration in range(WARM_UP + args.iterations):
        if iteration == WARM_UP:
            env_steps, start = 0, time.perf_counter()
        batch = buffer.rollout(policy, levels[rng.integers(LEVELS, size=GROUPS)].repeat(GROUP, axis=0), args.distinct)
        advantage = z(batch.outcome, group)[batch.episode]
        if args.objective == "istar":
            reward = reward_steps(prm, prm_optimiser, batch)
            advantage += ALPHA * z(reward, group[batch.episode])
        improve(policy, policy_optimiser, batch, torch.from_numpy(advantage).float(), args.distinct)
        env_steps += len(batch.actions)
    seconds = time.perf_counter() - start

    print(
        json.dumps({
            "objective": args.objective,
            "iterations": args.iterations,
            "env_steps": env_steps,
            "seconds": round(seconds, 4),
            "steps_per_second": round(env_steps / seconds, 1),
        })
    )


if __name__ == "__main__":
    main()
