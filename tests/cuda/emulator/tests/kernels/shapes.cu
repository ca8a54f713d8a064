// Blocks and grids of several dimensions, vectors, local arrays, calls, tables.
//
// Planted mistakes: MISALIGNED, SWAPPED, UNWRITTEN.

extern "C" __global__ void places(int *y)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int row = blockIdx.y * blockDim.y + threadIdx.y;
    int sheet = blockIdx.z * blockDim.z + threadIdx.z;
    int width = gridDim.x * blockDim.x, height = gridDim.y * blockDim.y;
    y[(sheet * height + row) * width + x] = 10000 * sheet + 100 * row + x;
}

extern "C" __global__ void vectors(const float *x, float *y, unsigned n)
{
    unsigned at = 4 * (blockIdx.x * blockDim.x + threadIdx.x);
    if (at >= n) return;
#ifdef MISALIGNED
    float4 v = *(const float4 *)(x + at + 1);
#else
    float4 v = *(const float4 *)(x + at);
#endif
    *(float2 *)(y + at) = make_float2(v.w, v.z);
    *(float2 *)(y + at + 2) = make_float2(v.y, v.x);
}

__device__ __noinline__ float difference(float a, float b) { return a - b; }

__device__ __noinline__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

extern "C" __global__ void calls(const float *x, const float *y, float *z, int n)
{
    int at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= n) return;
#ifdef SWAPPED
    z[at] = difference(y[at], x[at]) + fibonacci(at % 8);
#else
    z[at] = difference(x[at], y[at]) + fibonacci(at % 8);
#endif
}

__constant__ int weights[5] = {3, 1, 4, 1, 5};

struct Digits {
    int base;
    unsigned char order[3];
    double scale;
};

// A struct as an argument, an array that is indexed at run time, a table of constants.
extern "C" __global__ void digits(Digits how, int *y, int n)
{
    int at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= n) return;
    int found[8], rest = at;
    for (int i = 0; i < 8; i++) {
        found[i] = rest % how.base;
        rest /= how.base;
    }
    int sum = 0;
    for (int i = 0; i < 3; i++) sum += found[(how.order[i] + at) % 8] * weights[(at + i) % 5];
    y[at] = sum * (int)how.scale;
}

// Writes all but every seventh number.
extern "C" __global__ void written(float *y, int n)
{
    int at = blockIdx.x * blockDim.x + threadIdx.x;
#ifdef UNWRITTEN
    if (at < n && at % 7) y[at] = at;
#else
    if (at < n) y[at] = at;
#endif
}

extern "C" __global__ void chosen(int *y, int n)
{
    int at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= n) return;
    int r;
    switch (y[at]) {
    case 0: r = at * 3; break;
    case 1: r = at - 7; break;
    case 2: r = at ^ 21; break;
    case 3: r = at / 3; break;
    case 4: r = at % 5; break;
    case 5: r = -at; break;
    case 6: r = at << 2; break;
    default: r = 99;
    }
    y[at] = r;
}
