// Factors of matrices with lines: the chains of one family eliminated exactly, an iteration on what is left, repeated on the true residual until
// that is as small as rounding.
#include <optional>

#include "sim/factors.hpp"
#include "sim/krylov.hpp"
#include "sim/line_values.hpp"

namespace settle {
namespace {

constexpr int rounds = 6;              // of refinement
constexpr int most_iterations = 400;   // of one round: about as long as a direct factorization takes from 64 x 64 crossings on
constexpr int without_coarse = 20;     // of these, before a coarse grid helps
constexpr double wanted = 1e-13;       // of an iteration, relative to its right side
constexpr double repeated = 1e-3;      // of the iterations of further rounds
constexpr double accepted = 1e-12;     // of the true residual, relative to the right side
constexpr double rounding = 4e-15;     // of the true residual, relative to the terms it is a sum of

/// b - A x of all equations, and |b| + |A| |x|.
template <Scalar S>
struct Residual {
  Vector<S> r;
  Vector<double> terms;

  void set(const Pattern& pattern, const Vector<S>& values, const S* b, const Vector<S>& x) {
    r = Eigen::Map<const Vector<S>>(b, pattern.size);
    terms = r.cwiseAbs();
    for (Index j = 0; j < pattern.size; ++j)
      for (int e = pattern.start[j]; e < pattern.start[j + 1]; ++e) {
        const S term = values[e] * x[j];
        r[pattern.row[e]] -= term;
        terms[pattern.row[e]] += std::abs(term);
      }
  }
};

template <Scalar S>
class LineFactors : public Factors<S> {
 public:
  LineFactors(const Pattern& pattern, std::shared_ptr<const LineLayout> layout)
      : pattern_(pattern), layout_(std::move(layout)), matrix_(layout_) {}

  bool factor(const Vector<S>& values) override {
    given_ = &values;
    transposed_.reset();
    if (!matrix_.load(values)) return false;
    if constexpr (std::same_as<S, double>)
      if (matrix_.symmetric() && !matrix_.positive()) return false;
    return true;
  }

  bool solve(S* b, Index columns) override {
    for (Index k = 0; k < columns; ++k)
      if (!solve_one(b + k * pattern_.size)) return false;
    return true;
  }

  bool solve_transposed(S* b, Index columns) override {
    if (matrix_.symmetric()) return solve(b, columns);
    if (!transposed_) transposed_ = std::make_unique<Transposed>(pattern_, *given_);
    return transposed_->usable && transposed_->factors.solve(b, columns);
  }

  std::unique_ptr<Factors<S>> another() const override { return std::make_unique<LineFactors>(pattern_, layout_); }
  long iterations() const override { return iterations_; }

 private:
  struct Transposed;

  bool solve_one(S* b) {
    Vector<S> x = Vector<S>::Zero(pattern_.size), dx(pattern_.size);
    residual_.r = Eigen::Map<Vector<S>>(b, pattern_.size);
    double target = 0.0, before = INFINITY;
    for (int n = 0; n < rounds; ++n) {
      if (!correct(residual_.r, dx, target)) return false;
      x += dx;
      residual_.set(pattern_, *given_, b, x);
      if (!residual_.r.allFinite()) return false;
      if (small(b)) {
        Eigen::Map<Vector<S>>(b, pattern_.size) = x;
        return true;
      }
      const double now = residual_.r.norm();
      if (now > 0.5 * before) return false;
      before = now;
    }
    return false;
  }

  /// True if every equation outside of lines holds to rounding or relative to its right side, and those along lines do in the norm: all of these
  /// are currents.
  bool small(const S* b) const {
    double r = 0.0, right = 0.0, terms = 0.0;
    for (Index u = 0; u < pattern_.size; ++u) {
      const double size = std::abs(residual_.r[u]);
      const int place = layout_->place[u];
      if (place >= 0 && place < layout_->a_count + layout_->b_count) {
        r += size * size;
        right += std::norm(b[u]);
        terms += residual_.terms[u] * residual_.terms[u];
      } else if (size > std::max(accepted * std::abs(b[u]), 1e-13 * residual_.terms[u])) {
        return false;
      }
    }
    return std::sqrt(r) <= std::max(accepted * std::sqrt(right), rounding * std::sqrt(terms));
  }

