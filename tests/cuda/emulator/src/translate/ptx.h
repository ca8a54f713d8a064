/* What translated kernels stand on: the types of PTX, its instructions as functions, and the way back into the emulator.
 *
 * The structures are those of `src/launch/abi.rs`, field by field. */
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <math.h>
#include <fenv.h>
#include <time.h>

typedef uint8_t pred;
typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef _Float16 f16;
typedef float f32;
typedef double f64;

/* ---- a launch ---- */

struct dim {
    u32 x, y, z;
};

struct thread;

/* What lanes of a warp hand to each other. */
struct exchange {
    u32 kind, site, mask, source, clamp, predicate;
    u64 value, result;
};

struct services {
    void (*fail)(struct thread *, u32 kind, u64 first, u64 second);
    void (*assertion)(struct thread *, const char *message, const char *file, u32 line, const char *function);
    u32 (*barrier)(struct thread *, u32 site, u32 id, u32 threads, u32 reduction, u32 predicate);
    void (*exchange)(struct thread *, struct exchange *);
};

struct block {
    struct dim index, size, grid;
    void **params;
    unsigned char *shared;
    u32 shared_size, dynamic_shared, backwards;
    struct thread *current;
    const struct services *services;
};

struct thread {
    struct dim index;
    struct block *block;
    void *coroutine;
};

struct kernel {
    const char *name;
    void (*thread)(struct thread *);
    void (*block)(struct block *);
    u32 cooperative, params, static_shared, max_threads;
};

enum { FAIL_MISALIGNED, FAIL_SHARED, FAIL_TRAP, FAIL_BRANCH };

#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INLINE static inline __attribute__((unused, always_inline))
#define OUTLINE static __attribute__((unused, noinline))

static __attribute__((unused, noinline, cold, noreturn)) void fail(struct thread *self, u32 kind, u64 first, u64 second)
{
    self->block->services->fail(self, kind, first, second);
    __builtin_unreachable();
}

INLINE u32 linear_thread(const struct thread *self)
{
    const struct dim *size = &self->block->size;
    return self->index.x + size->x * (self->index.y + size->y * self->index.z);
}
INLINE u32 lane(const struct thread *self) { return linear_thread(self) & 31; }
INLINE u32 threads_of_block(const struct thread *self)
{
    return self->block->size.x * self->block->size.y * self->block->size.z;
}

/* Runs a block whose threads never wait for each other. Every other block runs backwards, so that order shows. */
#define RUN_BLOCK(kernel)                                                                       \
    struct thread self = {.block = block};                                                      \
    const struct dim n = block->size;                                                           \
    block->current = &self;                                                                     \
    for (u32 z = 0; z < n.z; z++)                                                               \
        for (u32 y = 0; y < n.y; y++)                                                           \
            for (u32 x = 0; x < n.x; x++) {                                                     \
                self.index.x = block->backwards ? n.x - 1 - x : x;                              \
                self.index.y = block->backwards ? n.y - 1 - y : y;                              \
                self.index.z = block->backwards ? n.z - 1 - z : z;                              \
                kernel(&self);                                                                  \
            }                                                                                   \
    block->current = 0;

/* ---- bits ---- */

#define BITS(f, u)                                                                              \
    INLINE f f##_of(u bits) { f x; memcpy(&x, &bits, sizeof x); return x; }                     \
    INLINE u bits_of_##f(f x) { u bits; memcpy(&bits, &x, sizeof bits); return bits; }
BITS(f16, u16) BITS(f32, u32) BITS(f64, u64)

/* ---- memory ---- */

/* Global, local and generic addresses are those of the process. */
INLINE void *at(struct thread *self, u64 address, u32 bytes)
{
    if (UNLIKELY(address & (bytes - 1))) fail(self, FAIL_MISALIGNED, address, bytes);
    return (void *)(uintptr_t)address;
}

/* Shared addresses count from the beginning of the block's shared memory. */
INLINE void *shared_at(struct thread *self, u64 offset, u32 bytes)
{
    struct block *block = self->block;
    if (UNLIKELY(offset + bytes > block->shared_size || offset + bytes < offset)) fail(self, FAIL_SHARED, offset, bytes);
    if (UNLIKELY(offset & (bytes - 1))) fail(self, FAIL_MISALIGNED, offset, bytes);
    return block->shared + offset;
}

