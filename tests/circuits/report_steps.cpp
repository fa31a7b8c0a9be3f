// Tables of `.step` runs: what is shown of an analysis that sums itself up.
#include "circuits/report_steps.hpp"

#include <catch2/catch.hpp>

using namespace settle;

namespace {

AnalysisResult step(double value, std::vector<Fact> facts) {
  AnalysisResult result;
  result.name = "train1";
  result.step = {{"h", value}};
  result.stats.facts = std::move(facts);
  return result;
}

}  // namespace

TEST_CASE("steps of an analysis with facts show those that differ, without a unit for plain numbers", "[report]") {
  const AnalysisResult first = step(0.0, {{"ended by", 0.0, "", "all epochs"}, {"devices", 42.0, ""}, {"symmetry", 0.5, "1"}, {"accuracy", 50.0, "%"}});
  const AnalysisResult second = step(10.0, {{"ended by", 0.0, "", "a cost"}, {"devices", 42.0, ""}, {"symmetry", 0.25, "1"}, {"accuracy", 100.0, "%"}, {"pulses", 7.0, ""}});
  const std::string table = step_table({&first, &second}, {});
  CAPTURE(table);
  for (const char* shown : {"symmetry", "accuracy", "pulses", "500 m ", "50 %", "none", "7"}) CHECK(table.find(shown) != std::string::npos);
  for (const char* left_out : {"devices", "ended by", "m1", "last values"}) CHECK(table.find(left_out) == std::string::npos);
}
