#include "warp.cuh"

// Rows of queries are (queries, size), rows of keys and values (shared, size); each shared head serves queries / shared heads of the queries that
// follow one another. A row sees the rows of its sequence up to its own. A warp takes one row and head; its lanes take a row each of the other side
// for the products, and then an equal part of the size for the sums. Weights are computed where they are needed, from the logarithms of their sums.

// A kernel is compiled for heads of up to PARTS numbers for each lane, so that what a lane sums stays in registers.
constexpr unsigned WARPS = 8;

__device__ float inner(const float *a, const float *b, unsigned size) {
    float sum = 0.0f;
    for (unsigned i = 0; i < size; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

// Does something for each number of a head that is this lane's: for the number of the part and that of the place.
template <unsigned PARTS, typename F>
__device__ void each_part(unsigned size, F work) {
#pragma unroll
    for (unsigned part = 0; part < PARTS; part++) {
        unsigned i = part * WARP + lane();
        if (i < size) {
            work(part, i);
        }
    }
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
template <unsigned PARTS>
__device__ void attention(
    const float *q, const float *k, const float *v, const unsigned *start, size_t rows, unsigned queries, unsigned shared, unsigned size,
    float scale, float *y, float *logs
) {
    __shared__ float own[WARPS][PARTS * WARP];
    Task task(queries);
    if (task.row >= rows) {
        return;
    }
    unsigned of = task.head / (queries / shared);
    float *mine = own[threadIdx.x / WARP];
    copy(q + (task.row * queries + task.head) * size, size, mine);
    float most = -INFINITY, total = 0.0f, sums[PARTS] = {};
    for (size_t first = start[task.row]; first <= task.row; first += WARP) {
        size_t key = first + lane();
        float score = key <= task.row ? scale * inner(mine, k + (key * shared + of) * size, size) : -INFINITY;
        float more = fmaxf(most, warp_max(score));
        float kept = expf(most - more), weight = expf(score - more);
        most = more;
        total = total * kept + warp_sum(weight);
        each_part<PARTS>(size, [&](unsigned part, unsigned) { sums[part] *= kept; });
        for (unsigned other = 0; other < WARP && first + other <= task.row; other++) {
            float of_other = __shfl_sync(ALL, weight, other);
            const float *value = v + ((first + other) * shared + of) * size;
            each_part<PARTS>(size, [&](unsigned part, unsigned i) { sums[part] += of_other * value[i]; });
        }
    }
    y += (task.row * queries + task.head) * size;
    each_part<PARTS>(size, [&](unsigned part, unsigned i) { y[i] = sums[part] / total; });
    if (lane() == 0) {
        logs[task.row * queries + task.head] = most + logf(total);
    }
}

// Adds to the gradient of the queries, and writes the inner products of each row of y with its gradient.
template <unsigned PARTS>
__device__ void queries_back(
    const float *q, const float *k, const float *v, const float *y, const float *dy, const float *logs, const unsigned *start, size_t rows,
    unsigned queries, unsigned shared, unsigned size, float scale, float *along, float *dq
) {
    __shared__ float own[WARPS][PARTS * WARP], own_slope[WARPS][PARTS * WARP];
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
    float sums[PARTS] = {};
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
            each_part<PARTS>(size, [&](unsigned part, unsigned i) { sums[part] += of_other * key_of_other[i]; });
        }
    }
    each_part<PARTS>(size, [&](unsigned part, unsigned i) { dq[place * size + i] += sums[part]; });
    if (lane() == 0) {
        along[place] = product;
    }
}

// Adds to the gradients of keys and values; `end` has the row behind each row's sequence.
template <unsigned PARTS>
__device__ void shared_back(
    const float *q, const float *k, const float *v, const float *dy, const float *logs, const float *along, const unsigned *end, size_t rows,
    unsigned queries, unsigned shared, unsigned size, float scale, float *dk, float *dv
) {
    __shared__ float own_key[WARPS][PARTS * WARP], own_value[WARPS][PARTS * WARP];
    Task task(shared);
    if (task.row >= rows) {
        return;
    }
    unsigned group = queries / shared;
    size_t place = (task.row * shared + task.head) * size;
    float *key = own_key[threadIdx.x / WARP], *value = own_value[threadIdx.x / WARP];
    copy(k + place, size, key);
    copy(v + place, size, value);
    float of_key[PARTS] = {}, of_value[PARTS] = {};
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
                each_part<PARTS>(size, [&](unsigned part, unsigned i) {
                    of_value[part] += weight_of_other * dy[at + i];
                    of_key[part] += change_of_other * q[at + i];
                });
            }
        }
    }
    each_part<PARTS>(size, [&](unsigned part, unsigned i) {
        dk[place + i] += of_key[part];
        dv[place + i] += of_value[part];
    });
}

// The kernels, by the parts that a lane has at most.
#define FOR_PARTS(parts)                                                                                                                     \
    extern "C" __global__ void attention_##parts(                                                                                            \
        const float *q, const float *k, const float *v, const unsigned *start, size_t rows, unsigned queries, unsigned shared, unsigned size, \
        float scale, float *y, float *logs                                                                                                   \
    ) {                                                                                                                                      \
        attention<parts>(q, k, v, start, rows, queries, shared, size, scale, y, logs);                                                       \
    }                                                                                                                                        \
    extern "C" __global__ void queries_back_##parts(                                                                                         \
        const float *q, const float *k, const float *v, const float *y, const float *dy, const float *logs, const unsigned *start,           \
        size_t rows, unsigned queries, unsigned shared, unsigned size, float scale, float *along, float *dq                                  \
    ) {                                                                                                                                      \
        queries_back<parts>(q, k, v, y, dy, logs, start, rows, queries, shared, size, scale, along, dq);                                     \
    }                                                                                                                                        \
    extern "C" __global__ void shared_back_##parts(                                                                                          \
        const float *q, const float *k, const float *v, const float *dy, const float *logs, const float *along, const unsigned *end,         \
        size_t rows, unsigned queries, unsigned shared, unsigned size, float scale, float *dk, float *dv                                     \
    ) {                                                                                                                                      \
        shared_back<parts>(q, k, v, dy, logs, along, end, rows, queries, shared, size, scale, dk, dv);                                       \
    }

FOR_PARTS(1)
FOR_PARTS(2)
FOR_PARTS(4)
FOR_PARTS(8)