INLINE pred is_shared(const struct thread *self, u64 address)
{
    return address - (uintptr_t)self->block->shared < self->block->shared_size;
}

/* ---- whole numbers ---- */

#define EACH_WHOLE(X) X(u8, 8, u8) X(s8, 8, u8) X(u16, 16, u16) X(s16, 16, u16) X(u32, 32, u32) X(s32, 32, u32) X(u64, 64, u64) X(s64, 64, u64)
#define EACH_SIGNED(X) X(s8, 8, u8) X(s16, 16, u16) X(s32, 32, u32) X(s64, 64, u64)

#define WHOLE(t, bits, u)                                                                       \
    INLINE t add_##t(t a, t b) { return (t)(u)((u)a + (u)b); }                                  \
    INLINE t sub_##t(t a, t b) { return (t)(u)((u)a - (u)b); }                                  \
    INLINE t mul_lo_##t(t a, t b) { return (t)(u)((u64)a * (u64)b); }                           \
    INLINE t mul_hi_##t(t a, t b) { return (t)(((__int128)a * (__int128)b) >> bits); }          \
    INLINE t min_##t(t a, t b) { return a < b ? a : b; }                                        \
    INLINE t max_##t(t a, t b) { return a > b ? a : b; }                                        \
    INLINE t div_##t(t a, t b) { return b == 0 ? (t)-1 : (t)-1 < 0 && b == (t)-1 ? (t)(0 - (u)a) : (t)(a / b); } \
    INLINE t rem_##t(t a, t b) { return b == 0 ? a : (t)-1 < 0 && b == (t)-1 ? 0 : (t)(a % b); } \
    INLINE t neg_##t(t a) { return (t)(u)(0 - (u)a); }                                          \
    INLINE t abs_##t(t a) { return a < 0 ? neg_##t(a) : a; }                                    \
    INLINE t sad_##t(t a, t b, t c) { return (t)(u)((u)c + (a < b ? (u)b - (u)a : (u)a - (u)b)); } \
    INLINE t shl_##t(t a, u32 by) { return by >= bits ? 0 : (t)(u)((u)a << by); }               \
    INLINE t shr_##t(t a, u32 by) { return (t)(a >> (by < bits ? by : bits - 1)) * (t)(by < bits || (t)-1 < 0); } \
    INLINE t bfe_##t(t a, u32 from, u32 length)                                                 \
    {                                                                                           \
        from &= 255, length &= 255;                                                             \
        if (length == 0) return 0;                                                              \
        u32 top = from + length - 1 < bits - 1 ? from + length - 1 : bits - 1;                  \
        u64 fill = (t)-1 < 0 && ((u64)a >> top & 1) ? ~0ull : 0;                                \
        u64 field = from < bits ? (u64)(u)a >> from : 0;                                        \
        u32 kept = from < bits ? (length < bits - from ? length : bits - from) : 0;             \
        u64 mask = kept >= 64 ? ~0ull : (1ull << kept) - 1;                                     \
        return (t)((field & mask) | (fill & ~mask));                                            \
    }                                                                                           \
    INLINE u32 bfind_##t(t a)                                                                   \
    {                                                                                           \
        u64 x = (u64)(u)(a < 0 ? ~a : a);                                                       \
        return x == 0 ? ~0u : 63 - (u32)__builtin_clzll(x);                                     \
    }                                                                                           \
    INLINE u32 bfind_shiftamt_##t(t a) { u32 at = bfind_##t(a); return at == ~0u ? at : bits - 1 - at; } \
    INLINE t add_sat_##t(t a, t b)                                                              \
    {                                                                                           \
        t sum;                                                                                  \
        if (!__builtin_add_overflow(a, b, &sum)) return sum;                                    \
        return (t)(((u)-1 >> 1) + (u)(b < 0));                                                  \
    }                                                                                           \
    INLINE t sub_sat_##t(t a, t b)                                                              \
    {                                                                                           \
        t difference;                                                                           \
        if (!__builtin_sub_overflow(a, b, &difference)) return difference;                      \
        return (t)(((u)-1 >> 1) + (u)(b > 0));                                                  \
    }
