// How driven rows and currents follow the sources, found by moving each a little.
#include "learning/feed.hpp"

#include <algorithm>
#include <set>

namespace settle {

Feed::Feed(Circuit& circuit, const Lesson& lesson) : circuit_(circuit), lesson_(lesson), modes_(circuit.rows().modes(), 1) {
  for (const std::string& name : lesson.sources) source_.push_back(circuit.find_device(name));
  find_gains();
  find_feeding();
}

double Feed::dc(Index source) const {
  const DeviceRef& device = source_[static_cast<std::size_t>(source)];
  return device.element->field(device.index, device.element->kind().field_index("dc"));
}

void Feed::find_gains() {
  const Moment now{.modes = &modes_};
  const Index fixed = circuit_.rows().fixed_count();
  const Block<double> nothing = Block<double>::Zero(circuit_.rows().count(), 1);
  for (Index k = 0; k < static_cast<Index>(source_.size()); ++k) {
    const DeviceRef& device = source_[static_cast<std::size_t>(k)];
    const std::size_t field = device.element->kind().field_index("dc");
    const auto at = [&](double value) {
      device.element->set_field(device.index, field, value);
      Block<double> volts = Block<double>::Zero(fixed, 1), amperes = nothing;
      for (const auto& element : circuit_.elements()) element->drive(now, 0, volts);
      device.element->add_rate(nothing, now, amperes);
      return std::pair(volts, amperes);
    };
    const double before = dc(k);
    const auto [volts0, amperes0] = at(0.0);
    const auto [volts1, amperes1] = at(1.0);
    device.element->set_field(device.index, field, before);
    for (Index row = 0; row < fixed; ++row)
      if (volts1(row, 0) != volts0(row, 0)) volts_.push_back({row, k, volts1(row, 0) - volts0(row, 0)});
    for (Index row = 0; row < amperes0.rows(); ++row)
      if (amperes1(row, 0) != amperes0(row, 0)) amperes_.push_back({row, k, amperes1(row, 0) - amperes0(row, 0)});
  }
}

/// Elements that see a driven row, or are sources. What only joins unknowns brings nothing while they are at 0 V.
void Feed::find_feeding() {
  const Index fixed = circuit_.rows().fixed_count();
  for (const auto& element : circuit_.elements()) {
    if (!element->linear()) continue;
    bool feeds = element->kind().field_index("dc") != std::string::npos;
    for (Index k = 0; k < element->count() && !feeds; ++k)
      for (const Index row : element->rows(k)) feeds = feeds || (row > Rows::ground && row < fixed);
    if (feeds) feeding_.push_back(element.get());
  }
}

std::vector<Index> Feed::reached() const {
  const Index fixed = circuit_.rows().fixed_count();
  std::set<Index> moved, rows;
  for (const Gain& gain : volts_) moved.insert(gain.row);
  for (const Gain& gain : amperes_) rows.insert(gain.row);
  for (const Border& entry : circuit_.border())
    if (moved.contains(entry.place.column)) rows.insert(entry.place.row);
  std::vector<Index> unknowns;
  for (const Index row : rows)
    if (row >= fixed) unknowns.push_back(row - fixed);
  return unknowns;
}

Block<double> Feed::driven(std::span<const Index> samples) const {
  const Moment now{.modes = &modes_};
  Block<double> here = Block<double>::Zero(circuit_.rows().fixed_count(), 1);
  for (const auto& element : circuit_.elements()) element->drive(now, 0, here);
  Block<double> all = here.replicate(1, static_cast<Index>(samples.size()));
  Vector<double> before(static_cast<Index>(source_.size()));
  for (Index k = 0; k < before.size(); ++k) before[k] = dc(k);
  constexpr std::size_t together = 8;  // samples whose values lie in one line of the cache
  for (std::size_t first = 0; first < samples.size(); first += together)
    for (const Gain& gain : volts_) {
      double* row = all.row(gain.row).data();
      for (std::size_t s = first; s < std::min(first + together, samples.size()); ++s) row[s] += gain.per_unit * (lesson_.drive(gain.source, samples[s]) - before[gain.source]);
    }
  return all;
}

Block<double> Feed::currents(const Block<double>& driven, std::span<const Index> samples) const {
  const Moment now{.modes = &modes_};
  Block<double> x(circuit_.rows().count(), driven.cols()), f = Block<double>::Zero(x.rows(), x.cols());
  x.topRows(driven.rows()) = driven, x.bottomRows(x.rows() - driven.rows()).setZero();
  for (const Element* element : feeding_) element->add_rate(x, now, f);
  for (const Gain& gain : amperes_) {
    const double before = dc(gain.source);
    for (std::size_t s = 0; s < samples.size(); ++s) f(gain.row, static_cast<Index>(s)) += gain.per_unit * (lesson_.drive(gain.source, samples[s]) - before);
  }
  return f;
}

}  // namespace settle
