// .task: where a deck's data come from.
#include "learning/task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <mutex>
#include <set>

#include "circuits/setting.hpp"
#include "learning/binding.hpp"
#include "learning/data_shaping.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr const char* card_usage = ".task source [name=value ...]; `settle list datasets` shows the sources";

/// A `.task` card, understood.
struct ReadCard {
  ReadCard(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics)
      : found(diagnostics.sources()), options(card, card_usage, netlist.seed, found) {
    if (const DataSource* source = find(card)) {
      reader = source->reader(options);
      shaping = read_shaping(options);
      options.finish();
    }
    if (found.has_errors()) reader = nullptr;
    for (const Diagnostic& d : found.all())
      if (d.severity == Severity::error) diagnostics.error(d.where, d.text, d.notes);
  }

  const DataSource* find(const AnalysisCard& card) {
    std::vector<std::string> known;
    for (const auto& [name, source] : Registry<DataSource>::all()) known.push_back(name);
    if (card.words.empty()) return found.error(card.where, fmt::format("which data? usage: {}; there are {}", card_usage, fmt::join(known, ", "))), nullptr;
    const DataSource* source = Registry<DataSource>::find(card.words[0].text);
    if (!source) found.error(card.words[0].where, fmt::format("there is no data source '{}'; there are {}{}", card.words[0].text, fmt::join(known, ", "), suggest(card.words[0].text, known)));
    return source;
  }

  Diagnostics found;  // by this reading, though an earlier one may have found the same
  DataOptions options;
  Shaping shaping;
  std::unique_ptr<const DataReader> reader;  // nullptr after an error
};

/// The data set last read, and those somebody holds.
class Shelf {
 public:
  template <class Read>
  std::shared_ptr<const DataSet> take(const std::string& key, Read read) {
    const std::lock_guard lock(mutex_);
    if (const auto it = held_.find(key); it != held_.end())
      if (auto data = it->second.lock()) return last_ = data;
    last_ = nullptr;  // before the next one needs its room
    last_ = std::make_shared<const DataSet>(read());
    held_[key] = last_;
    return last_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const DataSet> last_;
  std::map<std::string, std::weak_ptr<const DataSet>> held_;
};

/// Says at its place on the card what `read` throws.
template <class Read>
auto reported(const ReadCard& card, Diagnostics& diagnostics, Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    diagnostics.error(card.options.place_of(error.what()), error.what());
    return {};
  }
}

class TaskSetting final : public Setting {
 public:
  std::string help() const override { return "the data a circuit learns from: where they come from and how they are prepared; .input and .target bind them to the circuit"; }
  std::string usage() const override { return card_usage; }
  std::vector<CardParameter> parameters() const override { return shaping_parameters(); }
  bool keeps_text(std::string_view option) const override {
    static const std::set<std::string, std::less<>> texts{"file",   "files",  "images",      "labels",      "test_images", "test_labels",  "test_files",
                                                          "folder", "inputs", "test_inputs", "test_targets", "targets",     "classes"};
    return texts.count(option) > 0;
  }
  bool changes_circuit() const override { return false; }
  void check(const AnalysisCard&, const Netlist& netlist, Diagnostics& diagnostics) const override { check_binding(netlist, diagnostics); }
};

const Registered<Setting, TaskSetting> registered("task");

}  // namespace

const AnalysisCard* task_card(const Netlist& netlist) {
  for (const AnalysisCard& card : netlist.settings)
    if (card.kind == "task") return &card;
  return nullptr;
}

std::optional<DataOutline> task_outline(const Netlist& netlist, Diagnostics& diagnostics) {
  const AnalysisCard* card = task_card(netlist);
  if (!card) return {};
  const ReadCard read(*card, netlist, diagnostics);
  if (!read.reader) return {};
  return reported(read, diagnostics, [&] {
    DataOutline outline = read.reader->outline();
    shape_outline(outline, read.shaping);
    return outline;
  });
}

std::shared_ptr<const DataSet> load_task(const Netlist& netlist, Diagnostics& diagnostics) {
  const AnalysisCard* card = task_card(netlist);
  if (!card) return nullptr;
  const ReadCard read(*card, netlist, diagnostics);
  if (!read.reader) return nullptr;
  static Shelf shelf;
  return shelf.take(read.options.key(), [&] {
    DataSet data = read.reader->load(read.shaping.most(read.reader->tested()), read.shaping.most_held_out());
    shape(data, read.shaping);
    return data;
  });
}

}  // namespace settle
