// Picks of rows: those of row r are order[start[r]] to order[start[r + 1] - 1].
#pragma once
#include "warp.cuh"

// The sums over the picks of a row of the slopes by their log-probabilities, and of those by their entropies if there are any; in every lane of a warp.
__device__ inline float2 sums_of_picks(
    const unsigned *start, const unsigned *order, size_t row, const float *dlogp, const float *dentropy
) {
    float of_logp = 0.0f, of_entropy = 0.0f;
    for (unsigned i = start[row] + lane(); i < start[row + 1]; i += WARP) {
        of_logp += dlogp[order[i]];
        of_entropy += dentropy == nullptr ? 0.0f : dentropy[order[i]];
    }
    return make_float2(warp_sum(of_logp), warp_sum(of_entropy));
}
