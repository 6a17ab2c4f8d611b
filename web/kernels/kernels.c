/* SIMD kernels for the arrays that NumPy keeps in Pyodide's memory.

   Each function computes what a NumPy function of rnn_pkg defines (named beside it), on float32
   arrays in C order. The module has no memory of its own: it is instantiated on Pyodide's, its
   arguments are addresses there, and it uses no stack, static data or allocation. Whatever room it
   needs is an argument. All of it is checked against NumPy in tests/kernels.

   Letters for sizes, as in rnn_pkg: T steps, B texts at once, H hidden units, V characters. */

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name
#define INLINE static inline __attribute__((always_inline))

typedef v128_t Four; /* four floats */

/* Browsers make a constant anew wherever it stands, loop or not, and the compiler writes it wherever
   it is used. Of what comes out of an instruction, though an empty one, it can only keep a copy. */
INLINE Four all(float x) {
  Four four = wasm_f32x4_splat(x);
  __asm__("" : "+r"(four));
  return four;
}

INLINE Four add(Four a, Four b) { return wasm_f32x4_add(a, b); }
INLINE Four sub(Four a, Four b) { return wasm_f32x4_sub(a, b); }
INLINE Four mul(Four a, Four b) { return wasm_f32x4_mul(a, b); }

/* a b + c; with relaxed SIMD mostly one instruction, which rounds once instead of twice. */
INLINE Four mul_add(Four a, Four b, Four c) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(a, b, c);
#else
  return add(mul(a, b), c);
#endif
}

/* Rows are walked in fours, and what is left over one by one with the same code: `width` is 4 or 1,
   a constant wherever these are inlined. */
INLINE Four get(const float *at, int width) {
  return width == 4 ? wasm_v128_load(at) : wasm_v128_load32_zero(at);
}

INLINE void put(float *at, Four x, int width) {
  if (width == 4)
    wasm_v128_store(at, x);
  else
    wasm_v128_store32_lane(at, x, 0);
}

#define FOR_FOURS(i, n, body)                                                                      \
  do {                                                                                             \
    int i = 0;                                                                                     \
    for (; i + 4 <= (n); i += 4) body(i, 4);                                                       \
    for (; i < (n); i++) body(i, 1);                                                               \
  } while (0)

/* 2^x = 2^n 2^f with n whole and |f| <= 1/2. Adding 3 * 2^22 rounds x to n and leaves n in the
   lowest bits, from where it is added to the exponent of 2^f. That is a minimax polynomial with a
   relative error of 1e-7, its terms summed in pairs that don't wait for one another. */
INLINE Four power_of_two(Four x) {
  x = wasm_f32x4_pmin(wasm_f32x4_pmax(x, all(-126)), all(126));
  Four rounder = all(12582912), rounded = add(x, rounder);
  Four f = sub(x, sub(rounded, rounder)), square = mul(f, f);
  Four p01 = mul_add(f, all(0.6931470036f), all(1));
  Four p23 = mul_add(f, all(0.0555073358f), all(0.2402224243f));
  Four p45 = mul_add(f, all(0.0013264727f), all(0.0096715130f));
  Four power = mul_add(square, mul_add(square, p45, p23), p01);
  return wasm_i32x4_add(power, wasm_i32x4_shl(rounded, 23));
}

#define LOG2_E 1.44269504f

INLINE Four exponential(Four x) { return power_of_two(mul(x, all(LOG2_E))); }

INLINE Four sigmoid(Four x) {
  return wasm_f32x4_div(all(1), add(all(1), power_of_two(mul(x, all(-LOG2_E)))));
}

/* 1 - 2 / (1 + e^2x) */
INLINE Four tanh_(Four x) {
  Four power = power_of_two(mul(x, all(2 * LOG2_E)));
  return sub(all(1), wasm_f32x4_div(all(2), add(all(1), power)));
}

INLINE float sum_of(Four x) {
  return wasm_f32x4_extract_lane(x, 0) + wasm_f32x4_extract_lane(x, 1) +
         wasm_f32x4_extract_lane(x, 2) + wasm_f32x4_extract_lane(x, 3);
}

