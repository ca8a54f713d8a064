#include "warp.cuh"

// whole[places[i]] = part[i].
extern "C" __global__ void scatter(const float *part, const unsigned *places, size_t n, float *whole) {
    size_t i = element();
    if (i < n) {
        whole[places[i]] = part[i];
    }
}
