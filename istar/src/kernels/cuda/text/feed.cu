#include "warp.cuh"

__device__ float sigmoid(float x) {
    return 1.0f / (1.0f + expf(-x));
}

// The tangent's form of gelu is x times the sigmoid of this; 1.5957691 is twice the root of 2 / pi.
__device__ float inner(float x) {
    return 1.5957691f * (x + 0.044715f * x * x * x);
}

// The derivative of `inner`.
__device__ float slope(float x) {
    return 1.5957691f * (1.0f + 3.0f * 0.044715f * x * x);
}

extern "C" __global__ void add(const float *from, size_t n, float *to) {
    size_t i = element();
    if (i < n) {
        to[i] += from[i];
    }
}

extern "C" __global__ void swiglu(const float *gate, const float *up, size_t n, float *y) {
    size_t i = element();
    if (i < n) {
        y[i] = up[i] * gate[i] * sigmoid(gate[i]);
    }
}

extern "C" __global__ void up_back(const float *gate, const float *dy, size_t n, float *dup) {
    size_t i = element();
    if (i < n) {
        dup[i] += dy[i] * gate[i] * sigmoid(gate[i]);
    }
}

extern "C" __global__ void gate_back(const float *gate, const float *up, const float *dy, size_t n, float *dgate) {
    size_t i = element();
    if (i < n) {
        float s = sigmoid(gate[i]);
        dgate[i] += dy[i] * up[i] * s * (1.0f + gate[i] * (1.0f - s));
    }
}

extern "C" __global__ void gelu(const float *x, size_t n, float *y) {
    size_t i = element();
    if (i < n) {
        y[i] = x[i] * sigmoid(inner(x[i]));
    }
}

extern "C" __global__ void gelu_back(const float *x, const float *dy, size_t n, float *dx) {
    size_t i = element();
    if (i < n) {
        float s = sigmoid(inner(x[i]));
        dx[i] += dy[i] * s * (1.0f + x[i] * (1.0f - s) * slope(x[i]));
    }
}