EACH_WHOLE(WHOLE)

INLINE u32 mul_wide_u16(u16 a, u16 b) { return (u32)a * b; }
INLINE s32 mul_wide_s16(s16 a, s16 b) { return (s32)a * b; }
INLINE u64 mul_wide_u32(u32 a, u32 b) { return (u64)a * b; }
INLINE s64 mul_wide_s32(s32 a, s32 b) { return (s64)a * b; }
INLINE u32 mul24_lo_u32(u32 a, u32 b) { return (a & 0xFFFFFF) * (b & 0xFFFFFF); }
INLINE s32 mul24_lo_s32(s32 a, s32 b) { return (s32)((u32)((s32)((u32)a << 8) >> 8) * (u32)((s32)((u32)b << 8) >> 8)); }

/* Sums and differences with a carry in and out. */
#define CARRY(t)                                                                                \
    INLINE t add_carry_##t(t a, t b, u32 in, u32 *out)                                          \
    {                                                                                           \
        t sum;                                                                                  \
        u32 over = __builtin_add_overflow(a, b, &sum);                                          \
        over |= __builtin_add_overflow(sum, (t)in, &sum);                                       \
        *out = over;                                                                            \
        return sum;                                                                             \
    }                                                                                           \
    INLINE t sub_carry_##t(t a, t b, u32 in, u32 *out)                                          \
    {                                                                                           \
        t difference;                                                                           \
        u32 under = __builtin_sub_overflow(a, b, &difference);                                  \
        under |= __builtin_sub_overflow(difference, (t)in, &difference);                        \
        *out = under;                                                                           \
        return difference;                                                                      \
    }
CARRY(u32) CARRY(u64)

#define BITWISE(t, bits)                                                                        \
    INLINE t bfi_##t(t field, t into, u32 from, u32 length)                                     \
    {                                                                                           \
        from &= 255, length &= 255;                                                             \
        if (from >= bits || length == 0) return into;                                           \
        t mask = (t)((length >= bits ? (t)-1 : (t)(((t)1 << length) - 1)) << from);             \
        return (into & ~mask) | ((t)(field << from) & mask);                                    \
    }                                                                                           \
    INLINE u32 popc_##t(t a) { return (u32)__builtin_popcountll(a); }                           \
    INLINE u32 clz_##t(t a) { return a == 0 ? bits : (u32)__builtin_clzll(a) - (64 - bits); }   \
    INLINE t brev_##t(t a) { t r = 0; for (int i = 0; i < bits; i++) r |= (t)((a >> i & 1) << (bits - 1 - i)); return r; }
BITWISE(u32, 32) BITWISE(u64, 64)

INLINE u32 lop3_u32(u32 a, u32 b, u32 c, u32 table)
{
    u32 result = 0;
    if (table & 0x01) result |= ~a & ~b & ~c;
    if (table & 0x02) result |= ~a & ~b & c;
    if (table & 0x04) result |= ~a & b & ~c;
    if (table & 0x08) result |= ~a & b & c;
    if (table & 0x10) result |= a & ~b & ~c;
    if (table & 0x20) result |= a & ~b & c;
    if (table & 0x40) result |= a & b & ~c;
    if (table & 0x80) result |= a & b & c;
    return result;
}
INLINE u32 shf_l_wrap(u32 low, u32 high, u32 by) { by &= 31; return (u32)((((u64)high << 32 | low) << by) >> 32); }
INLINE u32 shf_l_clamp(u32 low, u32 high, u32 by) { by = by < 32 ? by : 32; return (u32)((((u64)high << 32 | low) << by) >> 32); }
INLINE u32 shf_r_wrap(u32 low, u32 high, u32 by) { return (u32)(((u64)high << 32 | low) >> (by & 31)); }
INLINE u32 shf_r_clamp(u32 low, u32 high, u32 by) { return (u32)(((u64)high << 32 | low) >> (by < 32 ? by : 32)); }
INLINE u32 prmt_u32(u32 a, u32 b, u32 selector)
{
    u64 bytes = (u64)b << 32 | a;
    u32 result = 0;
    for (int i = 0; i < 4; i++) {
        u32 nibble = selector >> 4 * i & 15;
        u32 byte = (u32)(bytes >> 8 * (nibble & 7)) & 255;
        if (nibble & 8) byte = byte & 128 ? 255 : 0;
        result |= byte << 8 * i;
    }
    return result;
}
#define DOT(name, ta, tb, t)                                                                    \
    INLINE t name(u32 a, u32 b, t c)                                                            \
    {                                                                                           \
        u32 sum = (u32)c;                                                                       \
        for (int i = 0; i < 4; i++) sum += (u32)((s32)(ta)(a >> 8 * i) * (s32)(tb)(b >> 8 * i)); \
        return (t)sum;                                                                          \
    }
