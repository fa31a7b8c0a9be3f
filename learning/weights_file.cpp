// Writing and reading trained values, and the card that puts them into a circuit.
#include "learning/weights_file.hpp"

#include <fmt/format.h>

#include <fstream>

#include "circuits/array.hpp"
#include "circuits/card_options.hpp"
#include "circuits/deck_path.hpp"
#include "circuits/setting.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* header = "device;parameter;value";

class WeightsCard final : public Setting {
 public:
  std::string help() const override { return "gives devices the values a training has saved (`.train save=`), so that what was trained once runs anywhere, and can be exported"; }
  std::string usage() const override { return ".weights file=name"; }
  std::vector<CardParameter> parameters() const override { return {{"file=", "", "", "lines of device;parameter;value"}}; }
  bool once() const override { return false; }
  bool keeps_text(std::string_view option) const override { return option == "file"; }
  bool changes_circuit() const override { return false; }  // by then it has
  void check(const AnalysisCard&, const Netlist&, Diagnostics&) const override {}

  void apply(const AnalysisCard& card, Netlist& netlist, Diagnostics& diagnostics) const override {
    CardOptions options(card, usage(), diagnostics);
    const std::string name = options.text("file");
    options.finish(0);
    if (name.empty()) return diagnostics.error(card.where, "no file is named; usage: " + usage());
    try {
      const std::string file = deck_path(*card.card, name);
      for (const TrainedValue& trained : read_weights(file))
        if (const std::string wrong = set(netlist, trained); !wrong.empty()) return diagnostics.error(options.where("file"), fmt::format("{}:{}: {}", file, trained.line, wrong));
    } catch (const Error& error) {
      diagnostics.error(options.where("file"), error.what());
    }
  }

 private:
  /// What is wrong; "" if nothing is.
  static std::string set(Netlist& netlist, const TrainedValue& trained) {
    const Kind* kind = kind_of_device(netlist, trained.device);
    if (!kind) return fmt::format("the deck has no device '{}'", trained.device);
    const std::size_t field = kind->field_index(trained.field);
    if (field == std::string::npos) return fmt::format("'{}' ({}) has no parameter '{}'", trained.device, kind->name, trained.field);
    const Field& about = kind->fields[field];
    if (!(trained.value >= about.lower && trained.value <= about.upper)) return fmt::format("{} = {:g} of '{}' is out of range; it is {:g} to {:g} {}", trained.field, trained.value, trained.device, about.lower, about.upper, about.unit);
    for (FlatDevice& device : netlist.devices)
      if (device.name == trained.device) return device.values[trained.field] = trained.value, "";
    for (FlatArray& array : netlist.arrays)
      if (const ArrayDevice device = find_device(array, trained.device); device.cells) return vary(array, *device.cells, trained.field)[device.crossing] = trained.value, "";
    return fmt::format("'{}' cannot be given a value", trained.device);
  }
};

const Registered<Setting, WeightsCard> registered("weights");

}  // namespace

void write_weights(const std::string& file, const Weights& weights) {
  std::ofstream out(file);
  out << header << '\n';
  for (const Weights::Group& group : weights.groups())
    for (Index k = 0; k < group.count(); ++k) {
      const Index device = group.device[static_cast<std::size_t>(k)];
      out << fmt::format("{};{};{}\n", weights.name(group.first + k), group.element->kind().fields[group.field].name, format_exact(group.element->field(device, group.field)));
    }
  if (!out.flush()) throw Error(Fault::file, fmt::format("'{}' cannot be written", file));
}

std::vector<TrainedValue> read_weights(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw Error(Fault::file, fmt::format("'{}' cannot be read", file));
  std::vector<TrainedValue> all;
  std::size_t number = 1;
  std::string line;
  std::getline(in, line);
  if (line != header) throw Error(Fault::file, fmt::format("{}:1: the first line of trained values is '{}', not '{}'", file, header, line.substr(0, 60)));
  while (std::getline(in, line)) {
    ++number;
    const std::size_t a = line.find(';'), b = line.find(';', a + 1);
    const auto value = b == std::string::npos ? std::nullopt : whole_number(std::string_view(line).substr(b + 1));
    if (!value) throw Error(Fault::file, fmt::format("{}:{}: a line is device;parameter;value, not '{}'", file, number, line.substr(0, 60)));
    all.push_back({line.substr(0, a), line.substr(a + 1, b - a - 1), *value, number});
  }
  return all;
}

}  // namespace settle
