// Decks with noise, run, and what their reports say.
#pragma once

#include <cmath>

#include "tests/circuits/ran.hpp"

namespace settle::testing {

inline const FactTable::Row& row(const Ran& ran, const std::string& title, const std::string& name, std::size_t analysis = 0) {
  for (const FactTable& table : ran.report.analyses.at(analysis).stats.tables)
    if (table.title.rfind(title, 0) == 0)
      for (const FactTable::Row& r : table.rows)
        if (r.name == name) return r;
  throw std::runtime_error("no row " + name + " in a table " + title);
}
inline const Fact& fact_of(const Ran& ran, const std::string& name, std::size_t analysis = 0) {
  for (const Fact& f : ran.report.analyses.at(analysis).stats.facts)
    if (f.name == name) return f;
  throw std::runtime_error("no fact " + name);
}
/// Of .covariance.
inline double variance(const Ran& ran, const std::string& output, std::size_t analysis = 0) {
  const double rms = row(ran, "noise", output, analysis).values.at(0);
  return rms * rms;
}
/// Of .langevin.
struct Sampled {
  double mean, error_of_mean, rms, error, linear, at_step, off;
};
inline Sampled measured(const Ran& ran, const std::string& output, std::size_t analysis = 0) {
  const std::vector<double>& v = row(ran, "measured", output, analysis).values;
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6]};
}
inline std::string refusal_of(const std::string& deck) {
  try {
    const Ran ran(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

inline constexpr double kT = 1.380649e-23 * 300.0;  // J; k is exact in the SI

/// dx = -A x dt + dW with <dW dW^T> = 2 dt: cells of 1 F with noise currents of 4 A^2/Hz.
inline std::string ornstein_uhlenbeck(double aa, double ab, double ba, double bb) {
  const auto current = [](const char* into, const char* of, double a) { return std::string("G") + into + of + " 0 " + into + " " + of + " 0 " + std::to_string(-a) + "\n"; };
  return "Ca a 0 1\nCb b 0 1\n" + current("a", "a", aa) + current("a", "b", ab) + current("b", "a", ba) + current("b", "b", bb) + "Ynoise na 0 a density=2\nYnoise nb 0 b psd=4\n";
}

/// Eight resistors, capacitances of 1, 2 and 1.5 F, clamps at 1 and -0.5 V.
inline const char* const reciprocal_net = "V1 n1 0 1\nV2 n2 0 -0.5\nR13 n1 n3 1\nR23 n2 n3 {1/.5}\nR14 n1 n4 {1/.7}\nR24 n2 n4 {1/1.2}\nR34 n3 n4 {1/.8}\nR35 n3 n5 {1/.6}\nR45 n4 n5 {1/.9}\n"
                                          "R50 n5 0 {1/.4}\nC3 n3 0 1\nC4 n4 0 2\nC5 n5 0 1.5\n";

}  // namespace settle::testing
