//! Jobs and teaching examples; see `examples/`. The jobs link this for its allocator.

/// A training step asks for the same large buffers again and again; this one keeps them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