DOT(dp4a_u32_u32, u8, u8, u32) DOT(dp4a_u32_s32, u8, s8, s32) DOT(dp4a_s32_u32, s8, u8, s32) DOT(dp4a_s32_s32, s8, s8, s32)

/* ---- floating point ---- */

/* Subnormal numbers become zeros of their sign. */
INLINE f32 ftz_f32(f32 x) { return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x; }
/* Into [0, 1], with zero for what is no number. */
INLINE f32 sat_f32(f32 x) { return x > 1 ? 1 : x > 0 ? x : 0; }
INLINE f64 sat_f64(f64 x) { return x > 1 ? 1 : x > 0 ? x : 0; }
INLINE f16 sat_f16(f16 x) { return x > 1 ? 1 : x > 0 ? x : 0; }

/* Where the result is rounded to: nearest, zero, down, up. Volatile copies keep the compiler from moving the work. */
#if defined(__x86_64__)
enum { ROUND_rz = 0x6000, ROUND_rm = 0x2000, ROUND_rp = 0x4000 };
INLINE u32 round_to(u32 mode)
{
    u32 before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr((before & ~0x6000u) | mode);
    return before;
}
INLINE void round_as(u32 before) { __builtin_ia32_ldmxcsr(before); }
#else
enum { ROUND_rz = FE_TOWARDZERO, ROUND_rm = FE_DOWNWARD, ROUND_rp = FE_UPWARD };
INLINE u32 round_to(u32 mode) { u32 before = (u32)fegetround(); fesetround((int)mode); return before; }
INLINE void round_as(u32 before) { fesetround((int)before); }
#endif

#define ROUNDED(mode, t, fused, root)                                                           \
    INLINE t add_##mode##_##t(t x, t y) { volatile t a = x, b = y; u32 old = round_to(ROUND_##mode); volatile t r = a + b; round_as(old); return r; } \
    INLINE t sub_##mode##_##t(t x, t y) { volatile t a = x, b = y; u32 old = round_to(ROUND_##mode); volatile t r = a - b; round_as(old); return r; } \
    INLINE t mul_##mode##_##t(t x, t y) { volatile t a = x, b = y; u32 old = round_to(ROUND_##mode); volatile t r = a * b; round_as(old); return r; } \
    INLINE t div_##mode##_##t(t x, t y) { volatile t a = x, b = y; u32 old = round_to(ROUND_##mode); volatile t r = a / b; round_as(old); return r; } \
    INLINE t rcp_##mode##_##t(t x) { volatile t a = x; u32 old = round_to(ROUND_##mode); volatile t r = 1 / a; round_as(old); return r; } \
    INLINE t sqrt_##mode##_##t(t x) { volatile t a = x; u32 old = round_to(ROUND_##mode); volatile t r = root(a); round_as(old); return r; } \
    INLINE t fma_##mode##_##t(t x, t y, t z) { volatile t a = x, b = y, c = z; u32 old = round_to(ROUND_##mode); volatile t r = fused(a, b, c); round_as(old); return r; }
#define ROUNDED_EACH(t, fused, root) ROUNDED(rz, t, fused, root) ROUNDED(rm, t, fused, root) ROUNDED(rp, t, fused, root)
ROUNDED_EACH(f32, fmaf, sqrtf) ROUNDED_EACH(f64, fma, sqrt)

