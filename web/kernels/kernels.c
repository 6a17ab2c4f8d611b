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

INLINE Four all(float x) { return wasm_f32x4_splat(x); }
INLINE Four add(Four a, Four b) { return wasm_f32x4_add(a, b); }
INLINE Four sub(Four a, Four b) { return wasm_f32x4_sub(a, b); }
INLINE Four mul(Four a, Four b) { return wasm_f32x4_mul(a, b); }

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

/* e^x by 2^n e^r with |r| <= ln(2)/2 and e^r as its Taylor polynomial: relative error 2e-7. */
INLINE Four exponential(Four x) {
  x = wasm_f32x4_pmin(wasm_f32x4_pmax(x, all(-87.0f)), all(88.0f));
  Four n = wasm_f32x4_nearest(mul(x, all(1.44269504f)));
  Four r = sub(sub(x, mul(n, all(0.693359375f))), mul(n, all(-2.12194440e-4f)));
  Four p = all(1.0f / 5040);
  p = add(mul(p, r), all(1.0f / 720));
  p = add(mul(p, r), all(1.0f / 120));
  p = add(mul(p, r), all(1.0f / 24));
  p = add(mul(p, r), all(1.0f / 6));
  p = add(mul(p, r), all(0.5f));
  p = add(mul(p, r), all(1.0f));
  p = add(mul(p, r), all(1.0f));
  Four exponent = wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127));
  return mul(p, wasm_i32x4_shl(exponent, 23));
}

INLINE Four sigmoid(Four x) {
  return wasm_f32x4_div(all(1), add(all(1), exponential(wasm_f32x4_neg(x))));
}

INLINE Four tanh_(Four x) {
  return sub(mul(all(2), sigmoid(add(x, x))), all(1));
}

INLINE float sum_of(Four x) {
  return wasm_f32x4_extract_lane(x, 0) + wasm_f32x4_extract_lane(x, 1) +
         wasm_f32x4_extract_lane(x, 2) + wasm_f32x4_extract_lane(x, 3);
}

/* The matrix product: C (m, n) = A (m, k) times B (k, n), or C += A B.

   B is packed first: cut into panels of 8 columns, each panel's rows one after the other, so that
   the inner loop reads it straight through. A tile of 4 rows and 8 columns of C stays in registers
   while k runs. With more than BLOCK rows of B, the product is added up block by block, as a panel
   shall stay in the fastest cache. A may be strided: A[i, p] is a[i * a_row + p * a_column]. */

enum { PANEL = 8, BLOCK = 256 };

/* Bytes of `packed` for B (k, n): 4 k times n rounded up to a multiple of 8. */
void EXPORT(pack)(int k, int n, const float *b, int b_row, int b_column, float *packed) {
  for (int start = 0; start < k; start += BLOCK) {
    int end = start + BLOCK < k ? start + BLOCK : k;
    for (int j = 0; j < n; j += PANEL) {
      int columns = n - j < PANEL ? n - j : PANEL;
      for (int p = start; p < end; p++, packed += PANEL) {
        const float *row = b + p * b_row + j * b_column;
        if (b_column == 1 && columns == PANEL) {
          wasm_v128_store(packed, wasm_v128_load(row));
          wasm_v128_store(packed + 4, wasm_v128_load(row + 4));
        } else {
          for (int c = 0; c < PANEL; c++) packed[c] = c < columns ? row[c * b_column] : 0;
        }
      }
    }
  }
}

/* Store, or add to, the first `columns` of 8. */
INLINE void store_row(float *c, Four low, Four high, int columns, int more) {
  if (columns >= 8) {
    wasm_v128_store(c, more ? add(wasm_v128_load(c), low) : low);
    wasm_v128_store(c + 4, more ? add(wasm_v128_load(c + 4), high) : high);
    return;
  }
  for (int j = 0; j < columns; j++) {
    Four x = j < 4 ? low : high;
    c[j] = (more ? c[j] : 0) + wasm_f32x4_extract_lane(x, 0);
    Four next = wasm_i32x4_shuffle(x, x, 1, 2, 3, 0);
    if (j < 4)
      low = next;
    else
      high = next;
  }
}

