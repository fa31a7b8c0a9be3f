// A deck with `.teach` built and put on stage, for tests that look at error signals themselves.
#pragma once

#include <catch2/catch.hpp>

#include "circuits/bench.hpp"
#include "circuits/loaded.hpp"
#include "learning/stage.hpp"
#include "tests/support/folder.hpp"

namespace settle::testing {

struct NoRecorder final : Recorder {
  void record(double, std::span<const double>) override {}
  void record(double, std::span<const Complex>) override {}
  void progress(double) override {}
  bool interrupted() const override { return false; }
};

struct OnStage {
  Folder folder;
  std::shared_ptr<LoadedDeck> deck;
  Bench bench;
  Bench::View view;
  Job job;
  Weights weights;
  Lesson lesson;
  NoRecorder recorder;
  Stage stage;

  explicit OnStage(const std::string& text, const std::vector<std::string>& devices)
      : deck(loaded(folder, text)), bench(deck->setup(), StepPoint{}, deck->diagnostics), view(bench.view("op", deck->diagnostics)), job(bench.job(view, "op", deck->diagnostics)),
        weights(job.netlist, job.circuit, job.environment, devices), lesson{.teaching = *job.teaching, .sources = {}, .drive = Eigen::MatrixXd(0, 1), .targets = Given(0, 1)},
        stage(job, lesson, weights, recorder) {
    stage.present(0);
  }

  /// The unknown of a node.
  Index at(const std::string& node) const { return job.circuit.find_row(node) - job.circuit.rows().fixed_count(); }
  Vector<double> at(const Vector<double>& all, const std::vector<std::string>& nodes) const {
    Vector<double> some(static_cast<Index>(nodes.size()));
    for (std::size_t k = 0; k < nodes.size(); ++k) some[static_cast<Index>(k)] = all[at(nodes[k])];
    return some;
  }

 private:
  static std::shared_ptr<LoadedDeck> loaded(const Folder& folder, const std::string& text) {
    RunRequest request;
    request.deck = folder.file("deck.cir", "a test\n" + text + "\n.end\n");
    return load(request);
  }
};

}  // namespace settle::testing
