// Finding the devices a `.program` card names: arrays, crossings, plain devices, patterns of them.
#include "circuits/program_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "circuits/probe_text.hpp"
#include "devices/lattice.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

bool is_pattern(std::string_view word) { return word.find('*') != std::string_view::npos; }

class Finder {
 public:
  Finder(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) : card_(card), netlist_(netlist), diagnostics_(diagnostics) {}

  std::vector<ProgramGroup> find() {
    for (const Word& word : card_.words) {
      const std::size_t before = matched_;
      for (const FlatArray& array : netlist_.arrays) {
        layer(word, array, array.cells, array.name);
        if (array.coupling == FlatArray::Coupling::pair) layer(word, array, array.back, array.name + ".back");
      }
      plain(word);
      if (matched_ == before && !refused_) unknown(word);
    }
    return std::move(groups_);
  }

 private:
  void layer(const Word& word, const FlatArray& array, const ArrayCells& cells, const std::string& name) {
    const Lattice lattice{name, static_cast<Index>(array.rows.size()), static_cast<Index>(array.columns.size())};
    const bool whole = word.text == name || (is_pattern(word.text) && glob(word.text, name));
    const Index one = lattice.find(word.text);
    if (!whole && one < 0 && !(is_pattern(word.text) && word.text.find('[') != std::string::npos)) return;
    ProgramGroup group{&array, &cells, name, {array.rows.size(), array.columns.size(), 1}, {}, 0};
    auto fault = array.faults.begin();
    for (std::size_t k = 0; k < array.crossings(); ++k) {
      const bool faulty = fault != array.faults.end() && fault->crossing == k;
      if (faulty) ++fault;
      if (!whole && one >= 0 && static_cast<std::size_t>(one) != k) continue;
      std::string crossing = lattice.name(static_cast<Index>(k));
      if (!whole && one < 0 && !glob(word.text, crossing)) continue;
      ++matched_;
      if (faulty) ++group.faulty;
      else if (known_.insert(crossing).second) group.devices.push_back({std::move(crossing), k, nullptr});
    }
    if (group.devices.empty() && group.faulty == 0) return;
    if (cells.kind->weight.empty()) return refuse(word, name, *cells.kind);
    groups_.push_back(std::move(group));
  }

  void plain(const Word& word) {
    ProgramGroup group{nullptr, nullptr, "program " + word.text, {0, 1, 1}, {}, 0};
    for (const FlatDevice& device : netlist_.devices) {
      const bool fits = is_pattern(word.text) ? glob(word.text, device.name) && !device.kind->weight.empty() : device.name == word.text;
      if (!fits) continue;
      if (device.kind->weight.empty()) return refuse(word, device.name, *device.kind);
      ++matched_;
      if (known_.insert(device.name).second) group.devices.push_back({device.name, group.shape.rows++, &device});
    }
    if (!group.devices.empty()) groups_.push_back(std::move(group));
  }

  void refuse(const Word& word, const std::string& name, const Kind& kind) {
    refused_ = true;
    std::string kinds;
    for (const auto& [known, each] : Registry<Kind>::all())
      if (!each->weight.empty()) kinds += (kinds.empty() ? "" : ", ") + known;
    diagnostics_.error(word.where, fmt::format("'{}' ({}) has no conductance to be programmed; kinds that have one: {}", name, kind.name, kinds));
  }

  void unknown(const Word& word) {
    if (is_pattern(word.text)) return diagnostics_.error(word.where, fmt::format("'{}' matches no device with a conductance to be programmed", word.text));
    std::vector<std::string_view> names;
    for (const FlatDevice& device : netlist_.devices)
      if (!device.kind->weight.empty()) names.push_back(device.name);
    for (const FlatArray& array : netlist_.arrays) names.push_back(array.name);
    for (const FlatArray& array : netlist_.arrays)
      if (word.text.rfind(array.name + "[", 0) == 0)
        return diagnostics_.error(word.where, fmt::format("'{}' is no crossing of '{}', which has {} rows and {} columns, counted from 0", word.text, array.name,
                                                          array.rows.size(), array.columns.size()));
    diagnostics_.error(word.where, fmt::format("there is no device or array '{}' to program{}", word.text, suggest(word.text, names)));
  }

  const AnalysisCard& card_;
  const Netlist& netlist_;
  Diagnostics& diagnostics_;
  std::vector<ProgramGroup> groups_;
  std::set<std::string> known_;
  std::size_t matched_ = 0;
  bool refused_ = false;
};

}  // namespace

std::vector<ProgramGroup> program_groups(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
  return Finder(card, netlist, diagnostics).find();
}

}  // namespace settle
