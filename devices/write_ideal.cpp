// Ideal write: every change exactly as asked, without bounds: what learning rules are derived for.
#include "devices/write.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace settle {
namespace {

class IdealWriter final : public Writer {
 public:
  explicit IdealWriter(std::size_t count) : count_(count) {}

  std::size_t count() const override { return count_; }
  bool pulsed() const override { return false; }
  std::array<double, 2> range(std::size_t) const override { return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()}; }
  bool stuck(std::size_t) const override { return false; }
  double mean_step(std::size_t, double, bool) const override { return 0.0; }
  void start(std::span<double>) override {}
  void rest(std::span<double>, double, int) override {}

  WriteTally write(std::span<double> g, std::span<const double> change, std::uint64_t, int) override {
    if (g.size() != count_ || change.size() != count_) throw std::logic_error("a writer is for one conductance and one request a device");
    std::transform(g.begin(), g.end(), change.begin(), g.begin(), std::plus<>());
    return {};
  }
  WriteTally pulse(std::span<double>, std::span<const int>, std::uint64_t, int) override { throw std::logic_error("an ideal write has no pulses"); }

 private:
  std::size_t count_;
};

class Ideal final : public WriteModel {
 public:
  Ideal() {
    name = "ideal";
    help = "g <- g + the change asked, exactly; no bounds, not even zero";
  }
  std::unique_ptr<Writer> make(const WriteValues&, std::size_t count, const WriteKey&) const override { return std::make_unique<IdealWriter>(count); }
};

const Registered<WriteModel, Ideal> registered("ideal");

}  // namespace
}  // namespace settle
