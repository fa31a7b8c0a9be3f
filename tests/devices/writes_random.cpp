// Write models as populations: laws of their noise and spread, and numbers that depend on seed, element, device and step alone.
#include <cmath>

#include "tests/devices/writes.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

constexpr std::size_t many = 100'000;

std::vector<double> written(Writer& writer, double change, std::uint64_t step = 0, int threads = 1, double from = 2.0) {
  std::vector<double> g(writer.count(), from);
  writer.write(g, std::vector<double>(writer.count(), change), step, threads);
  return g;
}

std::vector<double> steps(const Writer& writer, double g, bool up) {
  std::vector<double> all;
  for (std::size_t k = 0; k < writer.count(); ++k) all.push_back(writer.mean_step(k, g, up));
  return all;
}

std::vector<double> logarithms(std::vector<double> x) {
  for (double& value : x) value = std::log(value);
  return x;
}

/// Files for the models that need one.
std::map<std::string, std::string> files_of(const WriteModel& model, const Folder& folder) {
  return model.field("file") ? std::map<std::string, std::string>{{"file", folder.file("t.csv", "0,1.2,0.1\n0.5,1,1\n1,0.2,1.5\n")}} : std::map<std::string, std::string>{};
}

}  // namespace

TEST_CASE("noise from pulse to pulse is normal, relative to the step", "[devices][writes]") {
  const double dw = 0.01, c2c = 0.3;
  auto one = make_writer("constant_step", plain({{"dw", dw}, {"c2c", c2c}}), many);
  check_normal(written(*one, dw), 2.0 + dw, dw * c2c);
  check_normal(written(*one, -4 * dw, 1), 2.0 - 4 * dw, dw * c2c * std::sqrt(4.0));
  auto additive = make_writer("soft_bounds", plain({{"dw", dw}, {"c2c", c2c}, {"noise", 1}}), many);
  check_normal(written(*additive, dw, 0, 1, 2.5), 2.5 + 0.5 * dw, dw * c2c);  // half the step at w = 0.5, the whole noise
  auto multiplicative = make_writer("soft_bounds", plain({{"dw", dw}, {"c2c", c2c}}), many);
  check_normal(written(*multiplicative, dw, 0, 1, 2.5), 2.5 + 0.5 * dw, 0.5 * dw * c2c);
}

TEST_CASE("noise of one update has nothing to do with that of the next", "[devices][writes]") {
  auto writer = make_writer("constant_step", plain({{"dw", 0.01}, {"c2c", 0.3}}), many);
  const auto a = written(*writer, 0.01, 0), b = written(*writer, 0.01, 1);
  double sum = 0.0;
  for (std::size_t k = 0; k < many; ++k) sum += (a[k] - 2.01) * (b[k] - 2.01) / (0.003 * 0.003);
  CHECK(std::abs(sum / many) < 4.0 / std::sqrt(static_cast<double>(many)));
}

TEST_CASE("steps, asymmetry, bounds and slopes spread from device to device by their laws", "[devices][writes]") {
  const double dw = 0.01;
  const auto normal = make_writer("constant_step", plain({{"dw", dw}, {"d2d", 0.1}}), many);
  check_normal(steps(*normal, 2.0, true), dw, 0.1 * dw);
  const auto lognormal = make_writer("constant_step", plain({{"dw", dw}, {"d2d", 0.3}, {"d2d_law", 1}}), many);
  check_normal(logarithms(steps(*lognormal, 2.0, true)), std::log(dw), 0.3);
  const auto asymmetric = make_writer("constant_step", plain({{"dw", dw}, {"up_down", 0.2}, {"up_down_d2d", 0.05}}), many);
  auto up = steps(*asymmetric, 2.0, true);
  const auto down = steps(*asymmetric, 2.0, false);
  for (std::size_t k = 0; k < many; ++k) up[k] = (up[k] + down[k]) / dw;  // down is negative: 1 + r - (0.8 - r)
  check_normal(up, 0.2, 0.1);
  const auto bounded = make_writer("constant_step", {{"gmin", 1.0}, {"gmax", 3.0}, {"wmax_d2d", 0.1}, {"wmin_d2d", 0.05}}, many);
  std::vector<double> low, high;
  for (std::size_t k = 0; k < many; ++k) low.push_back(bounded->range(k)[0]), high.push_back(bounded->range(k)[1]);
  check_normal(low, 1.0, 0.05);
  check_normal(high, 3.0, 0.1);
  const auto sloped = make_writer("linear_step", plain({{"dw", dw}, {"gamma_up", 0.5}, {"gamma_up_d2d", 0.02}}), many);
  check_normal(steps(*sloped, 2.5, true), dw * 0.75, dw * 0.5 * 0.02);
}

