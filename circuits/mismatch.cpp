// Drawing mismatch. Streams are keyed by seed, device and field; in an array by row and column too. Other devices, the order of cards and of
// drawing change nothing.
#include "circuits/mismatch.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "circuits/mismatch_draw.hpp"
#include "circuits/mismatch_quantity.hpp"
#include "circuits/mismatch_targets.hpp"
#include "circuits/models.hpp"
#include "sim/number.hpp"

namespace settle {
namespace {

/// Draws for all targets of a netlist, and says once per card what went wrong.
class Drawing {
 public:
  Drawing(Netlist& netlist, Diagnostics& diagnostics) : netlist_(netlist), diagnostics_(diagnostics), failed_(netlist.mismatches.size(), 0) {}

  void run() {
    const MismatchTargets targets = find_targets(netlist_, diagnostics_);
    if (diagnostics_.has_errors()) return;
    for (const auto& [place, card] : targets.devices) device(place.first, place.second, card);
    for (const auto& [place, card] : targets.arrays) array(std::get<0>(place), std::get<2>(place), std::get<1>(place), card, targets);
    for (std::size_t k = 0; k < failed_.size(); ++k)
      if (failed_[k] > 0) diagnostics_.error(netlist_.mismatches[k].where, first_[k] + (failed_[k] > 1 ? fmt::format(" ({} more of this card too)", failed_[k] - 1) : ""));
  }

 private:
  MismatchLaw law(const MismatchCard& card, const Field& meaning) const {
    return {card, meaning.lower, meaning.upper, netlist_.seed, fmt::format("{}{}[{}]", card.of_model ? "model " : "", card.target, meaning.name)};
  }

  void device(std::size_t index, std::size_t field, std::size_t k) {
    FlatDevice& device = netlist_.devices[index];
    const MismatchCard& card = netlist_.mismatches[k];
    const SpreadQuantity quantity(*device.kind, field, card);
    const Field meaning = quantity.meaning(device.values);
    const double nominal = quantity.nominal(device.values);
    const auto area = area_of(card, *device.kind, device.values, device.name);
    if (!has_value(nominal, *device.kind, meaning, device.name, card) || !area) return;
    const MismatchLaw law = this->law(card, meaning);
    const Stream stream(netlist_.seed, "mismatch", fmt::format("{}[{}]", device.name, meaning.name));
    const MismatchDraw drawn = law.draw(nominal, *area, [&](std::uint64_t n) { return law.standard(stream, n); });
    if (!drawn.inside) return fail(k, device.name, meaning, law, drawn.value);
    DrawnValue record{index, field, quantity.nominal_value(device.values), k};
    try {
      device.values[quantity.field().name] = quantity.value(device.values, drawn.value);
    } catch (const Error& unreachable) {
      return fail(k, device.name, meaning, drawn.value, unreachable.what());
    }
    if (const std::string fault = device.kind->fault(device.values); !fault.empty()) return fail(k, device.name, meaning, drawn.value, fault);
    netlist_.drawn.push_back(record);
  }

  /// False after an error: nobody gave the field a value.
  bool has_value(double nominal, const Kind& kind, const Field& meaning, const std::string& name, const MismatchCard& card) {
    if (std::isnan(nominal)) {
      diagnostics_.error(card.field_where, fmt::format("'{}' ({}) has no value of '{}' to spread; give it one, {}=... on the device or its model", name, kind.name,
                                                       meaning.name, meaning.name));
      return false;
    }
    const auto nothing = [](const Spread& spread) { return spread.relative || spread.size == 0.0; };
    if (nominal == 0.0 && nothing(card.dev) && nothing(card.lot) && nothing(card.area))
      diagnostics_.warning(card.where, fmt::format("{} of '{}' is 0, and a part of nothing is nothing; give the spread{}", meaning.name, name,
                                                   meaning.unit.empty() ? " as a number without %" : " in " + meaning.unit));
    return true;
  }

  /// w l m in m^2, for Pelgrom's law.
  std::optional<double> area_of(const MismatchCard& card, const Kind& kind, const Values& values, const std::string& name) {
    if (card.area.size == 0.0) return 1.0;
    double area = 1.0;
    for (const char* side : {"w", "l", "m"}) {
      const std::size_t k = kind.field_index(side);
      const auto given = values.find(side);
      const double otherwise = k == std::string::npos ? (*side == 'm' ? 1.0 : not_given) : kind.fields[k].initial;
      area *= given != values.end() ? given->second : otherwise;
    }
    if (area > 0.0) return area;
    diagnostics_.error(card.where, fmt::format("area= needs a width w and a length l, and '{}' ({}) has none; use dev=", name, kind.name));
    return {};
  }

