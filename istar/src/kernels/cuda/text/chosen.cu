#include "picks.cuh"

// The logit of a token that is not legal.
constexpr float NEVER = -1e30f;
constexpr unsigned EVERY = 0xffffffff;

// Which tokens are legal in a row: bit i % 32 of word i / 32 of its set.
struct Legal {
    const unsigned *bits;

    __device__ Legal(const unsigned *set_of, const unsigned *bits, unsigned words, size_t row)
        : bits(set_of[row] == EVERY ? nullptr : bits + (size_t)set_of[row] * words) {}

    __device__ bool has(unsigned i) const {
        return bits == nullptr || bits[i / 32] >> i % 32 & 1;
    }
};

// Of rows from number `first` on, a warp each, whose logits these are: the logarithm of the sum of their exponentials, the entropy if it is asked
// for, and the log-probabilities of the picks. Those of row r are order[start[r]] to order[start[r + 1] - 1].
extern "C" __global__ void chosen(
    const float *logits, size_t first, size_t rows, unsigned columns, const unsigned *set_of, const unsigned *bits, unsigned words,
    const unsigned *start, const unsigned *order, const unsigned *column, float *wholes, float *entropies, float *logp
) {
    if (warp_row() >= rows) {
        return;
    }
    logits += warp_row() * columns;
    size_t row = first + warp_row();
    Legal legal(set_of, bits, words, row);
    float most = NEVER;
    for (unsigned i = lane(); i < columns; i += WARP) {
        most = legal.has(i) ? fmaxf(most, logits[i]) : most;
    }
    most = warp_max(most);
    float total = 0.0f;
    for (unsigned i = lane(); i < columns; i += WARP) {
        total += legal.has(i) ? expf(logits[i] - most) : 0.0f;
    }
    float whole = most + logf(warp_sum(total));
    if (entropies != nullptr) {
        float entropy = 0.0f;
        for (unsigned i = lane(); i < columns; i += WARP) {
            float log = logits[i] - whole;
            entropy -= legal.has(i) ? expf(log) * log : 0.0f;
        }
        entropy = warp_sum(entropy);
        if (lane() == 0) {
            entropies[row] = entropy;
        }
    }
    if (lane() == 0) {
        wholes[row] = whole;
    }
    for (unsigned i = start[row] + lane(); i < start[row + 1]; i += WARP) {
        unsigned place = column[order[i]];
        logp[order[i]] = (legal.has(place) ? logits[place] : NEVER) - whole;
    }
}

// Turns such logits into the slopes of the loss in them. d logp / d logit_j = [j = column] - p_j, and d H / d logit_j = -p_j (ln p_j + H).
extern "C" __global__ void chosen_back(
    float *logits, size_t first, size_t rows, unsigned columns, const unsigned *set_of, const unsigned *bits, unsigned words,
    const unsigned *start, const unsigned *order, const unsigned *column, const float *wholes, const float *entropies, const float *dlogp,
    const float *dentropy
) {
    if (warp_row() >= rows) {
        return;
    }
    logits += warp_row() * columns;
    size_t row = first + warp_row();
    Legal legal(set_of, bits, words, row);
    float2 sums = sums_of_picks(start, order, row, dlogp, dentropy);
    float whole = wholes[row], entropy = entropies == nullptr ? 0.0f : entropies[row];
    for (unsigned i = lane(); i < columns; i += WARP) {
        float log = logits[i] - whole;
        logits[i] = legal.has(i) ? -expf(log) * (sums.x + sums.y * (log + entropy)) : 0.0f;
    }
    __syncwarp();
    // Two picks may be the same element.
    if (lane() == 0) {
        for (unsigned i = start[row]; i < start[row + 1]; i++) {
            logits[column[order[i]]] += dlogp[order[i]];
        }
    }
}
