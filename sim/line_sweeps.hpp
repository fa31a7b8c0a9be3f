// Sweeps along many chains at once: tridiagonal factors and solves on vectors sorted by LineLayout. A tridiagonal matrix with the diagonal d, the
// entries u_p = (p, p + 1) and l_p = (p + 1, p) becomes e_p = 1 / (d_p - l_{p-1} e_{p-1} u_{p-1}); e, u and l are all a solve needs.
#pragma once

#include "sim/line_layout.hpp"

namespace settle {

/// u and l of a family, both at the place of p; l is u if symmetric.
template <Scalar S>
struct Chains {
  const S* next = nullptr;
  const S* previous = nullptr;
};

constexpr Index chains_at_once = 8;  // independent recurrences hide each other's latency

/// Chains that lie in one piece each, `Width` of them from `at` on; `inverse` holds d and then e.
template <int Width, Scalar S>
void factor_pieces(const LineGroup& g, Index at, const Chains<S>& m, S* inverse) {
  S e[Width] = {}, link[Width] = {};
  for (Index p = 0; p < g.length; ++p)
    for (int c = 0; c < Width; ++c) {
      const Index k = at + c * g.stride + p;
      inverse[k] = e[c] = 1.0 / (inverse[k] - link[c] * e[c]);
      link[c] = m.next[k] * m.previous[k];
    }
}

template <int Width, Scalar S>
void solve_pieces(const LineGroup& g, Index at, const Chains<S>& m, const S* inverse, S* x) {
  S y[Width] = {}, link[Width] = {};
  for (Index p = 0; p < g.length; ++p)
    for (int c = 0; c < Width; ++c) {
      const Index k = at + c * g.stride + p;
      x[k] = y[c] = inverse[k] * (x[k] - link[c] * y[c]);
      link[c] = m.previous[k];
    }
  for (int c = 0; c < Width; ++c) y[c] = S(0.0);
  for (Index p = g.length; p-- > 0;)
    for (int c = 0; c < Width; ++c) {
      const Index k = at + c * g.stride + p;
      x[k] = y[c] = x[k] - inverse[k] * m.next[k] * y[c];
    }
}

/// Calls work(width, place of the first chain) until all chains of the group are done.
template <class Work>
void each_piece(const LineGroup& g, Work work) {
  Index c = 0;
  for (; c + chains_at_once <= g.chains; c += chains_at_once) work(std::integral_constant<int, chains_at_once>{}, g.offset + c * g.stride);
  for (; c < g.chains; ++c) work(std::integral_constant<int, 1>{}, g.offset + c * g.stride);
}

/// Chains side by side.
template <Scalar S>
void factor_side_by_side(const LineGroup& g, const Chains<S>& m, S* inverse) {
  for (Index p = 0; p < g.length; ++p) {
    const Index at = g.offset + p * g.stride;
    S* __restrict__ e = inverse + at;
    if (p > 0) {
      const S *before = e - g.stride, *u = m.next + at - g.stride, *l = m.previous + at - g.stride;
      for (Index c = 0; c < g.chains; ++c) e[c] -= l[c] * u[c] * before[c];
    }
    for (Index c = 0; c < g.chains; ++c) e[c] = 1.0 / e[c];
  }
}

template <Scalar S>
void solve_side_by_side(const LineGroup& g, const Chains<S>& m, const S* inverse, S* x) {
  const Index first = g.offset;
  for (Index c = 0; c < g.chains; ++c) x[first + c] *= inverse[first + c];
  for (Index p = 1; p < g.length; ++p) {
    const Index at = first + p * g.stride;
    S* __restrict__ y = x + at;
    const S* __restrict__ before = x + at - g.stride;
    const S *e = inverse + at, *l = m.previous + at - g.stride;
    for (Index c = 0; c < g.chains; ++c) y[c] = e[c] * (y[c] - l[c] * before[c]);
  }
  for (Index p = g.length - 1; p-- > 0;) {
    const Index at = first + p * g.stride;
    S* __restrict__ y = x + at;
    const S* __restrict__ after = x + at + g.stride;
    const S *e = inverse + at, *u = m.next + at;
    for (Index c = 0; c < g.chains; ++c) y[c] -= e[c] * u[c] * after[c];
  }
}

/// y_a += Sign v x_b over the pairs.
template <int Sign, Scalar S>
void add_pairs_to_a(const std::vector<LineRun>& runs, const S* values, const S* x, S* y) {
  for (const LineRun& run : runs) {
    const S* v = values + run.first;
    const S* from = x + run.b;
    S* __restrict__ to = y + run.a;
    if (run.a_step && run.b_step)
      for (int t = 0; t < run.count; ++t) to[t] += double(Sign) * v[t] * from[t];
    else if (run.a_step)
      for (int t = 0; t < run.count; ++t) to[t] += double(Sign) * v[t] * *from;
    else
      for (int t = 0; t < run.count; ++t) *to += double(Sign) * v[t] * from[t];
  }
}

/// The same from a to b.
template <int Sign, Scalar S>
void add_pairs_to_b(const std::vector<LineRun>& runs, const S* values, const S* x, S* y) {
  for (const LineRun& run : runs) {
    const S* v = values + run.first;
    const S* from = x + run.a;
    S* __restrict__ to = y + run.b;
    if (run.a_step && run.b_step)
      for (int t = 0; t < run.count; ++t) to[t] += double(Sign) * v[t] * from[t];
    else if (run.b_step)
      for (int t = 0; t < run.count; ++t) to[t] += double(Sign) * v[t] * *from;
    else
      for (int t = 0; t < run.count; ++t) *to += double(Sign) * v[t] * from[t];
  }
}

}  // namespace settle