  /// dx = about the solution with the right side r; false if the iteration fails.
  bool correct(const Vector<S>& r, Vector<S>& dx, double& target) {
    const LineLayout& l = *layout_;
    const Index na = l.a_count;
    const bool all = !l.separable();
    a_.resize(na);
    space_.r.resize(l.rest_count + (all ? na : 0));
    S* rest = space_.r.data() + (all ? na : 0);
    matrix_.gather(r.data(), a_.data(), rest);
    if (all) {
      space_.r.head(na) = a_;
    } else {
      matrix_.solve_a(a_.data());
      matrix_.subtract_from_rest(a_.data(), rest);
    }
    const double norm = space_.r.norm();
    target = target == 0.0 ? wanted * norm : std::min(target, repeated * norm);
    y_.setZero(space_.r.size());
    if (!(all ? iterate_all(target) : iterate_rest(target))) return false;
    if (all)
      a_ = y_.head(na);
    else
      substitute_a();
    matrix_.scatter(a_.data(), y_.data() + (all ? na : 0), r.data(), dx.data());
    return true;
  }

  /// The rest, the first family eliminated.
  bool iterate_rest(double target) {
    scratch_.resize(layout_->a_count);
    auto times = [this](const Vector<S>& x, Vector<S>& y) { matrix_.times_eliminated(x.data(), y.data(), scratch_.data()); };
    auto precondition = [this](Vector<S>& x) { matrix_.solve_rest(x.data()); };
    return iterate(times, precondition, target);
  }

  void substitute_a() {
    scratch_.setZero();
    matrix_.subtract_from_a(y_.data(), scratch_.data());
    matrix_.solve_a(scratch_.data());
    a_ += scratch_;
  }

  /// Both families, where the chains of the first are coupled with each other.
  bool iterate_all(double target) {
    const Index na = layout_->a_count;
    auto times = [this, na](const Vector<S>& x, Vector<S>& y) {
      matrix_.times_a(x.data(), y.data());
      matrix_.add_to_a(x.data() + na, y.data());
      matrix_.times_rest(x.data() + na, y.data() + na);
      matrix_.add_to_rest(x.data(), y.data() + na);
    };
    auto precondition = [this, na](Vector<S>& x) {
      matrix_.solve_a(x.data());
      matrix_.subtract_from_rest(x.data(), x.data() + na);
      matrix_.solve_rest(x.data() + na);
      a_.setZero();
      matrix_.subtract_from_a(x.data() + na, a_.data());
      matrix_.solve_a(a_.data());
      x.head(na) += a_;
    };
    return iterate(times, precondition, target);
  }

  template <class Times, class Precondition>
  bool iterate(Times times, Precondition precondition, double target) {
    auto run = [&](int most) {
      const KrylovLimits limits{target, most};
      const KrylovOutcome outcome = matrix_.symmetric() ? conjugate_gradients<S>(times, precondition, space_, y_, limits)
                                                        : bicgstab<S>(times, precondition, space_, y_, limits);
      iterations_ += outcome.iterations;
      return outcome.end;
    };
    KrylovEnd end = run(without_coarse);
    if (end == KrylovEnd::slow) {
      matrix_.refine();
      end = run(most_iterations);
    }
    return end == KrylovEnd::converged;
  }

  const Pattern& pattern_;
  std::shared_ptr<const LineLayout> layout_;
  LineValues<S> matrix_;
  const Vector<S>* given_ = nullptr;
  Residual<S> residual_;
  KrylovSpace<S> space_;
  Vector<S> a_, y_, scratch_;
  std::unique_ptr<Transposed> transposed_;
  long iterations_ = 0;
};

/// The same matrix with rows and columns exchanged.
template <Scalar S>
struct LineFactors<S>::Transposed {
  Vector<S> values;  // filled with the pattern
  Pattern pattern;
  LineFactors<S> factors;
  bool usable;

  Transposed(const Pattern& given, const Vector<S>& v)
      : pattern(exchange(given, v, values)), factors(pattern, std::make_shared<const LineLayout>(pattern)), usable(factors.factor(values)) {}

  static Pattern exchange(const Pattern& given, const Vector<S>& v, Vector<S>& values) {
    Pattern p{.size = given.size, .start = std::vector<int>(static_cast<std::size_t>(given.size) + 1, 0), .row = {}, .lines = given.lines};
    for (int i : given.row) ++p.start[i + 1];
    for (Index j = 0; j < p.size; ++j) p.start[j + 1] += p.start[j];
    std::vector<int> next(p.start.begin(), p.start.end() - 1);
    p.row.resize(given.row.size());
    values.resize(v.size());
    for (int j = 0; j < given.size; ++j)
      for (int e = given.start[j]; e < given.start[j + 1]; ++e) {
        const int to = next[given.row[e]]++;
        p.row[to] = j;
        values[to] = v[e];
      }
    return p;
  }
};

}  // namespace

template <Scalar S>
std::unique_ptr<Factors<S>> line_factors(const Pattern& pattern) {
  return std::make_unique<LineFactors<S>>(pattern, std::make_shared<const LineLayout>(pattern));
}
template std::unique_ptr<Factors<double>> line_factors<double>(const Pattern&);
template std::unique_ptr<Factors<Complex>> line_factors<Complex>(const Pattern&);

}  // namespace settle
