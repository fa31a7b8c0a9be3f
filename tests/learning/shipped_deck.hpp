// A deck of netlists/ run as it is shipped, or with other values and another seed.
#pragma once

#include <catch2/catch.hpp>

#include <stdexcept>

#include "circuits/run.hpp"
#include "tests/support/folder.hpp"

namespace settle::testing {

class ShippedDeck {
 public:
  explicit ShippedDeck(const std::string& name, std::optional<std::uint64_t> seed = {}) {
    RunRequest request;
    request.deck = SETTLE_SOURCE_DIR "/netlists/" + name;
    request.trace = folder_.file("deck.h5");
    request.seed = seed;
    const auto deck = load(request);
    INFO(diagnostics(*deck).render());
    run(*deck, request, report_);
  }

  const std::vector<AnalysisResult>& analyses() const { return report_.analyses; }
  /// Of "train3"; of the given step, from 0.
  const AnalysisResult& analysis(const std::string& name, std::size_t step = 0) const {
    for (const AnalysisResult& result : report_.analyses)
      if (result.name == name && step-- == 0) return result;
    throw std::runtime_error("no analysis " + name);
  }
  double fact(const std::string& analysis_name, const std::string& name, std::size_t step = 0) const {
    for (const Fact& fact : analysis(analysis_name, step).stats.facts)
      if (fact.name == name) return fact.value;
    throw std::runtime_error("no fact " + name + " of " + analysis_name);
  }
  /// A line of the first table whose title begins so.
  const std::vector<double>& row(const std::string& analysis_name, const std::string& table, const std::string& name) const {
    for (const FactTable& t : analysis(analysis_name).stats.tables)
      if (t.title.rfind(table, 0) == 0)
        for (const FactTable::Row& row : t.rows)
          if (row.name == name) return row.values;
    throw std::runtime_error("no row " + name + " in " + table);
  }

 private:
  Folder folder_;
  RunReport report_;
};

}  // namespace settle::testing
