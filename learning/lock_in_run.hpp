// LockInRun: a circuit under an oscillating nudge, watched by a lock-in at every probe.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "learning/rest_point.hpp"
#include "sim/lock_in.hpp"

namespace settle {

/// How the response is read off the harmonics (`.lockin mode=`).
enum class LockInMode { rotating, cosine, cosine_corrected };

struct LockInSettings {
  long periods = 10;        // measured
  long steps = 256;         // per period
  double discard = -1.0;    // s; negative: the larger of one period and eight slowest time constants
  int harmonics = 5;
  double lowpass = 0.0;     // s; 0: no filter
  std::string method = "rodas5p";
};

/// What a lock-in knows of one probe.
struct Watched {
  LockIn harmonics;
  std::optional<FilteredLockIn> filter;
};

/// Moves the circuit from rest through start-up and the measured periods; `period(k)` is called behind each measured one.
class LockInRun {
 public:
  LockInRun(const Job& job, const Signal& signal, const LockInSettings& settings) : job_(job), signal_(signal), settings_(settings) {}

  void go(const RestPoint& rest, const Recorder& recorder, const std::function<void(long)>& period = {});

  const std::vector<Watched>& watched() const { return watched_; }
  /// dx/dbeta and the rest value as this mode reads them, of the k-th probe.
  Complex response(std::size_t k, LockInMode mode) const;
  Complex rest(std::size_t k, LockInMode mode) const;
  double response_uncertainty(std::size_t k) const;
  /// Share of negative frequencies in what moves: 0 for a holomorphic circuit inside its radius.
  double negative_share() const;
  /// By how much the state misses itself after one more turn, as a share of what it moves.
  double not_returned() const { return not_returned_; }
  long discarded() const { return discarded_; }
  long steps() const { return steps_; }
  /// Steps too long for a relative error of 1e-3, start-up apart.
  long coarse() const { return coarse_; }

 private:
  template <Scalar S>
  void move(const RestPoint& rest, const Recorder& recorder, const std::function<void(long)>& period);

  const Job& job_;
  Signal signal_;
  LockInSettings settings_;
  std::vector<Watched> watched_;
  double not_returned_ = 0.0;
  long discarded_ = 0, steps_ = 0, coarse_ = 0;
};

}  // namespace settle
