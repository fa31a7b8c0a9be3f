// Data that are made rather than read, and what every data set goes through.
#include <cmath>
#include <numeric>
#include <set>

#include "tests/learning/task_deck.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

std::vector<double> row(const Eigen::MatrixXd& m, Index k) {
  std::vector<double> values;
  for (Index s = 0; s < m.cols(); ++s) values.push_back(m(k, s));
  return values;
}

bool same(const Samples& a, const Samples& b) { return a.inputs == b.inputs && a.targets == b.targets && a.labels == b.labels; }

/// Samples as a set, by their features.
std::multiset<std::vector<double>> as_set(const Samples& samples) {
  std::multiset<std::vector<double>> all;
  for (Index s = 0; s < samples.count(); ++s) all.insert(std::vector<double>(samples.inputs.col(s).begin(), samples.inputs.col(s).end()));
  return all;
}

}  // namespace

TEST_CASE("xor is the four patterns of two bits and one target that is their exclusive or", "[task]") {
  const DataSet data = data_of("xor");
  CHECK(row(data.train.inputs, 0) == std::vector<double>{0, 0, 1, 1});
  CHECK(row(data.train.inputs, 1) == std::vector<double>{0, 1, 0, 1});
  CHECK(row(data.train.targets, 0) == std::vector<double>{0, 1, 1, 0});
  CHECK(data.targets() == 1);
  CHECK(data.held_out.count() == 0);
}

TEST_CASE("parity holds every pattern once and its target is the sum of bits modulo 2", "[task]") {
  for (const int bits : {1, 3, 8}) {
    const DataSet data = data_of("parity bits=" + std::to_string(bits));
    REQUIRE(data.train.count() == 1 << bits);
    std::set<std::vector<double>> patterns;
    for (Index s = 0; s < data.train.count(); ++s) {
      const Eigen::VectorXd x = data.train.inputs.col(s);
      patterns.insert(std::vector<double>(x.begin(), x.end()));
      CHECK(data.train.targets(0, s) == std::fmod(x.sum(), 2.0));
    }
    CHECK(patterns.size() == static_cast<std::size_t>(data.train.count()));
  }
}

TEST_CASE("two classes are one target of 0 and 1, of -1 and 1, or one target each", "[task]") {
  CHECK(row(data_of("xor encoding=binary").train.targets, 0) == std::vector<double>{0, 1, 1, 0});
  CHECK(row(data_of("xor encoding=sign").train.targets, 0) == std::vector<double>{-1, 1, 1, -1});
  const DataSet onehot = data_of("xor encoding=onehot");
  CHECK(onehot.target_names == std::vector<std::string>{"even", "odd"});
  CHECK(row(onehot.train.targets, 0) == std::vector<double>{1, 0, 0, 1});
  CHECK(row(onehot.train.targets, 1) == std::vector<double>{0, 1, 1, 0});
}