INLINE float highest_of(Four x) {
  x = wasm_f32x4_pmax(x, wasm_i32x4_shuffle(x, x, 2, 3, 0, 1));
  x = wasm_f32x4_pmax(x, wasm_i32x4_shuffle(x, x, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(x, 0);
}

/* The matrix product: C (m, n) = A (m, k) times B (k, n), or C += A B.

   Both are packed first: A is cut into strips of 4 rows, B into panels of 8 columns, and what each
   step of k needs of a strip or a panel lies side by side. So the inner loop reads straight on,
   however the matrices were strided, and a tile of 4 rows and 8 columns of C stays in registers.
   B is packed by `pack`, since it often serves several products; A here, so many rows at a time as
   stay in the fastest cache. With more than DEPTH steps of k, C is added up part by part, so that a
   panel stays there too. Strips and panels at the edge are filled up with zeros.

   Strides are in floats: A[i, p] is a[i * a_row + p * a_column]. */

enum { STRIP = 4, PANEL = 8, DEPTH = 256, ROWS = 32 };

INLINE Four four_of(const float *at, int stride) {
  if (stride == 1) return wasm_v128_load(at);
  return wasm_f32x4_make(at[0], at[stride], at[2 * stride], at[3 * stride]);
}

/* Turn four rows of four, `across` from one another, into columns: rows `along` from one another. */
INLINE void turn(const float *from, int across, float *to, int along) {
  Four a = wasm_v128_load(from), b = wasm_v128_load(from + across);
  Four c = wasm_v128_load(from + 2 * across), d = wasm_v128_load(from + 3 * across);
  Four ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), more_ab = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
  Four cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), more_cd = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
  wasm_v128_store(to, wasm_i64x2_shuffle(ab, cd, 0, 2));
  wasm_v128_store(to + along, wasm_i64x2_shuffle(ab, cd, 1, 3));
  wasm_v128_store(to + 2 * along, wasm_i64x2_shuffle(more_ab, more_cd, 0, 2));
  wasm_v128_store(to + 3 * along, wasm_i64x2_shuffle(more_ab, more_cd, 1, 3));
}

/* Pack `width` lines, `across` from one another, as if there were `full` (a constant, 4 or 8). */
INLINE void pack_lines(int depth, int width, int full, const float *from, int along, int across,
                       float *to) {
  int p = 0;
  if (width >= full && along == 1) {
    for (; p + 4 <= depth; p += 4, from += 4, to += 4 * full)
      for (int i = 0; i < full; i += 4) turn(from + i * across, across, to + i, full);
  }
  for (; p < depth; p++, from += along, to += full) {
    if (width >= full) {
      wasm_v128_store(to, four_of(from, across));
      if (full == PANEL) wasm_v128_store(to + 4, four_of(from + 4 * across, across));
    } else {
      for (int i = 0; i < full; i++) to[i] = i < width ? from[i * across] : 0;
    }
  }
}

/* `packed` has ROWS * DEPTH floats of room for strips of A, and k times n (rounded up to a multiple
   of 8) for B. */
void EXPORT(pack)(int k, int n, const float *b, int b_row, int b_column, float *packed) {
  packed += ROWS * DEPTH;
  for (int start = 0; start < k; start += DEPTH) {
    int depth = k - start < DEPTH ? k - start : DEPTH;
    const float *part = b + start * b_row;
    for (int j = 0; j < n; j += PANEL, packed += PANEL * depth)
      pack_lines(depth, n - j, PANEL, part + j * b_column, b_row, b_column, packed);
  }
}

/* Store, or add to, the first `count` of four; all of them if there are more. */
INLINE void store(float *c, Four x, int count, int more) {
  if (count >= 4) {
    wasm_v128_store(c, more ? add(wasm_v128_load(c), x) : x);
  } else {
    if (count > 0) c[0] = (more ? c[0] : 0) + wasm_f32x4_extract_lane(x, 0);
    if (count > 1) c[1] = (more ? c[1] : 0) + wasm_f32x4_extract_lane(x, 1);
    if (count > 2) c[2] = (more ? c[2] : 0) + wasm_f32x4_extract_lane(x, 2);
  }
}

