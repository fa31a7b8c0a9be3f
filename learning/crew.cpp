// Threads over blocks of samples.
#include "learning/crew.hpp"

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>

#include "circuits/options.hpp"

namespace settle {
namespace {

/// Whatever was set in a circuit after it was built.
void copy_fields(const Circuit& from, Circuit& to) {
  for (std::size_t e = 0; e < from.elements().size(); ++e) {
    const Element& source = *from.elements()[e];
    Element& target = *to.elements()[e];
    const std::size_t fields = source.kind().fields.size();
    for (Index k = 0; k < source.count(); ++k)
      for (std::size_t f = 0; f < fields; ++f)
        if (const double value = source.field(k, f); value == value && value != target.field(k, f)) target.set_field(k, f, value);
  }
  to.refresh();
}

}  // namespace

struct Crew::Member {
  Circuit circuit;
  Diagnostics diagnostics;
  Job job;
  Weights weights;
  Stage stage;

  Member(const Job& original, const Lesson& lesson, const std::vector<std::string>& patterns, const Recorder& recorder)
      : circuit(original.netlist, tolerances_of(original.options), original.environment), diagnostics(original.diagnostics),
        job{original.netlist, original.options, original.environment, circuit, original.probes, diagnostics, {}, {}, original.seed, 1, original.teaching, false, {}},
        weights((copy_fields(original.circuit, circuit), original.netlist), circuit, original.environment, patterns), stage(job, lesson, weights, recorder) {}
};

Crew::Crew(const Job& job, const Lesson& lesson, Weights& weights, const std::vector<std::string>& patterns, const Recorder& recorder, int threads)
    : first_(std::make_unique<Stage>(job, lesson, weights, recorder)) {
  const std::size_t useful = (static_cast<std::size_t>(lesson.samples) + block_size - 1) / block_size;
  for (std::size_t k = 1; k < std::min<std::size_t>(static_cast<std::size_t>(std::max(1, threads)), useful); ++k)
    others_.push_back(std::make_unique<Member>(job, lesson, patterns, recorder));
}

Crew::~Crew() = default;

void Crew::follow(const Vector<double>& values) {
  first_->forget();
  for (const auto& member : others_) member->weights.set(values), member->stage.forget();
}

void Crew::each(std::size_t count, const std::function<void(Stage&, std::size_t, std::size_t)>& act) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t failed = std::numeric_limits<std::size_t>::max();
  const auto work = [&](Stage& stage) {
    for (std::size_t block = next++; block * block_size < count; block = next++) {
      stage.forget_samples();
      for (std::size_t k = block * block_size; k < std::min(count, (block + 1) * block_size); ++k) {
        try {
          act(stage, k, block);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (k < failed) failed = k, failure = std::current_exception();
          return;
        }
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (const auto& member : others_)
      if ((pool.size() + 1) * block_size < count) pool.emplace_back([&work, &member] { work(member->stage); });
    work(*first_);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace settle
