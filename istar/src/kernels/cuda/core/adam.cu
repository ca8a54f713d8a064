#include "sums.cuh"

// Of each block, the sum of the squares of `chunk` numbers.
extern "C" __global__ void squares(const float *numbers, size_t n, size_t chunk, double *sums) {
    size_t first = blockIdx.x * chunk;
    size_t end = first + chunk < n ? first + chunk : n;
    double sum = 0.0;
    for (size_t i = first + threadIdx.x; i < end; i += THREADS) {
        sum += (double)numbers[i] * numbers[i];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = sum;
    }
}

// The moments after a step, and the direction in which it goes.
extern "C" __global__ void adam(
    const float *gradient, const float *first, const float *second, size_t n, float clip, float beta1, float beta2, float root, float eps,
    float *new_first, float *new_second, float *direction
) {
    size_t i = element();
    if (i < n) {
        float g = gradient[i] * clip;
        float m = beta1 * first[i] + (1.0f - beta1) * g;
        float s = beta2 * second[i] + (1.0f - beta2) * g * g;
        new_first[i] = m;
        new_second[i] = s;
        direction[i] = m / (sqrtf(s) * root + eps);
    }
}
