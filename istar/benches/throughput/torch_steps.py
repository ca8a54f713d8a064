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
COMPILE = False


def compiled(net):
    """The network, through `torch.compile` where that is asked for."""
    return torch.compile(net) if COMPILE else net


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

    def ragged(self, x, cache, new, last):
        """Of `new` tokens without padding. In the last block of a network only the last of each sequence goes further than to
        be looked at."""
        width, size = x.shape[1], x.shape[1] // HEADS
        of_q, of_kv = self.qkv.weight.split((width, 2 * width))
        seen = self.before_attention(x)
        for kept, values in zip(cache, F.linear(seen, of_kv).view(-1, 2, HEADS, size).unbind(1)):
            kept[new.rows, :, new.places] = values
        keys, values = (kept[new.own, :, : new.mask.shape[-1]] for kept in cache)
        if last:
            x, seen = x[new.last], seen[new.last]
        q = F.linear(seen, of_q).view(-1, HEADS, size)
        if last or new.padded is None:
            found = F.scaled_dot_product_attention(q[:, :, None], keys, values, attn_mask=new.mask_of_last)
        else:
            queries = q.new_zeros(len(new.last), new.mask.shape[2], HEADS, size)
            queries[new.padded] = q
            found = F.scaled_dot_product_attention(queries.transpose(1, 2), keys, values, attn_mask=new.mask)
            found = found.transpose(1, 2)[new.padded]
        x = x + self.output(found.reshape(-1, width))
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

    def ragged(self, cache, new):
        """What comes after sequences that go on with `new` tokens: the logits behind the last one of each."""
        x = self.words(new.tokens) + self.positions(new.places)
        for number, (block, caches) in enumerate(zip(self.blocks, cache), 1):
            x = block.ragged(x, caches, new, last=number == len(self.blocks))
        return F.linear(self.norm(x), self.words.weight)


class New:
    """Tokens that some rows of a cache go on with from the places `at` on, each row with `said` drawn behind them."""

    def __init__(self, rows, at, tokens, said):
        lengths = torch.tensor([len(of_row) for of_row in tokens])
        rows, ends, longest = torch.tensor(rows), at + lengths, int(lengths.max())
        row, place = (torch.arange(longest) < lengths[:, None]).nonzero(as_tuple=True)
        self.tokens, self.said = torch.tensor([token for of_row in tokens for token in of_row]), torch.tensor(said)[:, None]
        # Per token, where in the cache it is. Rows are in order: where they are the first ones, a slice is looked at, else a copy.
        self.rows, self.places = rows[row], at[row] + place
        self.own = slice(len(rows)) if int(rows[-1]) == len(rows) - 1 else rows
        self.last = lengths.cumsum(0) - 1
        # Where queries stand if they are padded: attention alone is, the rest of a network sees no padding.
        self.padded = (row, place) if longest > 1 else None
        # A token sees those up to its own place.
        mask = torch.arange(int(ends.max())) <= (at[:, None] + torch.arange(longest))[:, None, :, None]
        self.mask = torch.zeros(mask.shape).masked_fill_(~mask, -torch.inf)
        self.mask_of_last = self.mask[torch.arange(len(rows)), :, lengths - 1][:, :, None].contiguous()


def pixels(batch=512):
    """Distinct frames of 48x48 pixels, kept as bytes."""
    net = compiled(network())
    frames = torch.randint(256, (batch, SIZE * TILE, SIZE * TILE, 3), dtype=torch.uint8)
    actions = torch.randint(4, (batch,))
    return 1, step(net, lambda: net(frames.permute(0, 3, 1, 2).float().div_(255)), actions)


def mlp(batch=1024):
    net = nn.Sequential(nn.Linear(300, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 4))
    net = compiled(net)
    rows, actions = torch.rand(batch, 300), torch.randint(4, (batch,))
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

    First what is new to each episode that still runs is read, in one pass; then a token of each that has not said all of its step,
    as long as there is one. Each has a row of a cache with room for all. Nothing is computed for padding but attention, and
    of the last block nothing that no logits are made of.
    """
    told = json.load(streams)
    episodes = [feeds(steps, jump) for steps in told["episodes"]]
    # Those that run longest first: who still runs is a slice of the cache, and nothing is copied.
    episodes.sort(key=len, reverse=True)
    net = Decoder(told["layers"], told["width"], told["context"], told["vocabulary"])
    shape = (told["layers"], 2, len(episodes), HEADS, told["context"], told["width"] // HEADS)
    cache = torch.zeros(shape)

    # What does not depend on the network is made once, and not timed.
    passes, at = [], torch.zeros(len(episodes), dtype=torch.int64)
    for number in range(len(episodes[0])):
        running = [(row, feeds[number]) for row, feeds in enumerate(episodes) if number < len(feeds)]
        for inner in range(max(len(step) for _, step in running)):
            rows, tokens, said = zip(*((row, *step[inner]) for row, step in running if inner < len(step)))
            passes.append(New(rows, at[list(rows)], tokens, said))
            at[list(rows)] += torch.tensor([len(of_row) for of_row in tokens])

    @torch.inference_mode()
    def speak():
        for new in passes:
            log_p = F.log_softmax(net.ragged(cache, new), dim=1)
            p = log_p.exp()
            torch.multinomial(p, 1)
            # What a rollout keeps, of the token that was said.
            log_p.gather(1, new.said), -(p * log_p).sum(1)

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
        norm = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        # What a training run logs; on a GPU this waits for the step.
        norm.item()

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
    parser.add_argument("--device", default="cpu", help="of pixels and mlp")
    parser.add_argument("--batch", type=int, help="of pixels and mlp")
    parser.add_argument("--compile", action="store_true", help="pixels and mlp through torch.compile")
    args = parser.parse_args()
    if args.what not in ("pixels", "mlp") and (args.device != "cpu" or args.batch or args.compile):
        parser.error("--device, --batch and --compile go with pixels and mlp")
    if (args.streams is None) == args.what.startswith("rollout-textcraft"):
        parser.error("--streams goes with rollout-textcraft, and with nothing else")
    torch.set_num_threads(args.threads)
    torch.set_default_device(args.device)
    torch.manual_seed(0)
    global COMPILE
    COMPILE = args.compile
    count, once, *said = WORK[args.what](*(given for given in (args.streams, args.batch) if given))
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
