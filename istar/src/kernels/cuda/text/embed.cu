#include "warp.cuh"

// out = these rows of a table.
extern "C" __global__ void gather(const float *table, const unsigned *rows, size_t n, unsigned width, float *out) {
    size_t i = element();
    if (i < n) {
        out[i] = table[(size_t)rows[i / width] * width + i % width];
    }
}

// Adds to each row of a table the gradients of where it went: order[start[row]] to order[start[row + 1] - 1].
extern "C" __global__ void gather_back(const float *dout, const unsigned *start, const unsigned *order, size_t n, unsigned width, float *dtable) {
    size_t i = element();
    if (i >= n) {
        return;
    }
    size_t row = i / width;
    float sum = dtable[i];
    for (unsigned at = start[row]; at < start[row + 1]; at++) {
        sum += dout[(size_t)order[at] * width + i % width];
    }
    dtable[i] = sum;
}
