// The sum of what the threads of a block have, in an order that never changes.
#pragma once
#include "warp.cuh"

// Threads of a block that sums.
constexpr unsigned THREADS = 256;

// In thread 0.
__device__ inline double block_sum(double value) {
    __shared__ double of_warp[THREADS / WARP];
    value = warp_sum(value);
    if (lane() == 0) {
        of_warp[threadIdx.x / WARP] = value;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        for (unsigned warp = 1; warp < THREADS / WARP; warp++) {
            value += of_warp[warp];
        }
    }
    return value;
}