#define FLOAT(t, fused, root, absolute, sign)                                                   \
    INLINE t add_rn_##t(t a, t b) { return a + b; }                                             \
    INLINE t sub_rn_##t(t a, t b) { return a - b; }                                             \
    INLINE t mul_rn_##t(t a, t b) { return a * b; }                                             \
    INLINE t div_rn_##t(t a, t b) { return a / b; }                                             \
    INLINE t rcp_rn_##t(t a) { return 1 / a; }                                                  \
    INLINE t sqrt_rn_##t(t a) { return (t)root(a); }                                            \
    INLINE t fma_rn_##t(t a, t b, t c) { return (t)fused(a, b, c); }                            \
    INLINE t neg_##t(t a) { return -a; }                                                        \
    INLINE t abs_##t(t a) { return (t)absolute(a); }                                            \
    INLINE t copysign_##t(t from, t a) { return (t)sign(a, from); }                             \
    INLINE pred isnan_##t(t a) { return a != a; }                                               \
    INLINE t min_##t(t a, t b) { return a != a ? b : b != b ? a : a < b || (a == b && __builtin_signbit((f64)a)) ? a : b; } \
    INLINE t max_##t(t a, t b) { return a != a ? b : b != b ? a : a > b || (a == b && !__builtin_signbit((f64)a)) ? a : b; } \
    INLINE t min_nan_##t(t a, t b) { return a != a ? a : b != b ? b : min_##t(a, b); }          \
    INLINE t max_nan_##t(t a, t b) { return a != a ? a : b != b ? b : max_##t(a, b); }
FLOAT(f32, fmaf, sqrtf, fabsf, copysignf) FLOAT(f64, fma, sqrt, fabs, copysign)
/* A product of two f16 and a sum with a third are exact, or nearly, in f64. */
FLOAT(f16, fma, sqrt, fabs, copysign)

/* The approximate functions of the device are exact here to the last digit or two of f32. */
INLINE f32 ex2_f32(f32 x) { return exp2f(x); }
INLINE f32 lg2_f32(f32 x) { return log2f(x); }
INLINE f32 sin_f32(f32 x) { return sinf(x); }
INLINE f32 cos_f32(f32 x) { return cosf(x); }
INLINE f32 tanh_f32(f32 x) { return tanhf(x); }
INLINE f32 rsqrt_f32(f32 x) { return 1 / sqrtf(x); }
INLINE f64 rsqrt_f64(f64 x) { return 1 / sqrt(x); }
INLINE f16 ex2_f16(f16 x) { return (f16)exp2f(x); }
INLINE f16 tanh_f16(f16 x) { return (f16)tanhf(x); }

#define TESTS(t, class, least)                                                                  \
    INLINE pred testp_finite_##t(t x) { return isfinite(x); }                                   \
    INLINE pred testp_infinite_##t(t x) { return !!isinf(x); }                                  \
    INLINE pred testp_number_##t(t x) { return x == x; }                                        \
    INLINE pred testp_notanumber_##t(t x) { return x != x; }                                    \
    INLINE pred testp_normal_##t(t x) { return isnormal(x); }                                   \
    INLINE pred testp_subnormal_##t(t x) { return x != 0 && fabs(x) < least; }
TESTS(f32, f, 0x1p-126) TESTS(f64, , 0x1p-1022)

/* ---- comparisons ---- */

#define COMPARE(t)                                                                              \
    INLINE pred eq_##t(t a, t b) { return a == b; }                                             \
    INLINE pred lt_##t(t a, t b) { return a < b; }                                              \
    INLINE pred le_##t(t a, t b) { return a <= b; }                                             \
    INLINE pred gt_##t(t a, t b) { return a > b; }                                              \
    INLINE pred ge_##t(t a, t b) { return a >= b; }
#define COMPARE_WHOLE(t, bits, u)                                                               \
    COMPARE(t)                                                                                  \
    INLINE pred ne_##t(t a, t b) { return a != b; }                                             \
    INLINE pred lo_##t(t a, t b) { return (u)a < (u)b; }                                        \
    INLINE pred ls_##t(t a, t b) { return (u)a <= (u)b; }                                       \
    INLINE pred hi_##t(t a, t b) { return (u)a > (u)b; }                                        \
    INLINE pred hs_##t(t a, t b) { return (u)a >= (u)b; }
