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


class Decoder(nn.Module):
    """Of GPT-2's kind, with words tied."""

    def __init__(self, layers, width, context):
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, width), nn.Embedding(context, width)
        nn.init.normal_(self.words.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens, caches=None, at=0):
        x = self.words(tokens) + self.positions.weight[at : at + tokens.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else (*caches[i], at))
        return F.linear(self.norm(x), self.words.weight)


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


def step(net, logits, chosen):
    """A training step: forward, backward, a step of Adam with the gradient's norm clipped."""
    adam = optimiser(net, 1e-4)

    def once():
        adam.zero_grad()
        F.cross_entropy(logits(), chosen).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()

    return once


WORK = {"pixels": pixels, "mlp": mlp, "text": text, "text-large": text_large, "rollout": rollout, "rollout-groups": rollout_groups}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=WORK, required=True)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    count, once = WORK[args.what]()
    for _ in range(WARM_UP):
        once()
    start = time.perf_counter()
    for _ in range(args.iterations):
        once()
    seconds = time.perf_counter() - start
    print(json.dumps({"what": args.what, "iterations": args.iterations, "count": count * args.iterations, "seconds": seconds}))


if __name__ == "__main__":
    main()
