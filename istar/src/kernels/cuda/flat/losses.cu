#include "sums.cuh"

// Losses that are sums over a column: of each number its loss and its slope, which the way back multiplies.

// What a number costs, and the derivative of that.
struct Cost {
    float loss, slope;
};

// The sum over the share of this block.
template <typename F>
__device__ void sum_costs(size_t n, size_t chunk, F cost_of, float *slopes, double *sums) {
    size_t first = blockIdx.x * chunk;
    size_t end = first + chunk < n ? first + chunk : n;
    double sum = 0.0;
    for (size_t i = first + threadIdx.x; i < end; i += THREADS) {
        Cost cost = cost_of(i);
        slopes[i] = cost.slope;
        sum += cost.loss;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = sum;
    }
}

// The larger of s r and s times r within its bounds, and at most `dual` s where s is positive; r is the exponential of x, within `far`. A bound below
// and one above for each number, or one of each for all, or none.
extern "C" __global__ void clip(
    const float *x, size_t n, size_t chunk, const float *s, const float *lower, const float *upper, unsigned each, float dual, float far,
    float *slopes, double *sums
) {
    auto cost = [&](size_t i) {
        float ratio = expf(fminf(fmaxf(x[i], -far), far));
        float loss = s[i] * ratio, slope = x[i] < -far || x[i] > far ? 0.0f : loss;
        if (lower != nullptr) {
            float held = fminf(fmaxf(ratio, lower[each ? i : 0]), upper[each ? i : 0]);
            if (s[i] * held > loss) {
                loss = s[i] * held;
                slope = held == ratio ? slope : 0.0f;
            }
        }
        if (s[i] > 0.0f && loss > dual * s[i]) {
            loss = dual * s[i];
            slope = 0.0f;
        }
        return Cost{loss, slope};
    };
    sum_costs(n, chunk, cost, slopes, sums);
}

// w times the larger of (x - t)² and the square of what is left where x goes no further from `old` than `reach`.
extern "C" __global__ void squares_within(
    const float *x, size_t n, size_t chunk, const float *w, const float *target, const float *old, float reach, float *slopes, double *sums
) {
    auto cost = [&](size_t i) {
        float off = x[i] - target[i];
        float loss = w[i] * off * off, slope = w[i] * 2.0f * off;
        if (old != nullptr) {
            float moved = x[i] - old[i];
            float near = fminf(fmaxf(moved, -reach), reach) + old[i] - target[i];
            if (near * near > off * off) {
                bool held = moved < -reach || moved > reach;
                loss = w[i] * near * near;
                slope = held ? 0.0f : w[i] * 2.0f * near;
            }
        }
        return Cost{loss, slope};
    };
    sum_costs(n, chunk, cost, slopes, sums);
}

// w times -log sigmoid(x).
extern "C" __global__ void surprise(const float *x, size_t n, size_t chunk, float w, float *slopes, double *sums) {
    auto cost = [&](size_t i) {
        // Of the two exponentials the one that does not overflow.
        float exp = expf(-fabsf(x[i]));
        float loss = fmaxf(-x[i], 0.0f) + log1pf(exp);
        float slope = -(x[i] < 0.0f ? 1.0f : exp) / (1.0f + exp);
        return Cost{w * loss, w * slope};
    };
    sum_costs(n, chunk, cost, slopes, sums);
}

// w x.
extern "C" __global__ void weighted(const float *x, size_t n, size_t chunk, const float *w, float *slopes, double *sums) {
    auto cost = [&](size_t i) { return Cost{w[i] * x[i], w[i]}; };
    sum_costs(n, chunk, cost, slopes, sums);
}

// Adds the slope of the sum in each number to its gradient.
extern "C" __global__ void losses_back(const float *slopes, const float *dloss, size_t n, float *dx) {
    size_t i = element();
    if (i < n) {
        dx[i] += slopes[i] * *dloss;
    }
}
