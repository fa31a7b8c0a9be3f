// Differences and Cauchy sums over rest states.
#include "learning/nudging.hpp"

namespace settle {

Nudging nudged_once(const At<double>& at, const Block<double>& rest, double beta, bool centred) {
  const Block<double> there = at(beta), here = centred ? at(-beta) : rest;
  return {(there - here) / (centred ? 2.0 * beta : beta), rest};
}

void each_point(double radius, int points, const std::function<void(Complex beta, double share)>& visit) {
  const Signal circle{.shape = Signal::Shape::points, .beta = radius, .period = 0.0, .points = points};
  for (int k = 0; k < points; ++k) {
    const Complex beta = circle.point(k);
    if (beta.imag() >= 0.0) visit(beta, (beta.imag() > 0.0 ? 2.0 : 1.0) / points);
  }
}

Nudging nudged_around(const At<Complex>& at, double radius, int points) {
  Nudging sum;
  each_point(radius, points, [&](Complex beta, double share) {
    const Block<Complex> x = at(beta);
    if (sum.mean.size() == 0) sum = {Block<double>::Zero(x.rows(), x.cols()), Block<double>::Zero(x.rows(), x.cols())};
    sum.response += (share / beta * x).real();
    sum.mean += share * x.real();
  });
  return sum;
}

}  // namespace settle
