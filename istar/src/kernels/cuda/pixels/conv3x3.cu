#include "warp.cuh"

// The cell of an image that is `down` rows and `right` columns from this one; none beyond the border.
struct Cell {
    unsigned image, row, column;

    __device__ Cell(size_t number, unsigned height, unsigned width)
        : image(number / (height * width)), row(number / width % height), column(number % width) {}

    __device__ bool has(int down, int right, unsigned height, unsigned width) const {
        return row + down < height && column + right < width; // below 0 is far above
    }

    __device__ size_t number(int down, int right, unsigned height, unsigned width) const {
        return ((size_t)image * height + (row + down)) * width + (column + right);
    }
};

// The nine neighbours of every cell, one behind the other; 0 beyond the border.
extern "C" __global__ void unfold(const float *x, size_t cells, unsigned channels, unsigned height, unsigned width, float *out) {
    size_t i = element();
    if (i >= cells * 9 * channels) {
        return;
    }
    unsigned channel = i % channels, place = i / channels % 9;
    Cell cell(i / channels / 9, height, width);
    int down = (int)(place / 3) - 1, right = (int)(place % 3) - 1;
    out[i] = cell.has(down, right, height, width) ? x[cell.number(down, right, height, width) * channels + channel] : 0.0f;
}

// The way back of `unfold`: adds what every cell was read as.
extern "C" __global__ void fold(const float *dout, size_t cells, unsigned channels, unsigned height, unsigned width, float *dx) {
    size_t i = element();
    if (i >= cells * channels) {
        return;
    }
    unsigned channel = i % channels;
    Cell cell(i / channels, height, width);
    float sum = dx[i];
    for (unsigned place = 0; place < 9; place++) {
        // Who reads this cell at a place is on the other side.
        int down = 1 - (int)(place / 3), right = 1 - (int)(place % 3);
        if (cell.has(down, right, height, width)) {
            sum += dout[(cell.number(down, right, height, width) * 9 + place) * channels + channel];
        }
    }
    dx[i] = sum;
}