/* The compiler keeps the 8 sums in registers. */
INLINE void tile(int depth, const float *strip, const float *panel, float *c, int c_row, int rows,
                 int columns, int more) {
  Four low[STRIP], high[STRIP];
#pragma clang loop unroll(full)
  for (int i = 0; i < STRIP; i++) low[i] = high[i] = all(0);
#pragma clang loop unroll(disable)
  for (int p = 0; p < depth; p++, strip += STRIP, panel += PANEL) {
    Four b_low = wasm_v128_load(panel), b_high = wasm_v128_load(panel + 4);
#pragma clang loop unroll(full)
    for (int i = 0; i < STRIP; i++) {
      Four a = wasm_v128_load32_splat(strip + i);
      low[i] = mul_add(a, b_low, low[i]);
      high[i] = mul_add(a, b_high, high[i]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < STRIP; i++) {
    if (i >= rows) continue;
    store(c + i * c_row, low[i], columns, more);
    store(c + i * c_row + 4, high[i], columns - 4, more);
  }
}

/* Called by the cells too, each time step: one copy of it is enough. */
__attribute__((noinline)) void EXPORT(product)(int m, int k, int n, const float *a, int a_row,
                                               int a_column, float *packed, float *c, int more) {
  float *strips = packed;
  packed += ROWS * DEPTH;
  for (int start = 0; start < k; start += DEPTH, more = 1) {
    int depth = k - start < DEPTH ? k - start : DEPTH;
    const float *part = a + start * a_column;
    for (int top = 0; top < m; top += ROWS) {
      int end = m < top + ROWS ? m : top + ROWS;
      float *strip = strips;
      for (int i = top; i < end; i += STRIP, strip += STRIP * depth)
        pack_lines(depth, end - i, STRIP, part + i * a_row, a_column, a_row, strip);
      const float *panel = packed;
      for (int j = 0; j < n; j += PANEL, panel += PANEL * depth) {
        strip = strips;
        for (int i = top; i < end; i += STRIP, strip += STRIP * depth)
          tile(depth, strip, panel, c + i * n + j, n, end - i, n - j, more);
      }
    }
    packed += (n + PANEL - 1) / PANEL * PANEL * depth;
  }
}

/* What a gate makes its value of: its share of the product with h, of the bias and of the input. */
INLINE Four argument(const float *product, const float *bias, const float *x, int width) {
  return add(add(get(product, width), get(bias, width)), get(x, width));
}

/* cells.rnn_forward. h (T+1, B, H), its first entry given; x (T, B, H) projected, with bias_ih. */
void EXPORT(rnn_forward)(int T, int B, int H, float *packed, const float *bias_hh, const float *x,
                         float *h) {
  for (int t = 0; t < T; t++) {
    float *next = h + B * H;
    product(B, H, H, h, H, 1, packed, next, 0);
    for (int b = 0; b < B; b++, x += H, next += H) {
#define STEP(j, width) put(next + j, tanh_(argument(next + j, bias_hh + j, x + j, width)), width)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
    h += B * H;
  }
}

/* cells.rnn_backward. da (T, B, H) is what it returns; dh (B, H) comes with the state's gradient
   and goes with that of the first state. `packed` holds W_hh itself. */
void EXPORT(rnn_backward)(int T, int B, int H, float *packed, const float *h,
                          const float *dhidden, float *da, float *dh) {
  int size = B * H;
  for (int t = T - 1; t >= 0; t--) {
    const float *now = h + (t + 1) * size, *from_above = dhidden + t * size;
    float *out = da + t * size;
#define STEP(i, width)                                                                             \
  do {                                                                                             \
    Four y = get(now + i, width);                                                                  \
    Four d = add(get(from_above + i, width), get(dh + i, width));                                  \
    put(out + i, mul(d, sub(all(1), mul(y, y))), width);                                           \
  } while (0)
    FOR_FOURS(i, size, STEP);
#undef STEP
    product(B, H, H, out, H, 1, packed, dh, 0);
  }
}

/* cells.gru_forward. x (T, B, 3, H) projected, with bias_ih; u (B, 3, H) is room; gates
   (T, B, 3, H) and product_n (T, B, H) are the cache.

   Here and below, what follows from other gates is computed in a loop of its own. The less one unit
   takes in a loop, the more units a processor has under way, while each waits for its last result. */
void EXPORT(gru_forward)(int T, int B, int H, float *packed, const float *bias_hh,
                         const float *x, float *u, float *h, float *gates, float *product_n) {
  int size = B * H;
  for (int t = 0; t < T; t++) {
    product(B, H, 3 * H, h, H, 1, packed, u, 0);
    for (int b = 0; b < B; b++) {
      const float *ub = u + b * 3 * H, *before = h + b * H;
      float *next = h + size + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four r = argument(ub + j, bias_hh + j, x + j, width);                                          \
    Four z = argument(ub + H + j, bias_hh + H + j, x + H + j, width);                              \
    put(gates + j, sigmoid(r), width), put(gates + H + j, sigmoid(z), width);                      \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four r = get(gates + j, width), z = get(gates + H + j, width);                                 \
    Four un = add(get(ub + 2 * H + j, width), get(bias_hh + 2 * H + j, width));                    \
    Four n = tanh_(add(get(x + 2 * H + j, width), mul(r, un)));                                    \
    put(gates + 2 * H + j, n, width), put(product_n + j, un, width);                               \
    put(next + j, add(n, mul(z, sub(get(before + j, width), n))), width);                          \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
      x += 3 * H, gates += 3 * H, product_n += H;
    }
    h += size;
  }
}

/* cells.gru_backward. da, du (T, B, 3, H): with respect to the projected input, and to the product
   with h_{t-1}. `packed` holds W_hh itself. */
void EXPORT(gru_backward)(int T, int B, int H, float *packed, const float *h,
                          const float *gates, const float *product_n, const float *dhidden,
                          float *da, float *du, float *dh) {
  for (int t = T - 1; t >= 0; t--) {
    for (int b = 0; b < B; b++) {
      int row = t * B + b;
      const float *g = gates + row * 3 * H, *un = product_n + row * H, *before = h + row * H;
      const float *from_above = dhidden + row * H;
      float *a = da + row * 3 * H, *v = du + row * 3 * H, *d = dh + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four r = get(g + j, width), z = get(g + H + j, width), n = get(g + 2 * H + j, width);          \
    Four dy = add(get(from_above + j, width), get(d + j, width));                                  \
    Four keep = sub(all(1), z);                                                                    \
    Four dn = mul(mul(dy, keep), sub(all(1), mul(n, n)));                                          \
    Four dz = mul(mul(dy, sub(get(before + j, width), n)), mul(z, keep));                          \
    Four dr = mul(mul(dn, get(un + j, width)), mul(r, sub(all(1), r)));                            \
    put(a + j, dr, width), put(a + H + j, dz, width), put(a + 2 * H + j, dn, width);               \
    put(v + j, dr, width), put(v + H + j, dz, width), put(v + 2 * H + j, mul(dn, r), width);       \
    put(d + j, mul(dy, z), width);                                                                 \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
    product(B, 3 * H, H, du + t * B * 3 * H, 3 * H, 1, packed, dh, 1);
  }
}

/* cells.lstm_forward, and cells.peephole_forward where its gates see the cell, a constant: then p
   (3, H) is the weight_peephole. x (T, B, 4, H) projected, with bias_ih; gates (T, B, 4, H), h and
   c (T+1, B, H), tanh_c (T, B, H) are the cache. */
INLINE void forward_of_lstm(int sees, int T, int B, int H, float *packed, const float *bias_hh,
                            const float *p, const float *x, float *gates, float *h, float *c,
                            float *tanh_c) {
  int size = B * H;
  for (int t = 0; t < T; t++, h += size) {
    product(B, H, 4 * H, h, H, 1, packed, gates, 0);
    for (int b = 0; b < B; b++, x += 4 * H, gates += 4 * H, c += H, tanh_c += H) {
      float *next_h = h + size + b * H, *next_c = c + size;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four i = argument(gates + j, bias_hh + j, x + j, width);                                       \
    Four f = argument(gates + H + j, bias_hh + H + j, x + H + j, width);                           \
    Four g = argument(gates + 2 * H + j, bias_hh + 2 * H + j, x + 2 * H + j, width);               \
    Four before = get(c + j, width);                                                               \
    if (sees) i = add(i, mul(get(p + j, width), before));                                          \
    if (sees) f = add(f, mul(get(p + H + j, width), before));                                      \
    i = sigmoid(i), f = sigmoid(f), g = tanh_(g);                                                  \
    put(gates + j, i, width), put(gates + H + j, f, width), put(gates + 2 * H + j, g, width);      \
    put(next_c + j, add(mul(f, before), mul(i, g)), width);                                        \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four o = argument(gates + 3 * H + j, bias_hh + 3 * H + j, x + 3 * H + j, width);               \
    Four memory = get(next_c + j, width), shown = tanh_(memory);                                   \
    if (sees) o = add(o, mul(get(p + 2 * H + j, width), memory));                                  \
    o = sigmoid(o);                                                                                \
    put(gates + 3 * H + j, o, width), put(tanh_c + j, shown, width);                               \
    put(next_h + j, mul(o, shown), width);                                                         \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
  }
}

void EXPORT(lstm_forward)(int T, int B, int H, float *packed, const float *bias_hh, const float *x,
                          float *gates, float *h, float *c, float *tanh_c) {
  forward_of_lstm(0, T, B, H, packed, bias_hh, 0, x, gates, h, c, tanh_c);
}

void EXPORT(peephole_forward)(int T, int B, int H, float *packed, const float *bias_hh,
                              const float *p, const float *x, float *gates, float *h, float *c,
                              float *tanh_c) {
  forward_of_lstm(1, T, B, H, packed, bias_hh, p, x, gates, h, c, tanh_c);
}

/* cells.lstm_backward and cells.peephole_backward. da (T, B, 4, H); dh, dc (B, H) as in
   rnn_backward. What p's gradient is, is added to dp (3, H). */
INLINE void backward_of_lstm(int sees, int T, int B, int H, float *packed, const float *p,
                             const float *c, const float *gates, const float *tanh_c,
                             const float *dhidden, float *da, float *dh, float *dc, float *dp) {
  for (int t = T - 1; t >= 0; t--) {
    for (int b = 0; b < B; b++) {
      int row = t * B + b;
      const float *x = gates + row * 4 * H, *shown = tanh_c + row * H;
      const float *before = c + row * H, *now = before + B * H, *from_above = dhidden + row * H;
      float *a = da + row * 4 * H, *d = dh + b * H, *dm = dc + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four i = get(x + j, width), f = get(x + H + j, width), memory = get(before + j, width);        \
    Four g = get(x + 2 * H + j, width), o = get(x + 3 * H + j, width), s = get(shown + j, width);  \
    Four dy = add(get(from_above + j, width), get(d + j, width));                                  \
    Four dmemory = add(get(dm + j, width), mul(mul(dy, o), sub(all(1), mul(s, s))));               \
    Four d_o = mul(mul(dy, s), mul(o, sub(all(1), o)));                                            \
    if (sees) dmemory = add(dmemory, mul(get(p + 2 * H + j, width), d_o));                         \
    Four di = mul(mul(dmemory, g), mul(i, sub(all(1), i)));                                        \
    Four df = mul(mul(dmemory, memory), mul(f, sub(all(1), f)));                                   \
    Four dbefore = mul(dmemory, f);                                                                \
    if (sees) {                                                                                    \
      dbefore = add(dbefore, mul(get(p + j, width), di));                                          \
      dbefore = add(dbefore, mul(get(p + H + j, width), df));                                      \
      put(dp + j, add(get(dp + j, width), mul(di, memory)), width);                                \
      put(dp + H + j, add(get(dp + H + j, width), mul(df, memory)), width);                        \
      Four seen = mul(d_o, get(now + j, width));                                                   \
      put(dp + 2 * H + j, add(get(dp + 2 * H + j, width), seen), width);                           \
    }                                                                                              \
    put(a + j, di, width), put(a + H + j, df, width);                                              \
    put(a + 2 * H + j, mul(mul(dmemory, i), sub(all(1), mul(g, g))), width);                       \
    put(a + 3 * H + j, d_o, width), put(dm + j, dbefore, width);                                   \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
    product(B, 4 * H, H, da + t * B * 4 * H, 4 * H, 1, packed, dh, 0);
  }
}

void EXPORT(lstm_backward)(int T, int B, int H, float *packed, const float *c, const float *gates,
                           const float *tanh_c, const float *dhidden, float *da, float *dh,
                           float *dc) {
  backward_of_lstm(0, T, B, H, packed, 0, c, gates, tanh_c, dhidden, da, dh, dc, 0);
}

void EXPORT(peephole_backward)(int T, int B, int H, float *packed, const float *p, const float *c,
                               const float *gates, const float *tanh_c, const float *dhidden,
                               float *da, float *dh, float *dc, float *dp) {
  backward_of_lstm(1, T, B, H, packed, p, c, gates, tanh_c, dhidden, da, dh, dc, dp);
}

/* cells.coupled_forward, as lstm_forward, but with x and gates (T, B, 3, H). */
void EXPORT(coupled_forward)(int T, int B, int H, float *packed, const float *bias_hh,
                             const float *x, float *gates, float *h, float *c, float *tanh_c) {
  int size = B * H;
  for (int t = 0; t < T; t++, h += size) {
    product(B, H, 3 * H, h, H, 1, packed, gates, 0);
    for (int b = 0; b < B; b++, x += 3 * H, gates += 3 * H, c += H, tanh_c += H) {
      float *next_h = h + size + b * H, *next_c = c + size;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four f = sigmoid(argument(gates + j, bias_hh + j, x + j, width));                              \
    Four g = tanh_(argument(gates + H + j, bias_hh + H + j, x + H + j, width));                    \
    put(gates + j, f, width), put(gates + H + j, g, width);                                        \
    put(next_c + j, add(g, mul(f, sub(get(c + j, width), g))), width);                             \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four o = sigmoid(argument(gates + 2 * H + j, bias_hh + 2 * H + j, x + 2 * H + j, width));      \
    Four shown = tanh_(get(next_c + j, width));                                                    \
    put(gates + 2 * H + j, o, width), put(tanh_c + j, shown, width);                               \
    put(next_h + j, mul(o, shown), width);                                                         \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
  }
}

/* cells.coupled_backward. da (T, B, 3, H); dh, dc (B, H) as in rnn_backward. */
void EXPORT(coupled_backward)(int T, int B, int H, float *packed, const float *c,
                              const float *gates, const float *tanh_c, const float *dhidden,
                              float *da, float *dh, float *dc) {
  for (int t = T - 1; t >= 0; t--) {
    for (int b = 0; b < B; b++) {
      int row = t * B + b;
      const float *x = gates + row * 3 * H, *before = c + row * H, *shown = tanh_c + row * H;
      const float *from_above = dhidden + row * H;
      float *a = da + row * 3 * H, *d = dh + b * H, *dm = dc + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four f = get(x + j, width), g = get(x + H + j, width), o = get(x + 2 * H + j, width);          \
    Four s = get(shown + j, width), forgotten = sub(all(1), f);                                    \
    Four dy = add(get(from_above + j, width), get(d + j, width));                                  \
    Four dmemory = add(get(dm + j, width), mul(mul(dy, o), sub(all(1), mul(s, s))));               \
    Four change = sub(get(before + j, width), g);                                                  \
    put(a + j, mul(mul(dmemory, change), mul(f, forgotten)), width);                               \
    put(a + H + j, mul(mul(dmemory, forgotten), sub(all(1), mul(g, g))), width);                   \
    put(a + 2 * H + j, mul(mul(dy, s), mul(o, sub(all(1), o))), width);                            \
    put(dm + j, mul(dmemory, f), width);                                                           \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
    product(B, 3 * H, H, da + t * B * 3 * H, 3 * H, 1, packed, dh, 0);
  }
}

/* loss.cross_entropy. logits (N, V) becomes its gradient. scores (N, 2) is filled with what the
   loss is made of: a target's logit and the sum of exponentials, both less the highest logit. */
void EXPORT(cross_entropy)(int N, int V, float *logits, const int64_t *targets, float *scores) {
  for (int row = 0; row < N; row++, logits += V) {
    Four top = all(logits[0]);
#define STEP(j, width)                                                                             \
  top = wasm_f32x4_pmax(top, width == 4 ? get(logits + j, 4) : all(logits[j]))
    FOR_FOURS(j, V, STEP);
#undef STEP
    float highest = highest_of(top);
    float score = logits[targets[row]] - highest;
    Four total = all(0);
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    put(logits + j, exponential(sub(get(logits + j, width), all(highest))), width);                \
    total = add(total, get(logits + j, width)); /* what it doesn't read counts as 0 */             \
  } while (0)
    FOR_FOURS(j, V, STEP);
#undef STEP
    float sum = sum_of(total), scale = 1.0f / (sum * (float)N);
#define STEP(j, width) put(logits + j, mul(get(logits + j, width), all(scale)), width)
    FOR_FOURS(j, V, STEP);
#undef STEP
    logits[targets[row]] -= 1.0f / (float)N;
    scores[2 * row] = score, scores[2 * row + 1] = sum;
  }
}

/* The transpose of a (m, n). */
void EXPORT(transpose)(int m, int n, const float *a, float *turned) {
  for (int i = 0; i < m; i += 4) {
    for (int j = 0; j < n; j += 4) {
      if (i + 4 <= m && j + 4 <= n) {
        turn(a + i * n + j, n, turned + j * m + i, m);
        continue;
      }
      for (int row = i; row < m && row < i + 4; row++)
        for (int column = j; column < n && column < j + 4; column++)
          turned[column * m + row] = a[row * n + column];
    }
  }
}

/* linalg.look_up: out (N, k) = table[ids] + bias. The table (V + 1, k) ends with a row for -1. */
void EXPORT(gather)(int N, int V, int k, const float *table, const int64_t *ids, const float *bias,
                    float *out) {
  for (int n = 0; n < N; n++, out += k) {
    const float *row = table + (ids[n] < 0 ? V : (int)ids[n]) * k;
#define STEP(j, width) put(out + j, add(get(row + j, width), get(bias + j, width)), width)
    FOR_FOURS(j, k, STEP);
#undef STEP
  }
}

/* linalg.look_up_gradients: total[ids[n]] += rows[n], rows (N, k), total as the table of `gather`.
   Without ids it is linalg.column_sums: total (k,) += every row. */
void EXPORT(scatter)(int N, int V, int k, const float *rows, const int64_t *ids, float *total) {
  for (int n = 0; n < N; n++, rows += k) {
    float *sum = total + (ids ? (ids[n] < 0 ? V : (int)ids[n]) * k : 0);
#define STEP(j, width) put(sum + j, add(get(sum + j, width), get(rows + j, width)), width)
    FOR_FOURS(j, k, STEP);
#undef STEP
  }
}

/* optimizers.sum_of_squares, of n numbers, added up in double precision. */
double EXPORT(squares)(int n, const float *x) {
  v128_t total = wasm_f64x2_splat(0), more = total;
#define STEP(i, width)                                                                             \
  do {                                                                                             \
    Four y = get(x + i, width), square = mul(y, y);                                                \
    Four others = wasm_i32x4_shuffle(square, square, 2, 3, 0, 1);                                  \
    total = wasm_f64x2_add(total, wasm_f64x2_promote_low_f32x4(square));                           \
    more = wasm_f64x2_add(more, wasm_f64x2_promote_low_f32x4(others));                             \
  } while (0)
  FOR_FOURS(i, n, STEP);
#undef STEP
  total = wasm_f64x2_add(total, more);
  return wasm_f64x2_extract_lane(total, 0) + wasm_f64x2_extract_lane(total, 1);
}

/* optimizers.adam_update, for n weights. */
void EXPORT(adam)(int n, float *parameter, const float *gradient, float *mean, float *square,
                  float rate, float scale) {
#define STEP(i, width)                                                                             \
  do {                                                                                             \
    Four g = get(gradient + i, width), m = get(mean + i, width), s = get(square + i, width);       \
    m = add(m, mul(all(0.1f), sub(g, m)));                                                         \
    s = add(s, mul(all(0.01f), sub(mul(g, g), s)));                                                \
    put(mean + i, m, width), put(square + i, s, width);                                            \
    Four size = add(mul(wasm_f32x4_sqrt(s), all(scale)), all(1e-8f));                              \
    Four move = wasm_f32x4_div(mul(all(rate), m), size);                                           \
    put(parameter + i, sub(get(parameter + i, width), move), width);                               \
  } while (0)
  FOR_FOURS(i, n, STEP);
#undef STEP
}

/* optimizers.move_towards, for n weights. */
void EXPORT(approach)(int n, float *average, const float *value, float weight) {
#define STEP(i, width)                                                                             \
  do {                                                                                             \
    Four a = get(average + i, width);                                                              \
    put(average + i, mul_add(all(weight), sub(get(value + i, width), a), a), width);               \
  } while (0)
  FOR_FOURS(i, n, STEP);
#undef STEP
}
