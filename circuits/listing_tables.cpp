// What there is to list: devices, analyses, waveforms, functions, options, write models and methods, from their registries.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "circuits/setting.hpp"
#include "circuits/analysis.hpp"
#include "circuits/array_options.hpp"
#include "circuits/listing.hpp"
#include "devices/write.hpp"
#include "sim/expression_function.hpp"
#include "sim/stepper.hpp"

namespace settle {
namespace {

std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{:g}", value); }

std::string range_text(double lower, double upper) {
  const bool from = lower != -Field::unbounded, to = upper != Field::unbounded;
  if (from && to) return fmt::format("{:g} ... {:g}", lower, upper);
  return from ? fmt::format(">= {:g}", lower) : to ? fmt::format("<= {:g}", upper) : "";
}

/// Kinds whose value is an expression of voltages and currents have no principal number.
bool takes_expression(const Kind& kind) { return kind.name.starts_with("behavioural"); }

std::string card_of(const Kind& kind) {
  const std::string nodes = fmt::format("{}", fmt::join(kind.terminals, " "));
  std::string usage = kind.letter ? fmt::format("{}<name> {}", static_cast<char>(std::toupper(kind.letter)), nodes) : fmt::format("Y{} <name> {}", kind.name, nodes);
  if (takes_expression(kind)) return usage + " value={expression}";
  if (!kind.model_types.empty()) usage += kind.principal.empty() ? " <model>" : " [<model>]";
  if (!kind.principal.empty()) usage += fmt::format(" <{}>", kind.principal);
  return kind.fields.empty() ? usage : usage + " [name=value ...]";
}

const char* holomorphy_text(Holomorphy holomorphy) {
  switch (holomorphy) {
    case Holomorphy::everywhere: return "everywhere complex-differentiable";
    case Holomorphy::piecewise: return "complex-differentiable in regions that the real parts choose";
    case Holomorphy::nowhere: break;
  }
  return "not complex-differentiable";
}

std::vector<ListingEntry> devices() {
  std::vector<ListingEntry> entries;
  for (const auto& [name, kind] : Registry<Kind>::all()) {
    ListingEntry entry{name, card_of(*kind), kind->help, {holomorphy_text(kind->holomorphy)}, {}};
    if (kind->letter) entry.facts.push_back(fmt::format("also Y{} <name> {} ...", name, fmt::join(kind->terminals, " ")));
    if (!kind->model_types.empty()) {
      const std::string level = kind->levels.empty() ? "" : fmt::format(" with level={}", fmt::join(kind->levels, " or "));
      entry.facts.push_back(fmt::format(".model type {}{}", fmt::join(kind->model_types, " or "), level));
    }
    for (const Field& f : kind->fields)
      entry.rows.push_back({f.name, f.unit, number(f.initial), range_text(f.lower, f.upper), f.help + (f.owner == Field::Owner::model ? " (model)" : "")});
    entries.push_back(std::move(entry));
  }
  return entries;
}

template <class Card>
void add_cards(std::vector<ListingEntry>& entries) {
  for (const auto& [name, card] : Registry<Card>::all()) {
    ListingEntry entry{name, card->usage(), card->help(), {}, {}};
    for (const CardParameter& p : card->parameters()) entry.rows.push_back({p.name, p.unit, p.standard, "", p.help});
    entries.push_back(std::move(entry));
  }
}

std::vector<ListingEntry> analyses() {
  std::vector<ListingEntry> entries;
  add_cards<Analysis>(entries);
  add_cards<Setting>(entries);
  return entries;
}

std::vector<ListingEntry> waveforms() {
  std::vector<ListingEntry> entries;
  for (const auto& [name, kind] : Registry<WaveformKind>::all()) {
    ListingEntry entry{name, name + "(", kind->help(), {}, {}};
    for (const WaveformParameter& p : kind->parameters()) {
      entry.usage += (entry.rows.empty() ? "" : " ") + p.name;
      entry.rows.push_back({p.name, p.unit, p.standard.empty() ? "required" : p.standard, "", p.help});
    }
    entry.usage += kind->open_ended() ? " ...)" : ")";
    for (const WaveformParameter& p : kind->options()) {
      entry.usage += fmt::format(" [{}=...]", p.name);
      entry.rows.push_back({p.name + "=", p.unit, p.standard, "", p.help});
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ListingEntry> functions() {
  std::vector<ListingEntry> entries;
  for (const auto& [key, f] : Functions::all()) {
    const std::string name = key.substr(0, key.find('/'));
    const std::string help = f->refusal.empty() ? f->help : "not available: " + f->refusal;
    const char* holomorphic = !f->refusal.empty() ? "" : f->holomorphic ? "yes" : "no";
    entries.push_back({name, "", "", {}, {{fmt::format("{}({})", name, f->arguments), "", "", holomorphic, help}}});
  }
  return entries;
}

std::vector<ListingEntry> options() {
  std::vector<ListingEntry> entries;
  for (const OptionEntry& o : option_table()) entries.push_back({o.name, "", "", {}, {{o.name, o.unit, o.standard, range_text(o.lower, o.upper), o.help}}});
  return entries;
}

/// "a number" is said by the unit; the others are named.
std::string range_text(const ArrayOption& option) {
  using Form = ArrayOption::Form;
  switch (option.form) {
    case Form::word: return fmt::format("{}", fmt::join(option.words, ", "));
    case Form::bus: return "bus";
    case Form::name: return "model";
    case Form::faults: return "0 ... 1 or a list";
    case Form::number:
    case Form::per_crossing: break;
  }
  return range_text(option.lower, option.upper);
}

std::vector<ListingEntry> crossbar() {
  std::vector<ListingEntry> entries;
  for (const ArrayOption& o : array_options()) {
    const std::string needs = o.needs.empty() ? "" : fmt::format(" (with {})", fmt::join(o.needs, " or "));
    entries.push_back({o.name, "", "", {}, {{o.name, o.unit, o.standard, range_text(o), o.help + needs}}});
  }
  return entries;
}

std::vector<ListingEntry> methods() {
  std::vector<ListingEntry> entries;
  for (const auto& [name, kind] : Registry<StepperKind>::all()) entries.push_back({name, "", "", {}, {{name, "", std::to_string(kind->order()), "", kind->help()}}});
  return entries;
}

std::string value_text(const WriteField& field, double value) {
  return field.choices.empty() ? number(value) : field.choices.at(static_cast<std::size_t>(value));
}

ListingEntry model_entry(const WriteModel& model) {
  ListingEntry entry{model.name, fmt::format(".model <name> {}(name=value ...)", model.name), model.help, {}, {}};
  if (!model.source.empty()) entry.facts.push_back("from " + model.source);
  for (const WriteField& f : model.fields) {
    const std::string range = f.choices.empty() ? range_text(f.field.lower, f.field.upper) : fmt::format("{}", fmt::join(f.choices, ", "));
    entry.rows.push_back({f.field.name, f.field.unit, f.file ? "required" : value_text(f, f.field.initial), range, f.field.help});
  }
  return entry;
}

std::vector<ListingEntry> writes() {
  std::vector<ListingEntry> entries;
  for (const auto& [name, model] : Registry<WriteModel>::all()) entries.push_back(model_entry(*model));
  for (const WritePreset& preset : write_presets()) {
    const WriteModel& model = *Registry<WriteModel>::find(preset.model);
    ListingEntry entry{preset.name, fmt::format(".model <name> {}(gmin=1u gmax=50u)", preset.name), fmt::format("{}: a preset of {}", preset.help, preset.model),
                       {"from " + preset.source}, {}};
    std::string values;
    for (const auto& [name, value] : preset.values) values += fmt::format("{}{}={}", values.empty() ? "" : " ", name, value_text(*model.field(name), value));
    entry.facts.push_back(values);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ListingTopic> with_registered(std::vector<ListingTopic> topics) {
  for (const auto& [name, topic] : Registry<ListingTopic>::all()) topics.push_back(*topic);
  return topics;
}

}  // namespace

const std::vector<ListingTopic>& listing_topics() {
  static const std::array<std::string, 5> parameter{"parameter", "unit", "default", "range", "meaning"};
  static const std::vector<ListingTopic> topics = with_registered({
      {"devices", "Devices",
       "Every kind of device with its card and its parameters. A parameter stands as name=value on the device's card or in its .model; those marked (model) usually in the latter. "
       "A default that is left out is worked out from other parameters. Every kind is also written Y<kind>.",
       false, parameter, devices},
      {"analyses", "Analyses", "What a deck can ask for, and behind it the cards that set the scene. Expressions in braces may stand for numbers.", false, parameter, analyses},
      {"waveforms", "Waveforms", "What an independent source can do over time: V<name> p n <waveform>. Parentheses and commas may be left out.", false, parameter, waveforms},
      {"functions", "Functions", "What an expression can call. A function that is not complex-differentiable looks at real parts.", true,
       {"function", "unit", "default", "complex-differentiable", "meaning"}, functions},
      {"crossbar", "Crossbar",
       "Options of an array card: Ycrossbar <name> <rows> <columns> [<model>] [option=value ...]. Every parameter of the model may be given, too: a number, or "
       "{an expression of row and col}; with back. before it for the devices that send their current into the rows (coupling=pair), with sel. for selectors. "
       "What a card means is in [crossbars.md](crossbars.md).",
       true, {"option", "unit", "default", "values", "meaning"}, crossbar},
      {"options", "Options", "What .options name=value sets.", true, {"option", "unit", "default", "range", "meaning"}, options},
      {"writes", "Write models",
       "How a device answers a requested change of its conductance, in learning and programming: .model NAME TYPE(name=value ...), and write=NAME on a device or an "
       "array. A weight w from wmin to wmax stands for the conductance g = gmin + (gmax - gmin) (w - wmin) / (wmax - wmin); D is the step dw of one pulse with the "
       "device's own spread and asymmetry, xi a standard normal number, drawn anew for each pulse. After the models come presets: published devices.",
       false, parameter, writes},
      {"methods", "Methods", "How .tran moves through time: .options method=<name>.", true, {"method", "unit", "order", "range", "meaning"}, methods}});
  return topics;
}

}  // namespace settle
