// Kernels that end the program.

#include <assert.h>

extern "C" __global__ void asserts(const int *x) { assert(x[threadIdx.x] < 5); }

extern "C" __global__ void traps(const int *x) { if (x[threadIdx.x] == 5) __trap(); }

extern "C" __global__ void beyond_shared(const int *x, int *y)
{
    __shared__ int part[64];
    part[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    y[threadIdx.x] = part[x[0] + threadIdx.x];
}

extern "C" __global__ void writes(int *y, int at) { y[at] = 1; }
