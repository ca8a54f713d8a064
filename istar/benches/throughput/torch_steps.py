"""The PyTorch peers of `istar/benches/steps.rs`: the same networks, batches and updates.

Prints one JSON line. Its `seconds` hold the iterations asked for, after two that warm up. Networks are built from PyTorch's own
fused pieces: scaled_dot_product_attention, cross_entropy, the fused Adam, channels-last convolutions.
"""

import argparse
import json
import time

import torch
import torch.nn.functional as F
from torch import nn

from torch_loop import SIZE, TILE, network, optimiser

WARM_UP, VOCABULARY, HEADS = 2, 512, 4


class Block(nn.Module):
    """Attention and an affine sandwich, each behind a norm and added to what went in. Without biases in the affine maps."""

    def __init__(self, width):
        super().__init__()
        self.before_attention, self.before_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def forward(self, x, cache=None):
        rows, length, width = x.shape
        q, k, v = self.qkv(self.before_attention(x)).view(rows, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        if cache is not None:
            # Room for the whole sequence was made at the beginning: nothing is copied but the new token's keys and values.
            keys, values, at = cache
            keys[:, :, at : at + length], values[:, :, at : at + length] = k, v
            k, v = keys[:, :, : at + length], values[:, :, : at + length]
        found = F.scaled_dot_product_attention(q, k, v, is_causal=length > 1)
        x = x + self.output(found.transpose(1, 2).reshape(rows, length, width))
        return x + self.down(F.gelu(self.up(self.before_feed(x)), approximate="tanh"))

    def ragged(self, x, cache, rows, places, mask):
        (count, length, width), seen = x.shape, mask.shape[-1]
        q, k, v = self.qkv(self.before_attention(x)).view(count, length, 3, HEADS, width // HEADS).unbind(2)
        for kept, new in zip(cache, (k, v)):
            kept[rows[:, None], :, places] = new
        # The rows are in order: where they are the first ones, a slice of the cache is looked at, else a copy of theirs.
        own = slice(count) if int(rows[-1]) == count - 1 else rows
        keys, values = (kept[own, :, :seen] for kept in cache)
        found = F.scaled_dot_product_attention(q.transpose(1, 2), keys, values, attn_mask=mask)
        x = x + self.output(found.transpose(1, 2).reshape(count, length, width))
        return x + self.down(F.gelu(self.up(self.before_feed(x)), approximate="tanh"))


class Decoder(nn.Module):
    """Of GPT-2's kind, with words tied."""

    def __init__(self, layers, width, context, vocabulary=VOCABULARY):
        super().__init__()
        self.words, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        nn.init.normal_(self.words.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens, caches=None, at=0):
        x = self.words(tokens) + self.positions.weight[at : at + tokens.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else (*caches[i], at))
        return F.linear(self.norm(x), self.words.weight)

    def ragged(self, cache, rows, tokens, places, mask, last):
        """What comes after sequences that go on: `tokens`, padded on the right, are new in these rows of the cache, at these
        places, and see what `mask` lets them see. Of the new tokens the logits of the `last` ones alone are computed."""
        x = self.words(tokens) + self.positions(places)
        for block, caches in zip(self.blocks, cache):
            x = block.ragged(x, caches, rows, places, mask)
        return F.linear(self.norm(x[last]), self.words.weight)


def pixels():
    """512 distinct frames of 48x48 pixels, kept as bytes."""
    net = network()
    frames = torch.randint(256, (512, SIZE * TILE, SIZE * TILE, 3), dtype=torch.uint8)
    actions = torch.randint(4, (512,))
    return 1, step(net, lambda: net(frames.permute(0, 3, 1, 2).float().div_(255)), actions)


def mlp():
    net = nn.Sequential(nn.Linear(300, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 4))
    rows, actions = torch.rand(1024, 300), torch.randint(4, (1024,))
    return 1, step(net, lambda: net(rows), actions)


def text(layers=2, width=128, context=64, episodes=32):
    net = Decoder(layers, width, context)
    tokens, nexts = torch.randint(VOCABULARY, (2, episodes, context))
    return 1, step(net, lambda: net(tokens).flatten(0, 1), nexts.flatten())


def text_large():
    return text(4, 256, 256, 8)


def rollout(prompt=0, layers=2, width=128, context=64, episodes=64):
    """Episodes that begin with a prompt, one for each group of eight, and go on with tokens drawn one by one."""
    net = Decoder(layers, width, context)
    cache = torch.empty(layers, 2, episodes, HEADS, context, width // HEADS)
    prompts = torch.randint(VOCABULARY, (episodes // 8, prompt)).repeat_interleave(8, 0)

    @torch.inference_mode()
    def speak():
        token = torch.cat([torch.zeros(episodes, 1, dtype=torch.int64), prompts], 1)
        for at in range(prompt, context):
            log_p = F.log_softmax(net(token, cache, at + 1 - token.shape[1])[:, -1], dim=1)
            p = log_p.exp()
            token = torch.multinomial(p, 1)
            # What a rollout keeps: the log-probability of the token and the entropy.
            log_p.gather(1, token), -(p * log_p).sum(1)

    return episodes * (context - prompt), speak


def rollout_groups():
    return rollout(prompt=32 - 1)


def rollout_textcraft(streams, jump=False):
    """Episodes of different lengths that were recorded: everything is computed that it takes to say them, and each draw is then
    replaced by the token that was said. There is no world to wait for. Of the tokens said some could be nothing else; `jump` is
    told which, and reads them with what comes next instead of drawing them.

    A pass goes over a batch of sequences that are padded on the right, each at a place of its own in a cache with room for
    all. First what is new to each episode that still runs, in one pass; then a token of each that has not said all of its
    step, as long as there is one.
    """
    told = json.load(streams)
    episodes = [feeds(steps, jump) for steps in told["episodes"]]
    # Those that run longest first: who still runs is a slice of the cache, and nothing is copied.
    episodes.sort(key=len, reverse=True)
    net = Decoder(told["layers"], told["width"], told["context"], told["vocabulary"])
    shape = (told["layers"], 2, len(episodes), HEADS, told["context"], told["width"] // HEADS)
    cache = torch.zeros(shape)

    # What does not depend on the network is made once: which rows take part in a pass, what they read and where, what they say.
    passes, at = [], torch.zeros(len(episodes), dtype=torch.int64)
    for number in range(len(episodes[0])):
        running = [(row, feeds[number]) for row, feeds in enumerate(episodes) if number < len(feeds)]
        for inner in range(max(len(step) for _, step in running)):
            rows, new = zip(*((row, step[inner]) for row, step in running if inner < len(step)))
            rows, lengths = torch.tensor(rows), torch.tensor([len(tokens) for tokens, _ in new])
            tokens = torch.zeros(len(new), int(lengths.max()), dtype=torch.int64)
            for row, (read, _) in zip(tokens, new):
                row[: len(read)] = torch.tensor(read)
            places = (at[rows, None] + torch.arange(tokens.shape[1])).clamp(max=told["context"] - 1)
            at[rows] += lengths
            # A token sees those up to its own place; what padding writes behind them is overwritten before it is seen.
            mask = torch.arange(int(at[rows].max())) <= places[:, None, :, None]
            last = (torch.arange(len(new)), lengths - 1)
            passes.append((torch.tensor([[said] for _, said in new]), rows, tokens, places, mask, last))

    @torch.inference_mode()
    def speak():
        for said, *what in passes:
            log_p = F.log_softmax(net.ragged(cache, *what), dim=1)
            p = log_p.exp()
            torch.multinomial(p, 1)
            log_p.gather(1, said), -(p * log_p).sum(1)

    steps = [step for steps in told["episodes"] for step in steps]
    said = sum(len(step["said"]) for step in steps)
    return len(episodes) + sum(len(step["read"]) for step in steps) + said, speak, said


def rollout_textcraft_jump(streams):
    return rollout_textcraft(streams, jump=True)


def feeds(steps, jump):
    """Of one episode, per step: what is to be read before each token that is drawn, with that token."""
    # The token before an episode.
    unread, all_steps = [0], []
    for step in steps:
        unread += step["read"]
        drawn = []
        for token, is_open in zip(step["said"], step["open"]):
            if is_open or not jump:
                drawn.append((unread, token))
                unread = []
            unread = [*unread, token]
        all_steps.append(drawn)
    # A step in which nothing is drawn is read with the next one.
    return [step for step in all_steps if step]


def step(net, logits, chosen):
    """A training step: forward, backward, a step of Adam with the gradient's norm clipped."""
    adam = optimiser(net, 1e-4)

    def once():
        adam.zero_grad()
        F.cross_entropy(logits(), chosen).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()

    return once


WORK = {
    "pixels": pixels,
    "mlp": mlp,
    "text": text,
    "text-large": text_large,
    "rollout": rollout,
    "rollout-groups": rollout_groups,
    "rollout-textcraft": rollout_textcraft,
    "rollout-textcraft-jump": rollout_textcraft_jump,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=WORK, required=True)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--streams", type=argparse.FileType(), help="of rollout-textcraft: what `steps --streams` wrote")
    args = parser.parse_args()
    if (args.streams is None) == args.what.startswith("rollout-textcraft"):
        parser.error("--streams goes with rollout-textcraft, and with nothing else")
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    count, once, *said = WORK[args.what](*([args.streams] if args.streams else []))
    for _ in range(WARM_UP):
        once()
    start = time.perf_counter()
    for _ in range(args.iterations):
        once()
    seconds = time.perf_counter() - start
    line = {"what": args.what, "iterations": args.iterations, "count": count * args.iterations, "seconds": seconds}
    if said:
        line["said"] = said[0] * args.iterations
    print(json.dumps(line))


if __name__ == "__main__":
    main()
