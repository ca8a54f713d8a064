// Sums of rows: strided over the columns, then as a tree in shared memory.
//
// Planted mistakes: MISSING_BARRIER, PAST_THE_END, SUBTRACTS, LEAVES_OUT_THE_LAST.

#ifdef MISSING_BARRIER
#define BARRIER
#else
#define BARRIER __syncthreads()
#endif

#ifdef PAST_THE_END
#define WITHIN <=
#else
#define WITHIN <
#endif

#ifdef SUBTRACTS
#define JOIN -=
#else
#define JOIN +=
#endif

extern "C" __global__ void sums(const float *x, float *y, unsigned columns)
{
    __shared__ float part[128];
    float sum = 0;
    for (unsigned column = threadIdx.x; column WITHIN columns; column += blockDim.x)
        sum += x[blockIdx.x * columns + column];
    part[threadIdx.x] = sum;
    BARRIER;
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) part[threadIdx.x] JOIN part[threadIdx.x + half];
        BARRIER;
    }
#ifdef LEAVES_OUT_THE_LAST
    if (threadIdx.x == 0 && blockIdx.x + 1 < gridDim.x) y[blockIdx.x] = part[0];
#else
    if (threadIdx.x == 0) y[blockIdx.x] = part[0];
#endif
}

// The same in memory that the launch asks for, behind some that the kernel declares.
extern "C" __global__ void sums_dynamic(const float *x, float *y, unsigned columns)
{
    extern __shared__ float part[];
    __shared__ float scale;
    if (threadIdx.x == 0) scale = 2;
    part[threadIdx.x] = threadIdx.x < columns ? x[blockIdx.x * columns + threadIdx.x] : 0;
    BARRIER;
    if (threadIdx.x == 0) {
        float sum = 0;
        for (unsigned i = 0; i < blockDim.x; i++) sum += part[i];
        y[blockIdx.x] = scale * sum;
    }
}
