#include "warp.cuh"

// Rows of queries are (queries, size), rows of keys and values (shared, size); each shared head serves queries / shared heads of the queries that
// follow one another. A row sees the rows of its sequence up to its own. A warp takes one row and head; its lanes take a row each of the other side
// for the products, and then an equal part of the size for the sums. Weights are computed where they are needed, from the logarithms of their sums.

// Numbers of a head at most, and of them what a lane sums.
constexpr unsigned SIZE = 256;
constexpr unsigned PART = SIZE / WARP;
constexpr unsigned WARPS = 8;

__device__ float inner(const float *a, const float *b, unsigned size) {
    float sum = 0.0f;
    for (unsigned i = 0; i < size; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

__device__ void copy(const float *from, unsigned size, float *to) {
    for (unsigned i = lane(); i < size; i += WARP) {
        to[i] = from[i];
    }
    __syncwarp();
}

// What this warp works on: a head of a row.
struct Task {
    size_t row;
    unsigned head;

    __device__ explicit Task(unsigned heads) : row(warp_row() / heads), head(warp_row() % heads) {}
};

// y, and the logarithms of the sums of the weights before they were divided; `start` has the first row of each row's sequence.
extern "C" __global__ void attention(
    const float *q, const float *k, const float *v, const unsigned *start, size_t rows, unsigned queries, unsigned shared, unsigned size,
    float scale, float *y, float *logs
) {
    __shared__ float own[WARPS][SIZE];
    Task task(queries);
    if (task.row >= rows) {
        return;
    }
    unsigned of = task.head / (queries / shared);
    float *mine = own[threadIdx.x / WARP];
    copy(q + (task.row * queries + task.head) * size, size, mine);
    float most = -INFINITY, total = 0.0f, sums[PART] = {};
    for (size_t first = start[task.row]; first <= task.row; first += WARP) {
        size_t key = first + lane();
        float score = key <= task.row ? scale * inner(mine, k + (key * shared + of) * size, size) : -INFINITY;
        float more = fmaxf(most, warp_max(score));
        float kept = expf(most - more), weight = expf(score - more);
        most = more;
        total = total * kept + warp_sum(weight);
        for (unsigned part = 0; part < PART; part++) {
            sums[part] *= kept;
        }
        for (unsigned other = 0; other < WARP && first + other <= task.row; other++) {
            float of_other = __shfl_sync(ALL, weight, other);
            const float *value = v + ((first + other) * shared + of) * size;
            for (unsigned part = 0; part * WARP + lane() < size; part++) {
                sums[part] += of_other * value[part * WARP + lane()];
            }
        }
    }
    y += (task.row * queries + task.head) * size;
    for (unsigned part = 0; part * WARP + lane() < size; part++) {
        y[part * WARP + lane()] = sums[part] / total;
    }
    if (lane() == 0) {
        logs[task.row * queries + task.head] = most + logf(total);
    }
}

// Adds to the gradient of the queries, and writes the inner products of each row of y with its gradient.
extern "C" __global__ void queries_back(
    const float *q, const float *k, const float *v, const float *y, const float *dy, const float *logs, const unsigned *start, size_t rows,
    unsigned queries, unsigned shared, unsigned size, float scale, float *along, float *dq
) {
    __shared__ float own[WARPS][SIZE], own_slope[WARPS][SIZE];
    Task task(queries);
    if (task.row >= rows) {
        return;
    }
    unsigned of = task.head / (queries / shared);
    size_t place = task.row * queries + task.head;
    float *mine = own[threadIdx.x / WARP], *slope = own_slope[threadIdx.x / WARP];
    copy(q + place * size, size, mine);
    copy(dy + place * size, size, slope);
    float product = 0.0f;
    for (unsigned i = lane(); i < size; i += WARP) {
        product += slope[i] * y[place * size + i];
    }
    product = warp_sum(product);
    float sums[PART] = {};
    for (size_t first = start[task.row]; first <= task.row; first += WARP) {
        size_t key = first + lane();
        float change = 0.0f;
        if (key <= task.row) {
            size_t at = (key * shared + of) * size;
            float weight = expf(scale * inner(mine, k + at, size) - logs[place]);
            change = scale * weight * (inner(slope, v + at, size) - product);
        }
        for (unsigned other = 0; other < WARP && first + other <= task.row; other++) {
            float of_other = __shfl_sync(ALL, change, other);
            const float *key_of_other = k + ((first + other) * shared + of) * size;
            for (unsigned part = 0; part * WARP + lane() < size; part++) {
                sums[part] += of_other * key_of_other[part * WARP + lane()];
            }
        }
    }
    for (unsigned part = 0; part * WARP + lane() < size; part++) {
        dq[place * size + part * WARP + lane()] += sums[part];
    }
    if (lane() == 0) {
        along[place] = product;
    }
}

// Adds to the gradients of keys and values; `end` has the row behind each row's sequence.
extern "C" __global__ void shared_back(
    const float *q, const float *k, const float *v, const float *dy, const float *logs, const float *along, const unsigned *end, size_t rows,
    unsigned queries, unsigned shared, unsigned size, float scale, float *dk, float *dv
) {
    __shared__ float own_key[WARPS][SIZE], own_value[WARPS][SIZE];
    Task task(shared);
    if (task.row >= rows) {
        return;
    }
    unsigned group = queries / shared;
    size_t place = (task.row * shared + task.head) * size;
    float *key = own_key[threadIdx.x / WARP], *value = own_value[threadIdx.x / WARP];
    copy(k + place, size, key);
    copy(v + place, size, value);
    float of_key[PART] = {}, of_value[PART] = {};
    for (unsigned head = task.head * group; head < (task.head + 1) * group; head++) {
        for (size_t first = task.row; first < end[task.row]; first += WARP) {
            size_t row = first + lane();
            float weight = 0.0f, change = 0.0f;
            if (row < end[task.row]) {
                size_t at = row * queries + head;
                weight = expf(scale * inner(key, q + at * size, size) - logs[at]);
                change = scale * weight * (inner(value, dy + at * size, size) - along[at]);
            }
            for (unsigned other = 0; other < WARP && first + other < end[task.row]; other++) {
                float weight_of_other = __shfl_sync(ALL, weight, other), change_of_other = __shfl_sync(ALL, change, other);
                size_t at = ((first + other) * queries + head) * size;
                for (unsigned part = 0; part * WARP + lane() < size; part++) {
                    of_value[part] += weight_of_other * dy[at + part * WARP + lane()];
                    of_key[part] += change_of_other * q[at + part * WARP + lane()];
                }
            }
        }
    }
    for (unsigned part = 0; part * WARP + lane() < size; part++) {
        dk[place + part * WARP + lane()] += of_key[part];
        dv[place + part * WARP + lane()] += of_value[part];
    }
}
