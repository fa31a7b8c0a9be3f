// Recording: every point of an analysis handed to whoever keeps it.
#include "circuits/recording.hpp"

#include <algorithm>

namespace settle {

void Digest::add(double fraction, Complex value, bool magnitude) {
  const double shown = magnitude ? std::abs(value) : value.real();
  column_.lowest = empty_ ? shown : std::min(column_.lowest, shown);
  column_.highest = empty_ ? shown : std::max(column_.highest, shown);
  empty_ = false;
  column_.final = value;
  const auto part = std::min(parts - 1, static_cast<std::size_t>(fraction * static_cast<double>(parts)));
  while (column_.curve.size() <= part) column_.curve.push_back(shown);
  column_.curve[part] = shown;
}

Recording::Recording(RecordingTargets targets, std::vector<ProbeLabel> columns) : targets_(std::move(targets)) {
  for (ProbeLabel& label : columns) digests_.emplace_back(std::move(label));
}

template <Scalar S>
void Recording::take(double axis, std::span<const S> values) {
  std::vector<S> kept(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(targets_.recorded));
  const auto measured = values.subspan(targets_.recorded, targets_.measured);
  const auto extra = values.subspan(targets_.recorded + targets_.measured);
  kept.insert(kept.end(), extra.begin(), extra.end());
  const Thinning& thin = targets_.thinning;
  if (axis >= thin.from && axis <= thin.to && points_++ % thin.every == 0) {
    targets_.trace->append(axis, std::span<const S>(kept));
    if (targets_.raw) add_raw_point<S>(*targets_.raw, targets_.kind, axis, kept);
  }
  targets_.measures->point(axis, measured);
  for (std::size_t k = 0; k < kept.size(); ++k) digests_[k].add(fraction_, kept[k], std::same_as<S, Complex>);
  if (!any_) first_ = axis;
  last_ = axis;
  any_ = true;
}

void Recording::progress(double fraction) {
  fraction_ = fraction;
  if (targets_.progress) targets_.progress(fraction);
}

void Recording::finish(AnalysisResult& result) && {
  for (Digest& digest : digests_) result.columns.push_back(std::move(digest).take());
  result.axis_first = first_;
  result.axis_last = last_;
  result.measures = targets_.measures->results();
}

}  // namespace settle
