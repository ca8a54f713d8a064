// Barriers that only some threads reach, and threads that leave early.

extern "C" __global__ void reversed(const int *x, int *y, int n)
{
    __shared__ int all[256];
    int at = threadIdx.x;
#ifdef EARLY_RETURN
    // Allowed: a barrier counts the threads that are still there.
    if (at >= n) return;
#endif
    all[at] = at < n ? x[at] : 0;
#ifdef UNDER_DIVERGENCE
    if (at % 2) { __syncthreads(); all[at] += 1; } else { all[at] -= 1; __syncthreads(); }
#else
    __syncthreads();
#endif
    if (at < n) y[at] = all[n - 1 - at];
}

// A lane waits for its warp while another waits at the barrier.
extern "C" __global__ void crossed(int *y)
{
    if (threadIdx.x == 3) __syncthreads();
    else y[threadIdx.x] = __shfl_xor_sync(~0u, (int)threadIdx.x, 1);
}
