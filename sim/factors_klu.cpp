// Sparse LU by KLU: one analysis per pattern, new values on the old pivots as long as these stay good.
#include <klu.h>

#include <stdexcept>

#include "sim/factors.hpp"

namespace settle {
namespace {

// The same functions for both number types; a complex number is two doubles.
template <Scalar S>
struct Klu;

template <>
struct Klu<double> {
  static constexpr auto factor = klu_factor;
  static constexpr auto refactor = klu_refactor;
  static constexpr auto growth = klu_rgrowth;
  static constexpr auto free_numeric = klu_free_numeric;
  static constexpr auto solve = klu_solve;
  static constexpr auto solve_transposed = klu_tsolve;
};

template <>
struct Klu<Complex> {
  static constexpr auto factor = klu_z_factor;
  static constexpr auto refactor = klu_z_refactor;
  static constexpr auto growth = klu_z_rgrowth;
  static constexpr auto free_numeric = klu_z_free_numeric;
  static constexpr auto solve = klu_z_solve;
  static int solve_transposed(klu_symbolic* symbolic, klu_numeric* numeric, int n, int columns, double* b, klu_common* common) {
    return klu_z_tsolve(symbolic, numeric, n, columns, b, 0, common);  // 0: transposed, not conjugated
  }
};

klu_common defaults() {
  klu_common common;
  klu_defaults(&common);
  return common;
}

std::shared_ptr<klu_symbolic> analyze(const Pattern& pattern) {
  klu_common common = defaults();
  klu_symbolic* symbolic = klu_analyze(static_cast<int>(pattern.size), const_cast<int*>(pattern.start.data()),
                                       const_cast<int*>(pattern.row.data()), &common);
  if (!symbolic) throw std::logic_error("KLU cannot analyze the pattern, status " + std::to_string(common.status));
  return {symbolic, [](klu_symbolic* s) {
            klu_common c = defaults();
            klu_free_symbolic(&s, &c);
          }};
}

template <Scalar S>
class KluFactors : public Factors<S> {
 public:
  KluFactors(const Pattern& pattern, std::shared_ptr<klu_symbolic> symbolic)
      : pattern_(pattern), symbolic_(std::move(symbolic)), common_(defaults()) {}
  KluFactors(const KluFactors&) = delete;
  KluFactors& operator=(const KluFactors&) = delete;
  ~KluFactors() override { forget(); }

  bool factor(const Vector<S>& values) override {
    double* numbers = const_cast<double*>(reinterpret_cast<const double*>(values.data()));
    if (!reuse_pivots(numbers)) choose_pivots(numbers);
    return true;
  }

  bool solve(S* b, Index columns) override {
    Klu<S>::solve(symbolic_.get(), numeric_, size(), static_cast<int>(columns), reinterpret_cast<double*>(b), &common_);
    return true;
  }
  bool solve_transposed(S* b, Index columns) override {
    Klu<S>::solve_transposed(symbolic_.get(), numeric_, size(), static_cast<int>(columns), reinterpret_cast<double*>(b), &common_);
    return true;
  }

  std::unique_ptr<Factors<S>> another() const override { return std::make_unique<KluFactors>(pattern_, symbolic_); }

 private:
  // Old pivots may have become so small that the factors are noise although KLU reports success: the growth tells.
  static constexpr double worse_growth = 1e-3;

  int size() const { return static_cast<int>(pattern_.size); }
  int* start() const { return const_cast<int*>(pattern_.start.data()); }
  int* row() const { return const_cast<int*>(pattern_.row.data()); }

  bool reuse_pivots(double* numbers) {
    if (!numeric_) return false;
    if (!Klu<S>::refactor(start(), row(), numbers, symbolic_.get(), numeric_, &common_) || common_.status != KLU_OK) return false;
    return growth(numbers) > worse_growth * fresh_growth_;
  }

  void choose_pivots(double* numbers) {
    forget();
    numeric_ = Klu<S>::factor(start(), row(), numbers, symbolic_.get(), &common_);
    if (!numeric_ || common_.status != KLU_OK) {
      forget();
      throw SingularMatrix(common_.singular_col, "the matrix is singular");
    }
    fresh_growth_ = growth(numbers);
  }

  double growth(double* numbers) {
    Klu<S>::growth(start(), row(), numbers, symbolic_.get(), numeric_, &common_);
    return common_.rgrowth;
  }

  void forget() {
    if (numeric_) Klu<S>::free_numeric(&numeric_, &common_);
    numeric_ = nullptr;
  }

  const Pattern& pattern_;
  std::shared_ptr<klu_symbolic> symbolic_;
  klu_common common_;
  klu_numeric* numeric_ = nullptr;
  double fresh_growth_ = 0.0;
};

}  // namespace

template <Scalar S>
std::unique_ptr<Factors<S>> klu_factors(const Pattern& pattern) {
  return std::make_unique<KluFactors<S>>(pattern, analyze(pattern));
}
template std::unique_ptr<Factors<double>> klu_factors<double>(const Pattern&);
template std::unique_ptr<Factors<Complex>> klu_factors<Complex>(const Pattern&);

}  // namespace settle