/* False for what is no number, and with a `u` true for it. */
#define COMPARE_FLOAT(t)                                                                        \
    COMPARE(t)                                                                                  \
    INLINE pred ne_##t(t a, t b) { return a < b || a > b; }                                     \
    INLINE pred equ_##t(t a, t b) { return !(a < b || a > b); }                                 \
    INLINE pred neu_##t(t a, t b) { return !(a == b); }                                         \
    INLINE pred ltu_##t(t a, t b) { return !(a >= b); }                                         \
    INLINE pred leu_##t(t a, t b) { return !(a > b); }                                          \
    INLINE pred gtu_##t(t a, t b) { return !(a <= b); }                                         \
    INLINE pred geu_##t(t a, t b) { return !(a < b); }                                          \
    INLINE pred num_##t(t a, t b) { return a == a && b == b; }                                  \
    INLINE pred nan_##t(t a, t b) { return a != a || b != b; }
EACH_WHOLE(COMPARE_WHOLE) COMPARE_FLOAT(f16) COMPARE_FLOAT(f32) COMPARE_FLOAT(f64)

/* ---- conversions ---- */

/* To the nearest whole number that the type has, and zero for what is no number. */
#define FROM_FLOAT(t, low, high)                                                                \
    INLINE t t##_from_float(f64 x) { return x != x ? 0 : x <= (f64)low ? (t)low : x >= (f64)high ? (t)high : (t)x; }
FROM_FLOAT(u8, 0, UINT8_MAX) FROM_FLOAT(s8, INT8_MIN, INT8_MAX)
FROM_FLOAT(u16, 0, UINT16_MAX) FROM_FLOAT(s16, INT16_MIN, INT16_MAX)
FROM_FLOAT(u32, 0, UINT32_MAX) FROM_FLOAT(s32, INT32_MIN, INT32_MAX)
FROM_FLOAT(u64, 0, UINT64_MAX) FROM_FLOAT(s64, INT64_MIN, INT64_MAX)

/* Whole numbers into the range of another type. */
#define FROM_WHOLE(t, low, high)                                                                \
    INLINE t t##_saturated(__int128 x) { return x < (__int128)low ? (t)low : x > (__int128)high ? (t)high : (t)x; }
FROM_WHOLE(u8, 0, UINT8_MAX) FROM_WHOLE(s8, INT8_MIN, INT8_MAX)
FROM_WHOLE(u16, 0, UINT16_MAX) FROM_WHOLE(s16, INT16_MIN, INT16_MAX)
FROM_WHOLE(u32, 0, UINT32_MAX) FROM_WHOLE(s32, INT32_MIN, INT32_MAX)
FROM_WHOLE(u64, 0, UINT64_MAX) FROM_WHOLE(s64, INT64_MIN, INT64_MAX)

#define CONVERT(mode, t, from)                                                                  \
    INLINE t t##_##mode##_##from(from x) { volatile from a = x; u32 old = round_to(ROUND_##mode); volatile t r = (t)a; round_as(old); return r; }
#define CONVERT_EACH(t, from) CONVERT(rz, t, from) CONVERT(rm, t, from) CONVERT(rp, t, from)
CONVERT_EACH(f32, u32) CONVERT_EACH(f32, s32) CONVERT_EACH(f32, u64) CONVERT_EACH(f32, s64) CONVERT_EACH(f32, f64)
CONVERT_EACH(f64, u64) CONVERT_EACH(f64, s64) CONVERT_EACH(f64, u32) CONVERT_EACH(f64, s32)

/* ---- atomic operations ---- */