TEST_CASE("a linear teacher without noise is recovered by least squares", "[task]") {
  const DataSet data = data_of("linear inputs=5 outputs=3 samples=60", 7);
  Eigen::MatrixXd x(60, 6);
  x << data.train.inputs.transpose(), Eigen::VectorXd::Ones(60);
  const Eigen::MatrixXd y = data.train.targets.transpose(), weights = x.colPivHouseholderQr().solve(y);
  CHECK((x * weights - y).cwiseAbs().maxCoeff() < 1e-12);  // rounding of 60 x 6, numbers of order 1
  // The same teacher behind other samples: what was found predicts them.
  const DataSet more = data_of("linear inputs=5 outputs=3 samples=200", 7);
  Eigen::MatrixXd other(200, 6);
  other << more.train.inputs.transpose(), Eigen::VectorXd::Ones(200);
  CHECK((other * weights - more.train.targets.transpose()).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("the noise of a linear teacher has the deviation asked for and changes nothing else", "[task]") {
  constexpr Index samples = 20'000;
  const DataSet clean = data_of("linear inputs=2 samples=20000"), noisy = data_of("linear inputs=2 samples=20000 noise=0.1");
  CHECK(clean.train.inputs == noisy.train.inputs);
  const Eigen::ArrayXXd noise = (noisy.train.targets - clean.train.targets).array();
  const double deviation = std::sqrt(noise.square().mean());
  CHECK(std::abs(deviation - 0.1) < 4 * 0.1 / std::sqrt(2.0 * samples));  // 4 standard errors
  CHECK(std::abs(noise.mean()) < 4 * 0.1 / std::sqrt(1.0 * samples));
}

TEST_CASE("clusters lie about their centres, and equal numbers of each", "[task]") {
  const DataSet data = data_of("clusters samples=30000 spread=0.3");
  REQUIRE(data.classes.size() == 3);
  REQUIRE(data.features() == 4);
  for (int k = 0; k < 3; ++k) {
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(4);
    Index count = 0;
    for (Index s = 0; s < data.train.count(); ++s)
      if (data.train.labels[static_cast<std::size_t>(s)] == k) mean += data.train.inputs.col(s), ++count;
    CHECK(count == 10'000);
    const double error = 4 * 0.3 / std::sqrt(1e4);  // 4 standard errors
    for (Index f = 0; f < 4; ++f) CHECK(std::abs(mean[f] / static_cast<double>(count) - (f == k ? 1.0 : 0.0)) < error);
  }
}

TEST_CASE("the same seed makes the same data and another one others", "[task]") {
  for (const char* task : {"linear noise=0.1 held_out=0.3", "clusters held_out=20"}) {
    const DataSet a = data_of(task, 3), b = data_of(task, 3), c = data_of(task, 4);
    CHECK(same(a.train, b.train));
    CHECK(same(a.held_out, b.held_out));
    CHECK(!same(a.train, c.train));
  }
}

TEST_CASE("held-out samples and those for training are all samples, each once", "[task]") {
  const DataSet all = data_of("clusters samples=150"), share = data_of("clusters samples=150 held_out=0.2"), number = data_of("clusters samples=150 held_out=40");
  CHECK(share.held_out.count() == 30);
  CHECK(share.train.count() == 120);
  CHECK(number.held_out.count() == 40);
  auto parts = as_set(share.train);
  parts.merge(as_set(share.held_out));
  CHECK(parts == as_set(all.train));
  CHECK(share.held_out.targets.cols() == 30);
  CHECK(share.held_out.labels.size() == 30);
}

TEST_CASE("limit keeps the first samples", "[task]") {
  const DataSet all = data_of("linear samples=50"), some = data_of("linear samples=50 limit=7");
  CHECK(some.train.count() == 7);
  CHECK(some.samples == 7);
  CHECK(some.train.inputs == all.train.inputs.leftCols(7));
  CHECK(data_of("linear samples=5 limit=7").train.count() == 5);
}

TEST_CASE("chosen classes come in the order they are named", "[task]") {
  const DataSet data = data_of("clusters samples=30 classes=cluster2,cluster0 encoding=sign");
  CHECK(data.classes == std::vector<std::string>{"cluster2", "cluster0"});
  REQUIRE(data.train.count() == 20);
  const DataSet all = data_of("clusters samples=30");
  CHECK(data.train.inputs.col(0) == all.train.inputs.col(0));  // classes take turns: 0, (1), 2
  CHECK(data.train.inputs.col(1) == all.train.inputs.col(2));
  CHECK(data.train.labels[0] == 1);
  CHECK(data.train.labels[1] == 0);
  CHECK(data.train.targets(0, 0) == 1.0);
  CHECK(data.train.targets(0, 1) == -1.0);
  CHECK(data_of("clusters classes=1:2").classes == std::vector<std::string>{"cluster1", "cluster2"});
  CHECK(data_of("clusters classes=(0,2)").classes == std::vector<std::string>{"cluster0", "cluster2"});
}

TEST_CASE("normalized features have the figures promised, from the training samples alone", "[task]") {
  const DataSet raw = data_of("clusters held_out=0.4"), standard = data_of("clusters held_out=0.4 normalize=standard"), unit = data_of("clusters held_out=0.4 normalize=unit");
  const double n = static_cast<double>(raw.train.count());
  for (Index k = 0; k < raw.features(); ++k) {
    const Eigen::ArrayXd x = raw.train.inputs.row(k).transpose().array();
    const double mean = x.mean(), deviation = std::sqrt((x - mean).square().mean());
    CHECK(std::abs(standard.train.inputs.row(k).mean()) < 1e-14 * n);
    CHECK(standard.train.inputs.row(k).squaredNorm() / n == Approx(1.0).epsilon(1e-12));
    for (Index s = 0; s < raw.held_out.count(); ++s) CHECK(standard.held_out.inputs(k, s) == Approx((raw.held_out.inputs(k, s) - mean) / deviation).epsilon(1e-12).margin(1e-12));
  }
  CHECK(unit.train.inputs.cwiseAbs().maxCoeff() == Approx(1.0).epsilon(1e-15));
  const double most = raw.train.inputs.cwiseAbs().maxCoeff();
  CHECK((unit.held_out.inputs * most - raw.held_out.inputs).cwiseAbs().maxCoeff() < 1e-15 * 4);
}

TEST_CASE("a wrong word on a task says what there is", "[task]") {
  CHECK(has(task_error("xro"), "no data source 'xro'; there are cifar, "));
  CHECK(has(task_error(""), "which data?"));
  CHECK(has(task_error("parity bits=40"), "in 1 .. 16"));
  CHECK(has(task_error("linear inputs=1e5 samples=1e7"), "10000000 samples of 100000 features are 1e+12 numbers"));
  CHECK(has(task_error("parity bit=4"), "no option 'bit'; did you mean 'bits'?"));
  CHECK(has(task_error("linear classes=0"), "has none: its targets are numbers"));
  CHECK(has(task_error("clusters classes=cluster7"), "no class 'cluster7'; there are cluster0, cluster1, cluster2; did you mean 'cluster0'?"));
  CHECK(has(task_error("clusters classes=1,1"), "named twice"));
  CHECK(has(task_error("clusters encoding=binary"), "two classes apart, but 3 Gaussian clusters in 4 features has 3"));
  CHECK(has(task_error("clusters encoding=hot"), "unknown encoding=hot; it is onehot, binary, sign"));
  CHECK(has(task_error("clusters held_out=1.5"), "neither a share below 1 nor a whole number"));
  CHECK(has(task_error("clusters samples=9 held_out=9"), "leaves none of 9 samples"));
}

TEST_CASE("decks that ask for the same data share one copy", "[task]") {
  TaskDeck one(".task clusters spread=0.2"), two(".task clusters spread=0.2"), other(".task clusters spread=0.25");
  const auto a = load_task(one.netlist, one.diagnostics), b = load_task(two.netlist, two.diagnostics), c = load_task(other.netlist, other.diagnostics);
  CHECK(a.get() == b.get());
  CHECK(a.get() != c.get());
  CHECK(load_task(one.netlist, one.diagnostics).get() == a.get());
}

TEST_CASE("a deck without a task has no data", "[task]") {
  TaskDeck deck("R1 a 0 1");
  CHECK(load_task(deck.netlist, deck.diagnostics) == nullptr);
  CHECK(!task_outline(deck.netlist, deck.diagnostics));
  CHECK(!deck.diagnostics.has_errors());
}

TEST_CASE("options of a task may be parameters", "[task]") {
  TaskDeck deck(".param n=5 s=20\n.task linear inputs=n samples={2*s}");
  const auto data = load_task(deck.netlist, deck.diagnostics);
  REQUIRE(data);
  CHECK(data->features() == 5);
  CHECK(data->train.count() == 40);
}
