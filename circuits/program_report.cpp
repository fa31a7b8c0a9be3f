// Program report: the trace of the attempts, the summary, the warning.
#include "circuits/program_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "sim/number.hpp"

namespace settle {

std::vector<ProbeLabel> attempt_columns() {
  const auto column = [](const char* name, const char* unit) { return ProbeLabel{name, name, unit, "attempt", "of"}; };
  return {column("device", "1"), column("number", "1"), column("amplitude", "V"), column("width", "s"),
          column("conductance", "S"), column("target", "S"), column("energy", "J"), column("duration", "s")};
}

void ProgramReport::add(const ProgramTarget& target, const Verified& verified) {
  double joules = 0.0, seconds = 0.0;
  for (const Attempt& attempt : verified.attempts) {
    joules += attempt.writing.joules;
    seconds += attempt.writing.seconds;
    const std::array values{static_cast<double>(devices_), static_cast<double>(attempt.number), attempt.writing.volts, attempt.writing.width,
                            attempt.conductance, target.conductance, joules, seconds};
    recorder_.record(static_cast<double>(attempts_++), values);
  }
  joules_ += joules;
  seconds_ += seconds;
  writings_ += verified.writings();
  backwards_ = backwards_ || (verified.backwards && !verified.converged);
  const double missed = std::abs(verified.conductance() - target.conductance) / (target.conductance != 0.0 ? std::abs(target.conductance) : 1.0);
  if (missed > worst_miss_) worst_miss_ = missed, worst_ = target.device;
  if (verified.converged) ++converged_;
  else if (missed_.size() < 4)
    missed_.push_back(fmt::format("'{}' ({} instead of {})", target.device, format_engineering(verified.conductance(), "S"), format_engineering(target.conductance, "S")));
  recorder_.progress(static_cast<double>(++devices_) / static_cast<double>(job_.count()));
}

void ProgramReport::warn(Diagnostics& diagnostics) const {
  const std::size_t missing = devices_ - converged_;
  if (missing == 0) return;
  const std::string more = missing > missed_.size() ? fmt::format(" and {} more", missing - missed_.size()) : "";
  const std::string hint = backwards_ ? "; some pulses moved away from the target: if set= lowers the conductance, exchange the signs of set= and reset=, otherwise try a "
                                        "smaller width or a wider tolerance"
                                      : "; try more pulses, a larger amplitude (set=, reset=, step=) or a larger width";
  diagnostics.warning(job_.where, fmt::format("{} of {} devices missed their targets: {}{}{}", missing, devices_, fmt::join(missed_, ", "), more, hint));
}

AnalysisStats ProgramReport::stats() const {
  AnalysisStats stats{.points = attempts_, .steps = writings_, .method = "program and verify"};
  const double count = static_cast<double>(std::max<std::size_t>(devices_, 1));
  stats.facts = {{"devices", static_cast<double>(devices_)},
                 {"converged", static_cast<double>(converged_)},
                 {"worst device", 0.0, "", worst_},
                 {"worst error", std::max(worst_miss_, 0.0)},
                 {"mean pulses", static_cast<double>(writings_) / count},
                 {"energy", joules_, "J"},
                 {"duration", seconds_, "s"}};
  if (job_.faulty > 0) stats.facts.push_back({"faulty crossings left out", static_cast<double>(job_.faulty)});
  return stats;
}

}  // namespace settle