#define ATOMIC_FETCH(t)                                                                         \
    INLINE t atomic_add_##t(t *at, t x) { return __atomic_fetch_add(at, x, __ATOMIC_SEQ_CST); } \
    INLINE t atomic_and_##t(t *at, t x) { return __atomic_fetch_and(at, x, __ATOMIC_SEQ_CST); } \
    INLINE t atomic_or_##t(t *at, t x) { return __atomic_fetch_or(at, x, __ATOMIC_SEQ_CST); }   \
    INLINE t atomic_xor_##t(t *at, t x) { return __atomic_fetch_xor(at, x, __ATOMIC_SEQ_CST); } \
    INLINE t atomic_exch_##t(t *at, t x) { return __atomic_exchange_n(at, x, __ATOMIC_SEQ_CST); } \
    INLINE t atomic_cas_##t(t *at, t old, t x)                                                  \
    {                                                                                           \
        __atomic_compare_exchange_n(at, &old, x, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);        \
        return old;                                                                             \
    }
ATOMIC_FETCH(u16) ATOMIC_FETCH(u32) ATOMIC_FETCH(s32) ATOMIC_FETCH(u64) ATOMIC_FETCH(s64)

/* `next` says what stands there afterwards, from what stood there, `old`, and from the operand, `x`. */
#define ATOMIC_LOOP(name, t, u, next)                                                           \
    INLINE t name(t *at, t x)                                                                   \
    {                                                                                           \
        u seen = __atomic_load_n((u *)at, __ATOMIC_RELAXED);                                    \
        for (;;) {                                                                              \
            t old, put;                                                                         \
            u bits;                                                                             \
            memcpy(&old, &seen, sizeof old);                                                    \
            put = (next);                                                                       \
            memcpy(&bits, &put, sizeof bits);                                                   \
            if (__atomic_compare_exchange_n((u *)at, &seen, bits, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) return old; \
        }                                                                                       \
    }
#define ATOMIC_ORDER(t, u)                                                                      \
    ATOMIC_LOOP(atomic_min_##t, t, u, x < old ? x : old)                                        \
    ATOMIC_LOOP(atomic_max_##t, t, u, x > old ? x : old)
ATOMIC_ORDER(u32, u32) ATOMIC_ORDER(s32, u32) ATOMIC_ORDER(u64, u64) ATOMIC_ORDER(s64, u64)
ATOMIC_LOOP(atomic_add_f16, f16, u16, old + x)
ATOMIC_LOOP(atomic_add_f32, f32, u32, old + x)
ATOMIC_LOOP(atomic_add_f64, f64, u64, old + x)
ATOMIC_LOOP(atomic_inc_u32, u32, u32, old >= x ? 0 : old + 1)
ATOMIC_LOOP(atomic_dec_u32, u32, u32, old == 0 || old > x ? x : old - 1)

/* ---- threads that wait for each other ---- */

enum { SHUFFLE_UP, SHUFFLE_DOWN, SHUFFLE_BFLY, SHUFFLE_IDX, VOTE_ALL, VOTE_ANY, VOTE_UNI, VOTE_BALLOT, MATCH_ANY, MATCH_ALL,
       REDUX_ADD, REDUX_MIN_U, REDUX_MAX_U, REDUX_MIN_S, REDUX_MAX_S, REDUX_AND, REDUX_OR, REDUX_XOR, SYNC_WARP, ACTIVE };
enum { REDUCE_NONE, REDUCE_POPC, REDUCE_AND, REDUCE_OR };

INLINE u32 barrier(struct thread *self, u32 site, u32 id, u32 threads, u32 reduction, u32 predicate)
{
    return self->block->services->barrier(self, site, id, threads, reduction, predicate);
}

INLINE u64 warp(struct thread *self, u32 kind, u32 site, u32 mask, u64 value, u32 source, u32 clamp, pred *predicate)
{
    struct exchange exchange = {.kind = kind, .site = site, .mask = mask, .source = source, .clamp = clamp, .value = value};
    self->block->services->exchange(self, &exchange);
    if (predicate) *predicate = (pred)exchange.predicate;
    return exchange.result;
}

/* ---- the rest ---- */

INLINE u64 clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (u64)now.tv_sec * 1000000000u + (u64)now.tv_nsec;
}

/* What `assert` of device code calls. */
OUTLINE void f___assertfail(struct thread *self, void *message, void *file, void *line, void *function, void *size)
{
    (void)size;
    self->block->services->assertion(self, *(const char **)message, *(const char **)file, *(u32 *)line, *(const char **)function);
}