TEST_CASE("stochastic rounding of pulses and levels is unbiased", "[devices][writes]") {
  const double dw = 0.01;
  auto writer = make_writer("constant_step", plain({{"dw", dw}}), many);
  for (const double part : {0.3, 2.75}) {
    const double fraction = part - std::floor(part), deviation = dw * std::sqrt(fraction * (1.0 - fraction) / many);
    CHECK(std::abs(mean(written(*writer, part * dw)) - 2.0 - part * dw) < 4.0 * deviation);
    CHECK(std::abs(mean(written(*writer, -part * dw)) - 2.0 + part * dw) < 4.0 * deviation);
  }
  auto levels = make_writer("clamped", plain({{"levels", 5}}), many);  // 0.5 apart
  CHECK(std::abs(mean(written(*levels, 0.1)) - 2.1) < 4.0 * 0.5 * std::sqrt(0.2 * 0.8 / many));
}

TEST_CASE("write noise is on what is read, not on what a device holds", "[devices][writes]") {
  const double dw = 0.001;
  auto writer = make_writer("constant_step", plain({{"dw", dw}, {"write_noise", 50}}), many);
  std::vector<double> g(many, 2.0);
  const std::vector<double> one(many, dw);
  for (std::uint64_t n = 0; n < 20; ++n) writer->write(g, one, n);
  check_normal(g, 2.0 + 20 * dw, 50 * dw);  // and not sqrt(20) times as much
}

TEST_CASE("as many devices are stuck as said, and stay where they are", "[devices][writes]") {
  const double part = 0.1348;
  auto writer = make_writer("constant_step", plain({{"dw", 0.1}, {"corrupt", part}, {"corrupt_range", 0.2}, {"d2d", 0.1}}), many);
  std::vector<double> g(many, 2.7);
  writer->start(g);
  const auto before = g;
  writer->write(g, std::vector<double>(many, -0.1), 0);
  double stuck = 0.0;
  for (std::size_t k = 0; k < many; ++k) {
    stuck += writer->stuck(k);
    if (writer->stuck(k) ? g[k] != before[k] || std::abs(g[k] - 2.0) > 0.2 + 1e-12 : g[k] == before[k]) FAIL("device " << k);
  }
  CHECK(std::abs(stuck / many - part) < 4.0 * std::sqrt(part * (1.0 - part) / many));
}

TEST_CASE("diffusion is a random walk", "[devices][writes]") {
  auto writer = make_writer("constant_step", plain({{"diffusion", 0.001}}), many);
  std::vector<double> g(many, 2.0);
  const std::vector<double> nothing(many, 0.0);
  for (std::uint64_t n = 0; n < 16; ++n) writer->write(g, nothing, n);
  check_normal(g, 2.0, 0.001 * 4.0);
}

TEST_CASE("NeuroSim's noise is relative to the whole range", "[devices][writes]") {
  auto writer = make_writer("ag_si", {}, many);
  const double middle = 2e-8, range = 3.8462e-8 - 3.0769e-9;
  std::vector<double> g(many, middle);
  writer->pulse(g, std::vector<int>(many, 1), 0);
  check_normal(g, middle + writer->mean_step(0, middle, true), 0.035 * range);
}

