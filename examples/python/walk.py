"""A small text task of several turns, and a causal language model for it: nothing is downloaded.

The goal and the place are numbers from 0 to 9. In each turn the policy writes two words, of which each `left` and `right` is a step;
the world answers with the place, and the episode ends at the goal. A turn's reward is how much nearer the goal it came.
"""

from __future__ import annotations

import random

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.trainers import WordLevelTrainer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TURNS = 4
WAYS = {"left": -1, "right": 1}


def prompts(count: int, seed: int) -> list[str]:
    """Texts such as `goal 7 at 2`, whose goal can be reached."""
    rng = random.Random(seed)
    pairs = [(goal, at) for goal in range(10) for at in range(10) if 0 < abs(goal - at) <= 3]
    return ["goal {} at {}".format(*rng.choice(pairs)) for _ in range(count)]


def tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of whole words, trained on the task's own text."""
    model = Tokenizer(WordLevel(unk_token="<unk>"))
    model.pre_tokenizer = WhitespaceSplit()
    texts = prompts(500, 0) + [f"{way} at {n}" for way in WAYS for n in range(10)] + ["done"]
    model.train_from_iterator(texts, WordLevelTrainer(special_tokens=["<pad>", "<eos>", "<unk>"]))
    return PreTrainedTokenizerFast(tokenizer_object=model, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>")


def model(vocabulary: PreTrainedTokenizerFast, seed: int) -> LlamaForCausalLM:
    """A Llama of two layers and random weights."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
        pad_token_id=vocabulary.pad_token_id,
        eos_token_id=vocabulary.eos_token_id,
        bos_token_id=None,
    )
    return LlamaForCausalLM(config)


def answer(goal: int, at: int, words: list[str]) -> int:
    """Where these words lead; what is no step leads nowhere."""
    for word in words:
        if at != goal:
            at = min(9, max(0, at + WAYS.get(word, 0)))
    return at


@torch.no_grad()
def rollout(texts: list[str], model: torch.nn.Module, vocabulary: PreTrainedTokenizerFast) -> dict[str, list]:
    """Plays the task from each of these prompts, all at once; what TRL's `rollout_func` gives back, and the steps' rewards and states.

    `env_mask` is 1 where the policy wrote, `turn_rewards` and `states` have an entry a turn, `reached` says whether the goal was.
    """
    device = next(model.parameters()).device
    sides = [vocabulary.encode(text) for text in texts]
    goals, places = ([int(text.split()[i]) for text in texts] for i in (1, 3))
    out: dict[str, list] = {
        "prompt_ids": [list(side) for side in sides],
        **{key: [[] for _ in texts] for key in ("completion_ids", "logprobs", "env_mask", "turn_rewards", "states")},
    }
    going = list(range(len(texts)))
    for _ in range(TURNS):
        wrote: dict[int, list[str]] = {row: [] for row in going}
        for row in going:
            out["states"][row].append(f"{goals[row]} {places[row]}")
        for _ in range(2):
            # All that go on are of one length: each turn is two words of the policy and two of the world.
            ids = torch.tensor([sides[row] + out["completion_ids"][row] for row in going], device=device)
            logits = model(input_ids=ids).logits[:, -1].float()
            logs = logits.log_softmax(-1)
            tokens = torch.multinomial(logs.exp(), 1)[:, 0]
            for row, token, log in zip(going, tokens.tolist(), logs):
                out["completion_ids"][row].append(token)
                out["logprobs"][row].append(float(log[token]))
                out["env_mask"][row].append(1)
                wrote[row].append(vocabulary.decode([token]))
        still = []
        for row in going:
            before, places[row] = places[row], answer(goals[row], places[row], wrote[row])
            nearer = abs(goals[row] - before) - abs(goals[row] - places[row])
            out["turn_rewards"][row].append(float(nearer))
            said = f"at {places[row]}" if places[row] != goals[row] else "done"
            said = vocabulary.encode(said)
            out["completion_ids"][row] += said
            out["logprobs"][row] += [0.0] * len(said)
            out["env_mask"][row] += [0] * len(said)
            if places[row] != goals[row]:
                still.append(row)
        going = still
        if not going:
            break
    out["reached"] = [float(place == goal) for place, goal in zip(places, goals)]
    return out
