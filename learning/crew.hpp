// Crew: stages on threads of their own, each with a circuit of its own, that share the samples of a lesson. What is computed never depends on how many
// there are: samples come in blocks of a fixed size.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "learning/stage.hpp"

namespace settle {

class Crew {
 public:
  static constexpr std::size_t block_size = 8;

  /// The first stage is the job's own circuit; `threads` in all. Weights of the others are the first one's values.
  Crew(const Job& job, const Lesson& lesson, Weights& weights, const std::vector<std::string>& patterns, const Recorder& recorder, int threads);
  ~Crew();

  Stage& first() { return *first_; }
  /// The job's devices have changed: so do all others', and stages forget.
  void follow(const Vector<double>& values);
  /// Calls act(stage, k, k / block_size) for k = 0 .. count - 1; blocks run side by side. The error of the least k is thrown when all have ended.
  void each(std::size_t count, const std::function<void(Stage& stage, std::size_t k, std::size_t block)>& act);

 private:
  struct Member;

  std::unique_ptr<Stage> first_;
  std::vector<std::unique_ptr<Member>> others_;
};

}  // namespace settle
