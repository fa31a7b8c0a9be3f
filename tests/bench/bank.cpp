// Speed of device banks: the two memory layouts of a block of samples, and the cost of one device's rate and Jacobian.
#include <chrono>
#include <cstdio>
#include <random>

#include "devices/bank.hpp"
#include "devices/junction.hpp"

using namespace settle;

namespace {

/// Seconds of the fastest of several runs.
template <class Work>
double seconds(Work work) {
  double best = 1e9;
  for (int run = 0; run < 7; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

struct Pair {
  Index a, b;
};

/// What a bank does for devices of two nodes, in any layout: samples are the inner loop.
template <class Matrix, class Current>
void add_rate(const std::vector<Pair>& places, const Matrix& x, Matrix& f, Current current) {
  for (const Pair& p : places)
    for (Index s = 0; s < x.cols(); ++s) {
      const double i = current(x(p.a, s) - x(p.b, s));
      f(p.a, s) -= i;
      f(p.b, s) += i;
    }
}
/// The same with devices as the inner loop, which suits unknowns that lie side by side.
template <class Matrix, class Current>
void add_rate_by_sample(const std::vector<Pair>& places, const Matrix& x, Matrix& f, Current current) {
  for (Index s = 0; s < x.cols(); ++s)
    for (const Pair& p : places) {
      const double i = current(x(p.a, s) - x(p.b, s));
      f(p.a, s) -= i;
      f(p.b, s) += i;
    }
}

template <class Current>
void layouts(const char* name, const std::vector<Pair>& places, Index nodes, Current current) {
  constexpr Index samples = 256;
  using Columns = Eigen::MatrixXd;
  const Block<double> x = 0.5 * Block<double>::Random(nodes, samples);
  const Columns y = x;
  Block<double> f = Block<double>::Zero(nodes, samples);
  Columns g = Columns::Zero(nodes, samples);
  const double side_by_side = seconds([&] { add_rate(places, x, f, current); });
  const double apart = seconds([&] { add_rate_by_sample(places, y, g, current); });
  const double per = 1e9 / (static_cast<double>(places.size()) * samples);
  std::printf("%-28s samples side by side %6.2f ns, unknowns side by side %6.2f ns per device and sample, ratio %.2f\n", name, side_by_side * per,
              apart * per, apart / side_by_side);
}

/// 10,000 devices of one kind between random nodes.
void one_bank(const char* kind_name, const std::map<std::string, double>& values, Index samples) {
  constexpr Index count = 10000;
  const Kind& kind = *Registry<Kind>::find(kind_name);
  std::vector<Row> nodes;
  for (Index k = 0; k <= count; ++k) nodes.push_back({std::string("n"), "V", 1e-6, true, true});
  Rows rows(nodes, 1, {});
  std::mt19937 random(1);
  std::vector<Instance> instances(count);
  for (Index k = 0; k < count; ++k) {
    Instance& instance = instances[static_cast<std::size_t>(k)];
    instance.name = std::string("d");
    instance.values = values;
    for (std::size_t t = 0; t < kind.terminals.size(); ++t) instance.rows.push_back(static_cast<Index>(random() % (count + 1)));
  }
  const auto element = kind.make(instances, rows, {});
  const Block<double> x = 0.5 * Block<double>::Random(rows.count(), samples), first = x.leftCols(1);
  Block<double> f = Block<double>::Zero(rows.count(), samples);
  PlaceRecorder recorder;
  Stamps<double> record(recorder);
  element->add_jacobian(first, {}, record);
  std::vector<int> slots(recorder.places().size());
  for (std::size_t k = 0; k < slots.size(); ++k) slots[k] = static_cast<int>(k);
  std::vector<double> entries(slots.size());
  const double rate = seconds([&] { element->add_rate(x, {}, f); });
  const double jacobian = seconds([&] {
    Stamps<double> fill(slots, 0, entries.data());
    element->add_jacobian(first, {}, fill);
  });
  std::printf("%-12s %4td samples: rate %7.2f ns per device and sample, Jacobian %7.2f ns per device\n", kind_name, samples,
              rate * 1e9 / count / static_cast<double>(samples), jacobian * 1e9 / count);
}

}  // namespace

int main() {
  std::mt19937 random(3);
  std::vector<Pair> scattered, grid;
  for (int k = 0; k < 10000; ++k) scattered.push_back({static_cast<Index>(random() % 10000), static_cast<Index>(random() % 10000)});
  for (Index i = 0; i < 256; ++i)
    for (Index j = 0; j < 256; ++j) grid.push_back({i, 256 + j});
  const JunctionCurrent junction{};
  layouts("10000 scattered diodes", scattered, 10000, [&](double v) { return junction(v); });
  layouts("256x256 grid of conductances", grid, 512, [](double v) { return 1e-3 * v; });
  for (Index samples : {Index(1), Index(256)}) {
    one_bank("resistor", {{"r", 1e3}}, samples);
    one_bank("capacitor", {{"c", 1e-12}}, samples);
    one_bank("diode", {}, samples);
    one_bank("mosfet1", {}, samples);
    one_bank("ekv", {}, samples);
  }
}
