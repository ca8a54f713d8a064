#include "warp.cuh"

// Turns every pair of every head by the angle of its row's position and adds that to `out`. `turns` has for each position half a head of cosines and
// as many sines, which a `sign` of -1 turns the other way; `pairs` are those of all rows.
extern "C" __global__ void turn(
    const float *x, const float *turns, const unsigned *positions, size_t pairs, unsigned width, unsigned head, float sign, float *out
) {
    size_t i = element();
    if (i >= pairs) {
        return;
    }
    unsigned half = head / 2;
    size_t row = i / (width / 2);
    unsigned pair = i % half;
    turns += (size_t)positions[row] * head;
    size_t first = i / half * head + pair, second = first + half;
    float cos = turns[pair], sin = sign * turns[half + pair];
    out[first] += x[first] * cos - x[second] * sin;
    out[second] += x[first] * sin + x[second] * cos;
}
