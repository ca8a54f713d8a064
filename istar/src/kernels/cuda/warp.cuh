// What kernels share: numbers of a warp put together, the same in every lane, in an order that never changes.
#pragma once

constexpr unsigned WARP = 32;
constexpr unsigned ALL = 0xffffffff;

template <typename T>
__device__ T warp_sum(T value) {
    for (unsigned apart = WARP / 2; apart > 0; apart /= 2) {
        value += __shfl_xor_sync(ALL, value, apart);
    }
    return value;
}

__device__ inline float warp_max(float value) {
    for (unsigned apart = WARP / 2; apart > 0; apart /= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL, value, apart));
    }
    return value;
}

// The row of a warp, where every warp of a one-dimensional grid has one, and the place of this thread in it.
__device__ inline size_t warp_row() {
    return ((size_t)blockIdx.x * blockDim.x + threadIdx.x) / WARP;
}

__device__ inline unsigned lane() {
    return threadIdx.x % WARP;
}

// The element of a thread, where every thread of a one-dimensional grid has one.
__device__ inline size_t element() {
    return (size_t)blockIdx.x * blockDim.x + threadIdx.x;
}
