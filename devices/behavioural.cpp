// Expressions of behavioural devices, evaluated on the rows they are bound to.
#include "devices/behavioural.hpp"

#include <fmt/format.h>

namespace settle {

BoundExpressions::BoundExpressions(const Kind& kind, std::span<const Instance> instances) {
  for (const Instance& instance : instances) {
    if (instance.expressions.size() != 1) throw Error(Fault::netlist, "'" + instance.name + "' (" + kind.name + ") has no expression for its value");
    const BoundExpression& given = instance.expressions[0];
    Bound b{.device = instance.name, .expression = given.expression, .what = {}, .plus = given.plus, .minus = given.minus, .complaint = {}};
    for (const Input& input : b.expression.inputs()) {
      b.what.push_back(input.kind);
      b.depends_on_time = b.depends_on_time || input.kind == Input::Kind::time;
    }
    if (const auto problem = b.expression.not_holomorphic())
      b.complaint = fmt::format("device '{}' ({}) is not complex-differentiable: {} in '{}'; write it with smooth functions, or freeze the "
                                "device, for runs with complex voltages", b.device, kind.name, problem->text, b.expression.text());
    bound_.push_back(std::move(b));
  }
}

void BoundExpressions::scale(Index k, double factor, double celsius) {
  Bound& b = bound_[static_cast<std::size_t>(k)];
  b.factor = factor;
  b.celsius = celsius;
}

template <Scalar S>
const std::vector<S>& BoundExpressions::inputs(const Bound& b, const Block<S>& x, const Moment& now, Index sample) {
  if (!std::same_as<S, double> && !b.complaint.empty()) throw Error(Fault::simulation, b.complaint);
  thread_local std::vector<S> values;
  values.resize(b.what.size());
  for (std::size_t j = 0; j < b.what.size(); ++j) switch (b.what[j]) {
      case Input::Kind::time: values[j] = now.t; break;
      case Input::Kind::temperature: values[j] = b.celsius; break;
      case Input::Kind::frequency: values[j] = 0.0; break;
      default: values[j] = x(b.plus[j], sample) - x(b.minus[j], sample);
    }
  return values;
}

template <Scalar S>
const std::vector<S>& BoundExpressions::slopes(const Bound& b, const Block<S>& x, const Moment& now, Index sample) {
  thread_local std::vector<S> derivatives;
  const std::vector<S>& values = inputs(b, x, now, sample);
  derivatives.resize(values.size());
  b.expression.template gradient<S>(values, derivatives);
  for (S& d : derivatives) d *= b.factor;
  return derivatives;
}

template <Scalar S>
S BoundExpressions::value(Index k, const Block<S>& x, const Moment& now, Index sample) const {
  const Bound& b = bound(k);
  return b.factor * b.expression.template eval<S>(inputs(b, x, now, sample));
}

template <Scalar S>
void BoundExpressions::add_slopes(Index k, Index row, double sign, const Block<S>& x, const Moment& now, Stamps<S>& J) const {
  const Bound& b = bound(k);
  const std::vector<S>& d = slopes(b, x, now, 0);
  for (std::size_t j = 0; j < b.plus.size(); ++j) {
    if (b.plus[j] < 0) continue;
    const S slope = finite(d[j]) ? sign * d[j] : S{};  // sqrt(v) at v = 0: no slope is one an iteration can leave with
    J.add(row, b.plus[j], slope);
    if (b.minus[j] != Rows::ground) J.add(row, b.minus[j], -slope);
  }
}

template <Scalar S>
S BoundExpressions::time_slope(Index k, const Block<S>& x, const Moment& now, Index sample) const {
  const Bound& b = bound(k);
  if (!b.depends_on_time) return S{};
  const std::vector<S>& d = slopes(b, x, now, sample);
  S sum{};
  for (std::size_t j = 0; j < d.size(); ++j)
    if (b.what[j] == Input::Kind::time) sum += d[j];
  return sum;
}

Complex BoundExpressions::small(Index k, const Block<double>& rest, const Moment& now, const Block<Complex>& small) const {
  const Bound& b = bound(k);
  const std::vector<double>& d = slopes(b, rest, now, 0);
  Complex sum{};
  for (std::size_t j = 0; j < d.size(); ++j)
    if (b.plus[j] >= 0) sum += d[j] * (small(b.plus[j], 0) - small(b.minus[j], 0));
  return sum;
}

std::string BoundExpressions::undefined(Index k, const Block<double>& x, const Moment& now, Index sample) const {
  const Bound& b = bound(k);
  const auto problem = b.expression.locate_nan(inputs(b, x, now, sample));
  if (!problem) return {};
  return fmt::format("device '{}': {} at t = {:.9g} s, in '{}'; keep the argument inside the function's domain, for instance with max() or limit()",
                     b.device, problem->text, now.t, b.expression.text());
}

std::vector<Index> BoundExpressions::reads(Index k) const {
  std::vector<Index> rows;
  for (std::size_t j = 0; j < bound(k).plus.size(); ++j) {
    if (bound(k).plus[j] < 0) continue;
    rows.push_back(bound(k).plus[j]);
    if (bound(k).minus[j] != Rows::ground) rows.push_back(bound(k).minus[j]);
  }
  return rows;
}

#define SETTLE_INSTANCE(S)                                                                                                              \
  template S BoundExpressions::value(Index, const Block<S>&, const Moment&, Index) const;                                              \
  template void BoundExpressions::add_slopes(Index, Index, double, const Block<S>&, const Moment&, Stamps<S>&) const;                  \
  template S BoundExpressions::time_slope(Index, const Block<S>&, const Moment&, Index) const;
SETTLE_INSTANCE(double)
SETTLE_INSTANCE(Complex)
#undef SETTLE_INSTANCE

BehaviouralKind::BehaviouralKind(const std::string& kind_name, const std::string& what, Branch::Tie tie, bool multiplies) {
  name = kind_name;
  help = what;
  terminals = {"p", "n"};
  branches = {{tie, 0, 1}};
  fields = {{"tc1", "1/K", "linear temperature coefficient of the value", 0.0},
            {"tc2", "1/K^2", "quadratic temperature coefficient of the value", 0.0},
            {"temp", "degC", "temperature of this device; by default that of the circuit plus dtemp"},
            {"dtemp", "K", "temperature above that of the circuit", 0.0}};
  if (multiplies) fields.push_back({"m", "", "identical devices in parallel", 1.0, 0.0});
  holomorphy = Holomorphy::piecewise;
}

}  // namespace settle
