// Matching `.mismatch` cards with devices: by name, pattern, model, array or part of an array.
#include "circuits/mismatch_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "circuits/array_options.hpp"
#include "circuits/models.hpp"
#include "circuits/probe_text.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

class Finder {
 public:
  Finder(const Netlist& netlist, Diagnostics& diagnostics) : netlist_(netlist), diagnostics_(diagnostics) {}

  MismatchTargets find() {
    for (index_ = 0; index_ < netlist_.mismatches.size(); ++index_) read(netlist_.mismatches[index_]);
    report_overruled();
    return std::move(targets_);
  }

 private:
  void read(const MismatchCard& card) {
    matched_ = claimed_ = 0;
    without_ = nullptr;
    for (std::size_t k = 0; k < netlist_.devices.size(); ++k) match(card, k);
    for (std::size_t k = 0; k < netlist_.arrays.size(); ++k)
      for (const ArrayPart& part : parts_of(netlist_.arrays[k])) match(card, k, part);
    const bool pattern = !card.of_model && card.target.find('*') != std::string::npos;
    if (matched_ == 0) unknown_target(card);
    else if (without_ && (claimed_ == 0 || !pattern)) unknown_field(card, *without_);
    if (card.correlated && !pairs_) diagnostics_.error(card.where, fmt::format("correlation= is between the forward and the backward cells of an array with coupling=pair, and '{}' is none", card.target));
    pairs_ = false;
  }

  void match(const MismatchCard& card, std::size_t k) {
    const FlatDevice& device = netlist_.devices[k];
    if (card.of_model ? device.model != card.target : !names(card.target, device.name)) return;
    claim(*device.kind, card, [&](std::size_t field) { targets_.devices[{k, field}] = index_; });
  }

  void match(const MismatchCard& card, std::size_t k, const ArrayPart& part) {
    const FlatArray& array = netlist_.arrays[k];
    const ArrayCells& cells = array.*part.cells;
    const std::string name = part.name;
    const bool selector = name == "sel";
    const bool whole = !selector && names(card.target, array.name);
    const bool this_part = card.target == array.name + "." + (name.empty() ? "forward" : name);
    if (card.of_model ? cells.model != card.target : !whole && !this_part) return;
    claim(*cells.kind, card, [&](std::size_t field) { targets_.arrays[{k, field, name}] = index_; });
    pairs_ = pairs_ || (whole && array.coupling == FlatArray::Coupling::pair);
  }

  template <class Claim>
  void claim(const Kind& kind, const MismatchCard& card, Claim take) {
    ++matched_;
    std::size_t field = find_field(kind, card.field, card.of_model);
    if (field == std::string::npos && card.field == "g") field = kind.field_index(kind.weight);
    if (field == std::string::npos) return void(without_ = &kind);
    ++claimed_;
    take(field);
  }

  bool names(const std::string& target, const std::string& name) const {
    if (target.find('*') != std::string::npos) return glob(target, name);
    if (target == name) return true;
    if (target.find('[') == std::string::npos) return false;
    const std::vector<std::string> members = bus_members(target);
    return std::find(members.begin(), members.end(), name) != members.end();
  }

  void unknown_target(const MismatchCard& card) {
    std::set<std::string_view> models;
    std::vector<std::string_view> all;
    for (const FlatDevice& device : netlist_.devices) models.insert(device.model), all.push_back(device.name);
    for (const FlatArray& array : netlist_.arrays) models.insert(array.cells.model), all.push_back(array.name);
    if (card.of_model)
      return diagnostics_.error(card.target_where, fmt::format("no device uses a model '{}'{}", card.target, suggest(card.target, models)));
    const bool model = models.count(card.target) > 0;
    diagnostics_.error(card.target_where, fmt::format("'{}' fits no device and no array{}", card.target,
                                                      model ? fmt::format("; to spread all devices of the model write .mismatch model {} {} ...", card.target, card.field)
                                                            : suggest(card.target, all)));
  }

  void unknown_field(const MismatchCard& card, const Kind& kind) {
    const bool array = std::any_of(netlist_.arrays.begin(), netlist_.arrays.end(), [&](const FlatArray& a) { return names(card.target, a.name); });
    if (array && find_array_option(card.field))
      return diagnostics_.error(card.field_where, fmt::format("'{}' is the same all over an array and cannot be spread; only fields of its devices can", card.field));
    std::vector<std::string_view> fields;
    for (const Field& field : kind.fields) fields.push_back(field.name);
    diagnostics_.error(card.field_where, fmt::format("'{}' ({}) has no parameter '{}'{}; `settle list devices {}` shows them", card.target, kind.name, card.field,
                                                     suggest(card.field, fields), kind.name));
  }

  /// A card whose devices all follow later ones does nothing.
  void report_overruled() {
    std::set<std::size_t> active;
    for (const auto& [place, card] : targets_.devices) active.insert(card);
    for (const auto& [place, card] : targets_.arrays) active.insert(card);
    if (diagnostics_.has_errors()) return;
    for (std::size_t k = 0; k < netlist_.mismatches.size(); ++k)
      if (!active.count(k)) diagnostics_.warning(netlist_.mismatches[k].where, "this .mismatch has no effect: later ones spread the same field of all its devices");
  }

  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  MismatchTargets targets_;
  std::size_t index_ = 0, matched_ = 0, claimed_ = 0;
  const Kind* without_ = nullptr;  // a kind among the matches that lacks the field
  bool pairs_ = false;
};

}  // namespace

std::vector<ArrayPart> parts_of(const FlatArray& array) {
  std::vector<ArrayPart> parts;
  for (const ArrayPart& part : {ArrayPart{"", &FlatArray::cells}, ArrayPart{"back", &FlatArray::back}, ArrayPart{"sel", &FlatArray::selector}})
    if ((array.*part.cells).kind) parts.push_back(part);
  return parts;
}

MismatchTargets find_targets(const Netlist& netlist, Diagnostics& diagnostics) { return Finder(netlist, diagnostics).find(); }

}  // namespace settle