TEST_CASE("the same seed gives the same bits with any number of threads", "[devices][writes]") {
  for (const std::string type : {"reram_es", "reram_sb", "ecram", "reram_array_om", "capacitor", "pcm"}) {
    INFO(type);
    const std::size_t count = 9000;  // three blocks
    std::vector<std::vector<double>> results;
    WriteTally first{};
    for (const int threads : {1, 2, 7}) {
      auto writer = make_writer(type, {{"energy", 1e-12}, {"vup", 1}, {"tup", 1e-6}}, count);
      std::vector<double> g(count, 30e-6);
      writer->start(g);
      WriteTally tally{};
      for (std::uint64_t n = 0; n < 5; ++n) tally = writer->write(g, std::vector<double>(count, 1e-6), n, threads);
      if (results.empty()) first = tally;
      CHECK(tally.energy == first.energy);
      results.push_back(std::move(g));
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == results[2]);
  }
}

TEST_CASE("an added device changes no other one, another element or seed changes all", "[devices][writes]") {
  const auto run = [](std::size_t count, const WriteKey& key) {
    auto writer = make_writer("reram_sb", {}, count, key);
    std::vector<double> g(count, 30e-6);
    for (std::uint64_t n = 0; n < 3; ++n) writer->write(g, std::vector<double>(count, 1e-6), n);
    return g;
  };
  const auto base = run(50, {7, "x1"}), more = run(51, {7, "x1"}), other = run(50, {7, "x2"}), reseeded = run(50, {8, "x1"});
  CHECK(std::equal(base.begin(), base.end(), more.begin()));
  for (std::size_t k = 0; k < 50; ++k) CHECK((base[k] != other[k] && base[k] != reseeded[k]));
}

TEST_CASE("every model keeps its bounds and moves by its mean step", "[devices][writes]") {
  const Folder folder;
  for (const auto& [name, model] : Registry<WriteModel>::all()) {
    INFO(name);
    const std::size_t count = 200;
    WriteValues values{{}, files_of(*model, folder)};
    if (model->field("d2d")) values.numbers = {{"d2d", 0.2}, {"wmax_d2d", 0.1}, {"up_down_d2d", 0.1}};
    const auto writer = model->make(values, count, {3, "w"});
    if (!writer->pulsed()) continue;
    for (std::size_t k = 0; k < count; ++k) {
      const auto [low, high] = writer->range(k);
      std::vector<double> g(count, 0.0);
      g[k] = low + (high - low) * static_cast<double>(k) / count;
      for (const int direction : {1, -1}) {
        const double before = g[k], expected = writer->mean_step(k, before, direction > 0);
        std::vector<int> pulses(count, 0);
        pulses[k] = direction;
        writer->pulse(g, pulses, 0);
        CHECK(std::abs(g[k] - before - expected) <= 1e-12 * high);
        pulses[k] = 3000 * direction;
        writer->pulse(g, pulses, 1);
        CHECK(g[k] >= low * (1.0 - 1e-12));
        CHECK(g[k] <= high * (1.0 + 1e-12));
      }
    }
  }
}

TEST_CASE("every preset is a model whose parameters it may have, and writes", "[devices][writes]") {
  CHECK(write_presets().size() >= 11);
  for (const WritePreset& preset : write_presets()) {
    INFO(preset.name);
    CHECK(!preset.source.empty());
    const WriteSetting setting = find_write(preset.name);
    REQUIRE(setting.model);
    for (const auto& [name, value] : preset.values) {
      INFO(name);
      const WriteField* field = setting.model->field(name);
      REQUIRE(field);
      CHECK(value >= field->field.lower);
      CHECK(value <= (field->choices.empty() ? field->field.upper : static_cast<double>(field->choices.size()) - 1.0));
    }
    const auto writer = setting.make(1000, {1, "w"});
    std::vector<double> g(1000, 1e-8);
    writer->start(g);
    for (std::uint64_t n = 0; n < 10; ++n) writer->write(g, std::vector<double>(1000, 1e-7), n);
    for (const double value : g) CHECK((std::isfinite(value) && value >= 0.0));
  }
}