/* `rows` is a constant, so the compiler keeps the sums in registers. */
INLINE void tile(int rows, int k, const float *a, int a_row, int a_column, const float *panel,
                 float *c, int c_row, int columns, int more) {
  Four low[4], high[4];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) low[i] = high[i] = all(0);
  for (int p = 0; p < k; p++, a += a_column, panel += PANEL) {
    Four b_low = wasm_v128_load(panel), b_high = wasm_v128_load(panel + 4);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      Four x = wasm_v128_load32_splat(a + i * a_row);
      low[i] = add(low[i], mul(x, b_low));
      high[i] = add(high[i], mul(x, b_high));
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) store_row(c + i * c_row, low[i], high[i], columns, more);
}

/* Called by the cells too, each time step: one copy of it is enough. */
__attribute__((noinline)) void EXPORT(product)(int m, int k, int n, const float *a, int a_row,
                                               int a_column, const float *packed, float *c,
                                               int more) {
  for (int start = 0; start < k; start += BLOCK, more = 1) {
    int depth = k - start < BLOCK ? k - start : BLOCK;
    const float *part = a + start * a_column;
    for (int j = 0; j < n; j += PANEL, packed += PANEL * depth) {
      int i = 0;
      for (; i + 4 <= m; i += 4)
        tile(4, depth, part + i * a_row, a_row, a_column, packed, c + i * n + j, n, n - j, more);
      for (; i < m; i++)
        tile(1, depth, part + i * a_row, a_row, a_column, packed, c + i * n + j, n, n - j, more);
    }
  }
}

/* cells.rnn_forward. h (T+1, B, H), its first entry given; x (T, B, H) holds the projected input
   with both biases, and becomes what is passed to tanh. */
void EXPORT(rnn_forward)(int T, int B, int H, const float *packed, float *x, float *h) {
  int size = B * H;
  for (int t = 0; t < T; t++, x += size, h += size) {
    product(B, H, H, h, H, 1, packed, x, 1);
    float *next = h + size;
#define STEP(i, width) put(next + i, tanh_(get(x + i, width)), width)
    FOR_FOURS(i, size, STEP);
#undef STEP
  }
}

/* cells.rnn_backward. da (T, B, H) is what it returns; dh (B, H) comes with the state's gradient
   and goes with that of the first state. `packed` holds W_hh itself. */
