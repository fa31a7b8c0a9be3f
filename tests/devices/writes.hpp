// Write models for tests: made from a name and values, one weight or many.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "devices/write.hpp"

namespace settle::testing {

using Values = std::map<std::string, double>;

inline std::unique_ptr<Writer> make_writer(const std::string& type, const Values& values, std::size_t count = 1, const WriteKey& key = {1, "x1"},
                                           const std::map<std::string, std::string>& files = {}) {
  WriteSetting setting = find_write(type);
  REQUIRE(setting.model);
  for (const auto& [name, value] : values) {
    INFO(type << "." << name);
    REQUIRE(setting.model->field(name));
    setting.values.numbers[name] = value;
  }
  setting.values.files = files;
  return setting.make(count, key);
}

/// Conductances that stand for weights of -1 to 1: g = 2 + w.
inline Values plain(Values more = {}) {
  more.insert({{"gmin", 1.0}, {"gmax", 3.0}, {"wmin", -1.0}, {"wmax", 1.0}});
  return more;
}

inline double mean(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

inline double variance(const std::vector<double>& x) {
  double sum = 0.0;
  const double m = mean(x);
  for (const double value : x) sum += (value - m) * (value - m);
  return sum / static_cast<double>(x.size() - 1);
}

/// Within 4 standard errors of a normal sample.
inline void check_normal(const std::vector<double>& x, double expected_mean, double deviation) {
  const auto n = static_cast<double>(x.size());
  CHECK(std::abs(mean(x) - expected_mean) < 4.0 * deviation / std::sqrt(n));
  CHECK(std::abs(variance(x) - deviation * deviation) < 4.0 * deviation * deviation * std::sqrt(2.0 / n));
}

}  // namespace settle::testing
