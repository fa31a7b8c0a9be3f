// Current source: i(t) flows from its plus node through the source to its minus node.
#include "devices/independent.hpp"
#include "devices/two_terminal.hpp"

namespace settle {
namespace {

class CurrentSources final : public TwoTerminal<CurrentSources> {
 public:
  CurrentSources(const Kind& kind, std::span<const Instance> instances, const Environment& environment)
      : TwoTerminal(kind, instances, environment), source_(instances.begin(), instances.end()) {
    for (Index k = 0; k < count(); ++k) dc_.push_back(0.0), m_.push_back(1.0), derive(k);
  }
  bool linear() const override { return true; }

  template <Scalar S>
  void rate(const Block<S>&, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k) add(k, amperes(k, now), f);
  }
  template <Scalar S>
  void jacobian(const Block<S>&, const Moment&, Stamps<S>&) const {}
  template <Scalar S>
  void time_slope(const Block<S>&, const Moment& now, Block<S>& f) const {
    for (Index k = 0; k < count(); ++k) add(k, m_[index(k)] * source_[index(k)].slope(now), f);
  }

  bool add_pullback(std::size_t field, const Block<double>&, const Moment&, const Block<double>& lambda, double* gradient) const override { return pullback(field, lambda, gradient); }
  bool add_pullback(std::size_t field, const Block<Complex>&, const Moment&, const Block<Complex>& lambda, Complex* gradient) const override { return pullback(field, lambda, gradient); }

  void add_small_signal(Block<Complex>&, Block<Complex>& rates) const override {
    for (Index k = 0; k < count(); ++k) add(k, m_[index(k)] * source_[index(k)].amplitude(), rates);
  }
  double next_breakpoint(double t) const override { return settle::next_breakpoint(source_, t); }
  double shortest_period() const override { return settle::shortest_period(source_); }

  template <Scalar S>
  S current(Index k, const Solution<S>& at, Index) const {
    return amperes(k, at.moment());
  }
  Complex small_current(Index k, const Solution<double>&, const Solution<Complex>&) const { return m_[index(k)] * source_[index(k)].amplitude(); }

 private:
  static std::size_t index(Index k) { return static_cast<std::size_t>(k); }
  double amperes(Index k, const Moment& now) const { return m_[index(k)] * source_[index(k)].value(dc_[index(k)], now); }
  template <class I, Scalar S>
  void add(Index k, const I& i, Block<S>& f) const {
    f.row(plus(k)).array() -= S(i);
    f.row(minus(k)).array() += S(i);
  }
  template <Scalar S>
  bool pullback(std::size_t field, const Block<S>& lambda, S* gradient) const {
    if (kind().fields[field].name != "dc") return false;
    for (Index k = 0; k < count(); ++k) gradient[k] += m_[index(k)] * (lambda.row(minus(k)).sum() - lambda.row(plus(k)).sum());
    return true;
  }
  void derive(Index k) override {
    dc_[index(k)] = value(k, "dc");
    m_[index(k)] = value(k, "m");
  }

  std::vector<Independent> source_;
  std::vector<double> dc_, m_;
};

class CurrentKind final : public Kind {
 public:
  CurrentKind() {
    name = "current";
    help = "independent current source; positive current flows from p through the source to n";
    letter = 'i';
    terminals = {"p", "n"};
    branches = {{Branch::Tie::current, 0, 1}};
    principal = "dc";
    fields = {{"dc", "A", "value at rest; by default the waveform's at time 0"}, {"m", "", "identical devices in parallel", 1.0, 0.0}};
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows&, const Environment& environment) const override {
    return std::make_unique<CurrentSources>(*this, instances, environment);
  }
};

const Registered<Kind, CurrentKind> registered("current");

}  // namespace
}  // namespace settle
