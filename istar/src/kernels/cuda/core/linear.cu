#include "warp.cuh"

// y += b, row by row, and then the larger of that and 0.
extern "C" __global__ void bend(float *y, const float *b, size_t n, unsigned columns, unsigned relu) {
    size_t i = element();
    if (i < n) {
        float value = y[i] + b[i % columns];
        y[i] = relu ? fmaxf(value, 0.0f) : value;
    }
}

// x = 0 where y is not above 0, if there is a y; and the sums of columns of x, of `chunk` rows each: block (i, j) adds the rows of chunk i in columns
// 32 j to 32 j + 31 to row i of `sums`. Eight threads share a column, and always the same rows of it.
extern "C" __global__ void column_sums(float *x, const float *y, size_t rows, unsigned columns, unsigned chunk, float *sums) {
    constexpr unsigned LANES = 8;
    __shared__ float shared[LANES][WARP];
    unsigned column = blockIdx.y * WARP + threadIdx.x;
    size_t first = (size_t)blockIdx.x * chunk;
    size_t end = first + chunk < rows ? first + chunk : rows;
    float sum = 0.0f;
    if (column < columns) {
        for (size_t row = first + threadIdx.y; row < end; row += LANES) {
            size_t i = row * columns + column;
            float value = x[i];
            if (y != nullptr && !(y[i] > 0.0f)) {
                value = 0.0f;
                x[i] = 0.0f;
            }
            sum += value;
        }
    }
    shared[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && column < columns) {
        sum = sums[(size_t)blockIdx.x * columns + column];
        for (unsigned lane = 0; lane < LANES; lane++) {
            sum += shared[lane][threadIdx.x];
        }
        sums[(size_t)blockIdx.x * columns + column] = sum;
    }
}
