//! Jobs and teaching examples; see `examples/`.
