// Operations that many threads do in one place.

extern "C" __global__ void together(unsigned *u, int *i, unsigned long long *l, float *f, double *d)
{
    unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
    __shared__ unsigned in_block;
    if (threadIdx.x == 0) in_block = 0;
    __syncthreads();
    atomicAdd(&in_block, 1);
    __syncthreads();
    if (threadIdx.x == 0) atomicAdd(u + 0, in_block);
    atomicMax(u + 1, at);
    atomicMin(u + 2, at);
    atomicOr(u + 3, 1u << (at % 32));
    atomicAnd(u + 4, ~(1u << (at % 7)));
    atomicXor(u + 5, at);
    atomicInc(u + 6, 9);
    atomicDec(u + 7, 9);
    unsigned before, now = u[8];
    do {
        before = now;
        now = atomicCAS(u + 8, before, before + 2);
    } while (now != before);
    u[9 + at] = atomicExch(u + 9 + at, at) + 1;
    atomicMax(i + 0, (int)at - 100);
    atomicMin(i + 1, (int)at - 100);
    atomicAdd(l, 1ull << 33);
    atomicAdd(f, 0.5f);
    atomicAdd(d, 0.25);
}

// A sum that several host threads add to at once.
extern "C" __global__ void count(unsigned *u) { atomicAdd(u, 1); }
