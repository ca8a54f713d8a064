#include "warp.cuh"

// What is taken off a row, and what it is multiplied by, in every lane of its warp.
__device__ float2 moments(const float *x, unsigned width, unsigned centred, float eps) {
    float mean = 0.0f;
    if (centred) {
        for (unsigned i = lane(); i < width; i += WARP) {
            mean += x[i];
        }
        mean = warp_sum(mean) / width;
    }
    float square = 0.0f;
    for (unsigned i = lane(); i < width; i += WARP) {
        square += (x[i] - mean) * (x[i] - mean);
    }
    return make_float2(mean, 1.0f / sqrtf(warp_sum(square) / width + eps));
}

// y = (x - mean) / root * gain + bias, a warp a row; without a bias the mean stays.
extern "C" __global__ void norm_rows(const float *x, const float *gain, const float *bias, float eps, size_t rows, unsigned width, float *y) {
    size_t row = warp_row();
    if (row >= rows) {
        return;
    }
    x += row * width;
    y += row * width;
    float2 by = moments(x, width, bias != nullptr, eps);
    for (unsigned i = lane(); i < width; i += WARP) {
        float value = (x[i] - by.x) * by.y * gain[i];
        y[i] = bias == nullptr ? value : value + bias[i];
    }
}

// Adds to the gradient of x, and writes what the gradient of the gain is the sum over rows of.
extern "C" __global__ void norm_back(
    const float *x, const float *dy, const float *gain, unsigned centred, float eps, size_t rows, unsigned width, float *dx, float *of_gain
) {
    size_t row = warp_row();
    if (row >= rows) {
        return;
    }
    x += row * width;
    dy += row * width;
    dx += row * width;
    of_gain += row * width;
    float2 by = moments(x, width, centred, eps);
    float whole = 0.0f, along = 0.0f;
    for (unsigned i = lane(); i < width; i += WARP) {
        float normed = (x[i] - by.x) * by.y, slope = dy[i] * gain[i];
        whole += slope;
        along += slope * normed;
        of_gain[i] = normed * dy[i];
    }
    whole = centred ? warp_sum(whole) / width : 0.0f;
    along = warp_sum(along) / width;
    for (unsigned i = lane(); i < width; i += WARP) {
        dx[i] += by.y * (dy[i] * gain[i] - whole - (x[i] - by.x) * by.y * along);
    }
}
