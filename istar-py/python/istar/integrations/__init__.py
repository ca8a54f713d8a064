"""The hooks of other trainers, a module each: `verl`, `trl`, `skyrl`, `slime`, `prime_rl`, `rllm`, `tinker`.

None of them is imported before it is asked for, and none is a dependency of istar.
"""
