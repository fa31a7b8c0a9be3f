// .program: devices brought to target conductances by pulses, each followed by a reading.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program_options.hpp"
#include "circuits/program_plan.hpp"
#include "circuits/program_targets.hpp"

namespace settle {
namespace {

class Program final : public Analysis {
 public:
  std::string help() const override {
    return "target conductances written into devices by pulses through their own equations, each pulse followed by a reading; what comes after it on the deck "
           "starts from the programmed states";
  }
  std::string usage() const override { return ".program device|array|crossing [...] target=value [name=value ...]"; }
  std::vector<CardParameter> parameters() const override {
    std::vector<CardParameter> parameters{{"device", "", "", "name of a device, an array, a crossing (xb[3,7]) or a pattern with * (xb[*,0], m*)"}};
    for (const ProgramOption& option : program_options()) parameters.push_back({option.name + "=", option.unit, option.standard, option.help});
    return parameters;
  }
  bool probed() const override { return false; }

  bool completes(std::string_view option) const override { return option == "target"; }

  void complete(AnalysisCard& card, const Scope& top, const Netlist& netlist) const override {
    const std::vector<std::string_view>& words = card.card->words;
    const auto name = std::find(words.begin(), words.end(), "target");
    if (words.end() - name < 3) return;  // plan() says so
    for (const ProgramGroup& group : program_groups(card, netlist, top.elaboration().diagnostics))
      card.crossings.push_back(read_crossing_values(top, *card.card, name[2], group.shape, {group.name, "target"}).value);
  }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    ProgramJob job{.settings = read_program_options(card, diagnostics), .groups = {}, .faulty = 0, .where = card.where, .target_where = {}};
    if (card.words.empty()) return diagnostics.error(card.where, "there is no device to program; usage: " + usage()), nullptr;
    const auto target = std::find_if(card.options.begin(), card.options.end(), [](const auto& option) { return option.first == "target"; });
    if (target == card.options.end())
      return diagnostics.error(card.where, "there is no target=, the conductance in siemens to be reached; usage: " + usage()), nullptr;
    job.target_where = target->second.where;
    const std::vector<ProgramGroup> groups = program_groups(card, netlist, diagnostics);
    for (std::size_t k = 0; k < std::min(groups.size(), card.crossings.size()); ++k) add(groups[k], card.crossings[k], job);
    const Options options = options_of(netlist, diagnostics);
    const LoneSetup setup = lone_setup(job.settings, options, environment_of(netlist, options));
    if (diagnostics.errors() == errors)
      for (std::size_t k = 0; k < groups.size(); ++k) check(groups[k], job.groups[k], setup, job, card, diagnostics);
    return diagnostics.errors() == errors ? program_plan(std::move(job)) : nullptr;
  }

 private:
  static void add(const ProgramGroup& group, const std::vector<double>& target, ProgramJob& job) {
    ProgramTargets targets{.array = group.array ? group.array->name : "", .layer = group.array ? group.name : "", .list = {}};
    for (const ProgramDevice& device : group.devices)
      if (!target.empty()) targets.list.push_back({device.name, target[target.size() == 1 ? 0 : device.place], device.place});
    job.groups.push_back(std::move(targets));
    job.faulty += group.faulty;
  }

  /// What the netlist alone can tell, before anything is built.
  static void check(const ProgramGroup& group, const ProgramTargets& targets, const LoneSetup& setup, const ProgramJob& job, const AnalysisCard& card,
                    Diagnostics& diagnostics) {
    if (job.settings.scheme != ProgramSettings::Scheme::isolated) check_driven(group, card, setup, diagnostics);
    if (!group.array) {
      for (std::size_t k = 0; k < targets.list.size(); ++k)
        check_reach(*group.devices[k].device->kind, group.devices[k].device->values, setup, {targets.list[k]}, job, diagnostics);
      return;
    }
    const ArrayCells& cells = *group.cells;
    const bool alike = std::all_of(cells.varied.begin(), cells.varied.end(), [&](const auto& field) { return field.first == cells.kind->weight; });
    if (alike && !targets.list.empty()) check_reach(*cells.kind, cells.values, setup, targets.list, job, diagnostics);
  }

  /// The first device of several alike whose target is out of reach.
  static void check_reach(const Kind& kind, const Values& values, const LoneSetup& setup, const std::vector<ProgramTarget>& targets, const ProgramJob& job,
                          Diagnostics& diagnostics) {
    const auto [least, most] = LoneDevice(kind, values, setup).reach();
    for (const ProgramTarget& target : targets)
      if (!(target.conductance >= least && target.conductance <= most)) return diagnostics.error(job.target_where, out_of_reach(target, least, most));
  }

  static void check_driven(const ProgramGroup& group, const AnalysisCard& card, const LoneSetup& setup, Diagnostics& diagnostics) {
    const auto refuse = [&](const std::string& why) { diagnostics.error(card.where, fmt::format("{}; use scheme=isolated", why)); };
    if (!group.array) return refuse(fmt::format("'{}' is no crossing of an array, so no lines could be selected", group.devices.front().name));
    if (group.array->coupling != FlatArray::Coupling::passive)
      return refuse(fmt::format("'{}' is buffered (its coupling is not passive), so its rows and columns cannot drive its devices", group.array->name));
    if (!LoneDevice(*group.cells->kind, group.cells->values, setup).moves())
      return refuse(fmt::format("devices of '{}' ({}) have no state that pulses move", group.array->name, group.cells->kind->name));
  }
};

const Registered<Analysis, Program> registered("program");

}  // namespace
}  // namespace settle
