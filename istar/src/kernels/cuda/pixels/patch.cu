#include "warp.cuh"

// The pixels of square patches, times `scale`, a row for each cell from number `first` on: row by row of the patch, colours innermost.
extern "C" __global__ void patches(
    const unsigned char *frames, size_t first, size_t cells, unsigned tile, unsigned width, float scale, float *out
) {
    size_t i = element();
    unsigned inputs = tile * tile * 3, line = tile * 3;
    if (i >= cells * inputs) {
        return;
    }
    size_t cell = first + i / inputs;
    unsigned place = i % inputs, column = cell % width;
    // Rows of cells lie one behind the other, over all frames.
    size_t pixel_row = cell / width * tile + place / line;
    out[i] = scale * frames[(pixel_row * width + column) * line + place % line];
}
