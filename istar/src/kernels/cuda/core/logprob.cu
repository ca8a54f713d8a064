#include "picks.cuh"

// all = the logarithms of softmax(logits / temperature), a warp a row; entropies, if they are asked for, of these rows.
extern "C" __global__ void log_softmax(
    const float *logits, size_t rows, unsigned columns, float temperature, float *all, float *entropies
) {
    size_t row = warp_row();
    if (row >= rows) {
        return;
    }
    logits += row * columns;
    all += row * columns;
    float most = -INFINITY;
    for (unsigned i = lane(); i < columns; i += WARP) {
        most = fmaxf(most, logits[i]);
    }
    most = warp_max(most);
    float total = 0.0f;
    for (unsigned i = lane(); i < columns; i += WARP) {
        total += expf((logits[i] - most) / temperature);
    }
    total = logf(warp_sum(total));
    float entropy = 0.0f;
    for (unsigned i = lane(); i < columns; i += WARP) {
        float log = (logits[i] - most) / temperature - total;
        all[i] = log;
        entropy -= expf(log) * log;
    }
    if (entropies != nullptr) {
        entropy = warp_sum(entropy);
        if (lane() == 0) {
            entropies[row] = entropy;
        }
    }
}

// Of each pick, the element at its row and column; and the entropy of its row, if there is one.
extern "C" __global__ void pick(
    const float *all, const float *entropies, const unsigned *row, const unsigned *column, size_t picks, unsigned columns, float *logp,
    float *entropy
) {
    size_t i = element();
    if (i < picks) {
        logp[i] = all[(size_t)row[i] * columns + column[i]];
        if (entropies != nullptr) {
            entropy[i] = entropies[row[i]];
        }
    }
}

// Adds to the gradient of the logits, a warp a row: d logp / d logit_j = [j = column] - p_j and d H / d logit_j = -p_j (ln p_j + H), over the
// temperature. The picks of row r are order[start[r]] to order[start[r + 1] - 1].
extern "C" __global__ void logprob_back(
    const float *all, const float *entropies, const unsigned *start, const unsigned *order, const unsigned *column, size_t rows, unsigned columns,
    float temperature, const float *dlogp, const float *dentropy, float *dlogits
) {
    size_t row = warp_row();
    if (row >= rows) {
        return;
    }
    all += row * columns;
    dlogits += row * columns;
    float2 sums = sums_of_picks(start, order, row, dlogp, dentropy);
    float entropy = entropies == nullptr ? 0.0f : entropies[row];
    for (unsigned i = lane(); i < columns; i += WARP) {
        dlogits[i] -= expf(all[i]) * (sums.x + sums.y * (all[i] + entropy)) / temperature;
    }
    __syncwarp();
    // Two picks may be the same element.
    if (lane() == 0) {
        for (unsigned i = start[row]; i < start[row + 1]; i++) {
            dlogits[column[order[i]]] += dlogp[order[i]] / temperature;
        }
    }
}
