#include "warp.cuh"

// Of each run, a warp each, the sum of factor times x over its places, which are places[start[run]] to places[start[run + 1] - 1].
extern "C" __global__ void sum_runs(
    const float *x, const unsigned *start, const unsigned *places, const float *factors, size_t runs, float *sums
) {
    size_t run = warp_row();
    if (run >= runs) {
        return;
    }
    double sum = 0.0;
    for (unsigned i = start[run] + lane(); i < start[run + 1]; i += WARP) {
        sum += (double)factors[i] * x[places[i]];
    }
    sum = warp_sum(sum);
    if (lane() == 0) {
        sums[run] = (float)sum;
    }
}

// Adds to the gradient of each number of x what it was counted for: by_place has, place by place, the number of each term.
extern "C" __global__ void sum_runs_back(
    const float *dsums, const unsigned *start, const unsigned *terms, const unsigned *run_of, const float *factors, size_t n, float *dx
) {
    size_t place = element();
    if (place >= n) {
        return;
    }
    float sum = dx[place];
    for (unsigned i = start[place]; i < start[place + 1]; i++) {
        sum += factors[terms[i]] * dsums[run_of[terms[i]]];
    }
    dx[place] = sum;
}
