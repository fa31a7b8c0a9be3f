// A deck run from its text to its trace.
#pragma once

#include <catch2/catch.hpp>

#include "circuits/run.hpp"
#include "sim/trace_reader.hpp"
#include "tests/support/folder.hpp"

namespace settle::testing {

/// A deck run in a folder of its own.
struct Ran {
  Folder folder;
  std::shared_ptr<LoadedDeck> deck;
  RunReport report;

  explicit Ran(const std::string& text, int threads = 1) {
    RunRequest request;
    request.deck = folder.file("deck.cir", "a test\n" + text + "\n.end\n");
    request.trace = folder.file("deck.h5");
    request.threads = threads;
    deck = load(request);
    INFO(diagnostics(*deck).render());
    run(*deck, request, report);
  }
  std::vector<double> axis(const std::string& group) const { return TraceReader(report.trace).axis(group); }
  std::vector<double> values(const std::string& group, const std::string& quantity, const std::string& label) const {
    std::vector<double> real;
    for (const auto& z : TraceReader(report.trace).array(group, quantity).column(label)) real.push_back(z.real());
    return real;
  }
  double final(const std::string& column, std::size_t analysis = 0) const {
    for (const ColumnDigest& c : report.analyses.at(analysis).columns)
      if (c.label.name == column) return c.final.real();
    throw std::runtime_error("no column " + column);
  }
};

}  // namespace settle::testing