  void array(std::size_t index, const std::string& part, std::size_t field, std::size_t k, const MismatchTargets& targets) {
    FlatArray& array = netlist_.arrays[index];
    ArrayCells& cells = part.empty() ? array.cells : part == "back" ? array.back : array.selector;
    const MismatchCard& card = netlist_.mismatches[k];
    const SpreadQuantity quantity(*cells.kind, field, card);
    const std::string name = part.empty() ? array.name : array.name + "." + part;
    DrawnCrossings record{index, part, field, {}, k};
    if (const auto varied = cells.varied.find(quantity.field().name); varied != cells.varied.end()) record.nominal = varied->second;
    else record.nominal = {quantity.nominal_value(cells.values)};
    const auto area = area_of(card, *cells.kind, cells.values, name);
    if (!has_value(quantity.nominal(cells.values, record.nominal[0]), *cells.kind, quantity.meaning(cells.values), name, card) || !area) return;
    const auto forward = targets.arrays.find({index, field, ""});
    const bool correlated = part == "back" && card.correlated && forward != targets.arrays.end() && forward->second == k;
    if (!correlated) forward_z_.clear();
    crossings(array, cells, name, quantity, record, *area, correlated);
    netlist_.drawn_crossings.push_back(std::move(record));
  }

  /// The crossing (i, j) draws from places of its own in a stream of the array, so that more rows or columns leave it as it is.
  void crossings(const FlatArray& array, ArrayCells& cells, const std::string& name, const SpreadQuantity& quantity, const DrawnCrossings& record, double area,
                 bool correlated) {
    const MismatchCard& card = netlist_.mismatches[record.card];
    const Field meaning = quantity.meaning(cells.values);
    const MismatchLaw law = this->law(card, meaning);
    const std::string key = fmt::format("{}[{}]", name, meaning.name);
    const double rho = correlated ? card.correlation : 0.0, rest = std::sqrt(1.0 - rho * rho);
    const std::vector<double> before = std::exchange(forward_z_, std::vector<double>(array.crossings()));
    const Stream first(netlist_.seed, "mismatch", key);
    const double same = quantity.nominal(cells.values, record.nominal[0]);
    std::vector<double>& values = cells.varied[quantity.field().name];
    values.assign(array.crossings(), not_given);
    for (std::size_t c = 0; c < array.crossings(); ++c) {
      const std::size_t i = c / array.columns.size(), j = c % array.columns.size();
      const std::uint64_t place = static_cast<std::uint64_t>(i) << 32 | j;
      const auto next = [&](std::uint64_t n) {
        const double z = n == 0 ? law.standard(first, place) : law.standard(Stream(netlist_.seed, "mismatch", key, n), place);
        return correlated ? rho * before[c] + rest * z : z;
      };
      const MismatchDraw drawn = law.draw(record.nominal.size() == 1 ? same : quantity.nominal(cells.values, record.nominal[c]), area, next);
      forward_z_[c] = drawn.z;
      try {
        if (drawn.inside) values[c] = quantity.value(cells.values, drawn.value);
        else fail(record.card, crossing_name(name, i, j), meaning, law, drawn.value);
      } catch (const Error& unreachable) {
        fail(record.card, crossing_name(name, i, j), meaning, drawn.value, unreachable.what());
      }
    }
  }

  static std::string crossing_name(const std::string& array, std::size_t i, std::size_t j) { return fmt::format("{}[{},{}]", array, i, j); }

  void fail(std::size_t k, const std::string& name, const Field& meaning, const MismatchLaw& law, double value) {
    Field bounds = meaning;
    bounds.lower = law.lower(), bounds.upper = law.upper();
    const bool within = value >= bounds.lower && value <= bounds.upper;
    if (!std::isnan(value)) return fail(k, name, meaning, value, within ? "a part of the nominal value must keep its sign" : "it must be " + range_text(bounds));
    if (failed_[k]++ == 0)
      first_[k] = fmt::format("none of {} draws of {} of '{}' with seed {} is {}; move or widen the bounds", MismatchLaw::most_draws, meaning.name, name, netlist_.seed,
                              range_text(bounds));
  }

  void fail(std::size_t k, const std::string& name, const Field& meaning, double value, const std::string& why) {
    if (failed_[k]++ > 0) return;
    first_[k] = fmt::format("{} of '{}' was drawn as {} with seed {}: {}; truncate= (standard deviations), min= and max=, outside=resample or outside=clip keep it there",
                            meaning.name, name, format_engineering(value, meaning.unit), netlist_.seed, why);
  }

  Netlist& netlist_;
  Diagnostics& diagnostics_;
  std::vector<std::size_t> failed_;          // per card
  std::map<std::size_t, std::string> first_; // what the first failure of a card was
  std::vector<double> forward_z_;            // standard numbers of the part drawn last
};

}  // namespace

void apply_mismatch(Netlist& netlist, Diagnostics& diagnostics) {
  if (!netlist.mismatches.empty() && !diagnostics.has_errors()) Drawing(netlist, diagnostics).run();
}

}  // namespace settle
