"""TRL: `IStarGRPOTrainer`, whose advantages per token come from a line, and its loss where the line has more than `rl`."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from trl import GRPOTrainer

from .. import BatchError, Line
from . import _rows
from .implicit import ImplicitPrm, logps


class IStarGRPOTrainer(GRPOTrainer):
    """TRL's `GRPOTrainer` with the credit of a line.

    Parameters
    ----------
    line : Line
        Its advantage replaces TRL's; the outcome is the weighted sum of the reward functions.
    step : {"run", "row", "token"}
        What a step is: by default each run of tokens that the policy wrote, as the masks of tools and environments leave them.
    fields : dict, optional
        Further fields of the batch by the columns that hold them, one entry a row: ``{"reward": "turn_rewards"}``. A column of the
        data set, or what a rollout function or an environment gives back. Fields of steps hold a list with an entry a step.
    own_loss : bool, optional
        Whether the policy's loss is the line's own. By default it is where the line has more than a single `rl` for the policy; else
        TRL's loss, with its clipping and reduction, takes the advantages.
    prm : ImplicitPrm, optional
        The implicit PRM of a line that trains one: it is updated once on each generation batch, before its steps are credited.
    *args, **kwargs
        As for `GRPOTrainer`.
    """

    def __init__(
        self,
        *args: Any,
        line: Line,
        step: str = "run",
        fields: dict[str, str] | None = None,
        own_loss: bool | None = None,
        prm: ImplicitPrm | None = None,
        **kwargs: Any,
    ) -> None:
        self._istar_line, self._istar_step, self._istar_columns, self._istar_prm = line, step, dict(fields or {}), prm
        self._istar_own_loss = line.given().terms != ["rl"] if own_loss is None else own_loss
        if prm is None and "trains_prm" in line.demands:
            raise BatchError(f"`{line.source}` trains a PRM: give `prm`, an istar.integrations.implicit.ImplicitPrm")
        self._istar_rewards: torch.Tensor | None = None
        super().__init__(*args, **kwargs)
        if line.level is None:
            raise BatchError(f"`{line.source}` has no advantage: TRL asks for a line with `rl`")

    def _calculate_rewards(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        rewards = super()._calculate_rewards(*args, **kwargs)
        self._istar_rewards = rewards
        return rewards

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        output = super()._generate_and_score_completions(inputs)
        rows = len(inputs)
        generations = self.num_generations if self.model.training else self.num_generations_eval
        if rows % generations:
            raise BatchError(
                f"a process has {rows} completions, and a group {generations}: a line needs whole groups, so let "
                "per_device_train_batch_size * steps_per_generation be a multiple of num_generations"
            )
        # Rewards were gathered over all processes; ours are in the middle.
        first = self.accelerator.process_index * rows
        rewards = self._istar_rewards[first : first + rows] * self.reward_weights.to(self._istar_rewards.device)
        said = {name: output.get(key) for key, name in _rows.NAMES.items() if key.endswith("_per_token_logps")}
        columns = {name: [entry[column] for entry in inputs] for name, column in self._istar_columns.items()}
        mode = "train" if self.model.training else "eval"
        rows_of = (self._mask(output), np.arange(rows) // generations)
        known = {**said, **columns, "outcome": rewards.nansum(dim=1).double()}
        if self._istar_prm is not None:
            known = self._credit_by_prm(output, rows_of, known, mode)
        batch = _rows.batch(*rows_of, self._istar_step, **known)
        like = output["advantages"].to(torch.float32)
        output["advantages"], credit = _rows.advantages(self._istar_line, batch, like)
        for name, value in credit.metrics.items():
            if value is not None:
                self._metrics[mode][f"istar/{name}"].append(value)
        return output

    def _credit_by_prm(self, output: dict[str, Any], rows: tuple[Any, Any], known: dict[str, Any], mode: str) -> dict[str, Any]:
        """The fields with what the PRM says of each token, after it has learnt from the batch."""

        ids, attention = self._tokens(output)

        def read(model: Any) -> torch.Tensor:
            return logps(model, ids, attention, output["completion_ids"].size(1))

        if known.get("old") is None:
            with torch.no_grad():
                known["old"] = self._logps(self.model, output)
        if mode == "train":
            said = self._istar_prm.update(self._istar_line, *rows, read, step=self._istar_step, **known)
            for name, value in said.terms.items():
                self._metrics[mode][f"istar/{name}"].append(value)
        return {**known, "prm": self._istar_prm.read(read)}

    @staticmethod
    def _tokens(inputs: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
        ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
        return ids, torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], dim=1)

    def _logps(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        ids, attention = self._tokens(inputs)
        return self._get_per_token_logps_and_entropies(model, ids, attention, inputs["completion_ids"].size(1))[0]

    @staticmethod
    def _mask(inputs: dict[str, Any]) -> torch.Tensor:
        mask = inputs["completion_mask"]
        return mask * inputs["tool_mask"] if "tool_mask" in inputs else mask

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        if not self._istar_own_loss:
            return super()._compute_loss(model, inputs)
        logp = self._logps(model, inputs)
        old = inputs.get("old_per_token_logps")
        loss, said = _rows.policy_loss(
            self._istar_line,
            logp,
            logp.detach() if old is None else old,
            inputs["advantages"],
            self._mask(inputs),
            self._istar_step,
            ref=inputs.get("ref_per_token_logps"),
            sampler=inputs.get("sampling_per_token_logps"),
        )
        training = self.model.training
        for name, value in {**said.terms, **said.metrics}.items():
            self._metrics["train" if training else "eval"][f"istar/{name}"].append(value)
        return loss / (self.current_gradient_accumulation_steps if training else 1)
