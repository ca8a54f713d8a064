// Lanes of a warp that hand values to each other.
//
// Planted mistakes: HALF_A_MASK, DIVERGED.

#ifdef HALF_A_MASK
#define MASK 0x0000FFFFu
#else
#define MASK 0xFFFFFFFFu
#endif

extern "C" __global__ void shuffled_sum(const float *x, float *y)
{
    float sum = x[blockIdx.x * blockDim.x + threadIdx.x];
#ifdef DIVERGED
    if (threadIdx.x < 16)
#endif
    for (int by = 16; by > 0; by /= 2) sum += __shfl_down_sync(MASK, sum, by);
    if (threadIdx.x % 32 == 0) y[(blockIdx.x * blockDim.x + threadIdx.x) / 32] = sum;
}

extern "C" __global__ void votes(const int *x, unsigned *y)
{
    int own = x[threadIdx.x];
    unsigned *to = y + 12 * threadIdx.x;
    to[0] = __ballot_sync(~0u, own > 2);
    to[1] = __all_sync(~0u, own >= 0);
    to[2] = __any_sync(~0u, own == 3);
    to[3] = __match_any_sync(~0u, own);
    int alike;
    to[4] = __match_all_sync(~0u, own / 100, &alike);
    to[5] = alike;
    to[6] = __reduce_add_sync(~0u, (unsigned)own);
    to[7] = __reduce_max_sync(~0u, own - 5);
    to[8] = __shfl_xor_sync(~0u, own, 1);
    to[9] = __shfl_up_sync(~0u, own, 3, 8);
    to[10] = __shfl_sync(~0u, own, 5, 16);
    unsigned active = 0;
    if (threadIdx.x % 3 == 0) active = __activemask();
    __syncwarp();
    to[11] = active;
}

// Running sums of a block of several warps: within each warp by shuffles, then over the warps.
extern "C" __global__ void scan(const int *x, int *y, int n)
{
    __shared__ int ends[32];
    int at = threadIdx.x, lane = at % 32, warp = at / 32;
    int sum = at < n ? x[at] : 0;
    for (int by = 1; by < 32; by *= 2) {
        int other = __shfl_up_sync(~0u, sum, by);
        if (lane >= by) sum += other;
    }
    if (lane == 31) ends[warp] = sum;
    __syncthreads();
    for (int before = 0; before < warp; before++) sum += ends[before];
    if (at < n) y[at] = sum;
    int above = __syncthreads_count(sum > 10);
    if (at == 0) y[n] = above;
}