void EXPORT(rnn_backward)(int T, int B, int H, const float *packed, const float *h,
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
   (T, B, 3, H) and product_n (T, B, H) are the cache. */
void EXPORT(gru_forward)(int T, int B, int H, const float *packed, const float *bias_hh,
                         const float *x, float *u, float *h, float *gates, float *product_n) {
  int size = B * H;
  for (int t = 0; t < T; t++) {
    product(B, H, 3 * H, h, H, 1, packed, u, 0);
    for (int b = 0; b < B; b++) {
      const float *ub = u + b * 3 * H, *before = h + b * H;
      float *next = h + size + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four ur = add(get(ub + j, width), get(bias_hh + j, width));                                    \
    Four uz = add(get(ub + H + j, width), get(bias_hh + H + j, width));                            \
    Four un = add(get(ub + 2 * H + j, width), get(bias_hh + 2 * H + j, width));                    \
    Four r = sigmoid(add(get(x + j, width), ur));                                                  \
    Four z = sigmoid(add(get(x + H + j, width), uz));                                              \
    Four n = tanh_(add(get(x + 2 * H + j, width), mul(r, un)));                                    \
    put(gates + j, r, width), put(gates + H + j, z, width), put(gates + 2 * H + j, n, width);      \
    put(product_n + j, un, width);                                                                 \
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
void EXPORT(gru_backward)(int T, int B, int H, const float *packed, const float *h,
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

/* cells.lstm_forward. x (T, B, 4, H) holds the projected input with both biases, and becomes the
   gates; h, c (T+1, B, H); tanh_c (T, B, H). */
void EXPORT(lstm_forward)(int T, int B, int H, const float *packed, float *x, float *h, float *c,
                          float *tanh_c) {
  int size = B * H;
  for (int t = 0; t < T; t++, h += size) {
    product(B, H, 4 * H, h, H, 1, packed, x, 1);
    for (int b = 0; b < B; b++, x += 4 * H, c += H, tanh_c += H) {
      float *next_h = h + size + b * H, *next_c = c + size;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four i = sigmoid(get(x + j, width)), f = sigmoid(get(x + H + j, width));                       \
    Four g = tanh_(get(x + 2 * H + j, width)), o = sigmoid(get(x + 3 * H + j, width));             \
    Four memory = add(mul(f, get(c + j, width)), mul(i, g)), shown = tanh_(memory);                \
    put(x + j, i, width), put(x + H + j, f, width);                                                \
    put(x + 2 * H + j, g, width), put(x + 3 * H + j, o, width);                                    \
    put(next_c + j, memory, width), put(tanh_c + j, shown, width);                                 \
    put(next_h + j, mul(o, shown), width);                                                         \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
  }
}

/* cells.lstm_backward. da (T, B, 4, H); dh, dc (B, H) as in rnn_backward. */
void EXPORT(lstm_backward)(int T, int B, int H, const float *packed, const float *c,
                           const float *gates, const float *tanh_c, const float *dhidden, float *da,
                           float *dh, float *dc) {
  for (int t = T - 1; t >= 0; t--) {
    for (int b = 0; b < B; b++) {
      int row = t * B + b;
      const float *x = gates + row * 4 * H, *before = c + row * H, *shown = tanh_c + row * H;
      const float *from_above = dhidden + row * H;
      float *a = da + row * 4 * H, *d = dh + b * H, *dm = dc + b * H;
#define STEP(j, width)                                                                             \
  do {                                                                                             \
    Four i = get(x + j, width), f = get(x + H + j, width);                                         \
    Four g = get(x + 2 * H + j, width), o = get(x + 3 * H + j, width), s = get(shown + j, width);  \
    Four dy = add(get(from_above + j, width), get(d + j, width));                                  \
    Four dmemory = add(get(dm + j, width), mul(mul(dy, o), sub(all(1), mul(s, s))));               \
    put(a + j, mul(mul(dmemory, g), mul(i, sub(all(1), i))), width);                               \
    put(a + H + j, mul(mul(dmemory, get(before + j, width)), mul(f, sub(all(1), f))), width);      \
    put(a + 2 * H + j, mul(mul(dmemory, i), sub(all(1), mul(g, g))), width);                       \
    put(a + 3 * H + j, mul(mul(dy, s), mul(o, sub(all(1), o))), width);                            \
    put(dm + j, mul(dmemory, f), width);                                                           \
  } while (0)
      FOR_FOURS(j, H, STEP);
#undef STEP
    }
    product(B, 4 * H, H, da + t * B * 4 * H, 4 * H, 1, packed, dh, 0);
  }
}

/* network.cross_entropy. logits (N, V) becomes its gradient. scores (N, 2) is filled with what the
   loss is made of: a target's logit and the sum of exponentials, both less the highest logit. */
void EXPORT(cross_entropy)(int N, int V, float *logits, const int64_t *targets, float *scores) {
  for (int row = 0; row < N; row++, logits += V) {
    float highest = logits[0];
    for (int j = 1; j < V; j++) highest = logits[j] > highest ? logits[j] : highest;
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

/* network.look_up: out (N, k) = table[ids] + bias, table (V, k). */
void EXPORT(gather)(int N, int k, const float *table, const int64_t *ids, const float *bias,
                    float *out) {
  for (int n = 0; n < N; n++, out += k) {
    const float *row = table + (int)ids[n] * k;
#define STEP(j, width) put(out + j, add(get(row + j, width), get(bias + j, width)), width)
    FOR_FOURS(j, k, STEP);
#undef STEP
  }
}

/* linalg.add_rows: total[ids[n]] += rows[n], rows (N, k). Without ids it is linalg.column_sums:
   total (k,) += every row. */
void EXPORT(scatter)(int N, int k, const float *rows, const int64_t *ids, float *total) {
  for (int n = 0; n < N; n++, rows += k) {
    float *sum = total + (ids ? (int)ids[n] * k : 0);
#define STEP(j, width) put(sum + j, add(get(sum + j, width), get(rows + j, width)), width)
    FOR_FOURS(j, k, STEP);
#undef STEP
  }
}

/* optimizers.adam_update, for n weights. */
void EXPORT(adam)(int n, float *parameter, const float *gradient, float *mean, float *square,
                  float rate, float scale) {
#define STEP(i, width)                                                                             \
  do {                                                                                             \
    Four g = get(gradient + i, width), m = get(mean + i, width), s = get(square + i, width);       \
    m = add(m, mul(all(0.1f), sub(g, m)));                                                         \
    s = add(s, mul(all(0.001f), sub(mul(g, g), s)));                                               \
    put(mean + i, m, width), put(square + i, s, width);                                            \
    Four size = add(mul(wasm_f32x4_sqrt(s), all(scale)), all(1e-8f));                    \
    Four move = wasm_f32x4_div(mul(all(rate), m), size);                                           \
    put(parameter + i, sub(get(parameter + i, width), move), width);                               \
  } while (0)
  FOR_FOURS(i, n, STEP);
#undef STEP
}
