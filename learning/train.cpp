// .train: the circuit learns, epoch by epoch; what follows on the deck sees it trained.
#include <fmt/format.h>

#include <cmath>

#include "circuits/card_options.hpp"
#include "circuits/deck.hpp"
#include "circuits/snapshot.hpp"
#include "learning/checkpoint.hpp"
#include "learning/train_report.hpp"
#include "learning/weights_file.hpp"

namespace settle {
namespace {

struct TrainFiles {
  std::string checkpoint, save;  // "": none
};

class TrainPlan final : public Plan {
 public:
  TrainPlan(const AnalysisCard& card, Learning learning, TrainSettings settings, TrainTrace trace, TrainFiles files, bool from_deck)
      : card_(card), learning_(std::move(learning)), settings_(settings), trace_(trace), files_(std::move(files)), from_deck_(from_deck) {}

  Axis axis() const override { return {"epoch", "1", "presentations of the whole training set"}; }
  std::vector<ProbeLabel> extra(const Job& job) const override { return trace_.labels(Weights(job.netlist, job.circuit, job.environment, learning_.devices), lessons_of(card_, job, learning_.cost)); }

  AnalysisStats run(Job& job, Recorder& recorder) const override {
    const Lessons lessons = lessons_of(card_, job, learning_.cost);
    if (from_deck_) start_as_the_deck_says(job);
    Training training(job, learning_, lessons, settings_, recorder);
    Checkpoint saved{.key = key(job), .epochs = 0, .updates = 0, .history = {}, .memory = {}};
    if (job.resume && !files_.checkpoint.empty()) resume(training, saved, recorder);
    double best = INFINITY;
    long since_best = 0;
    std::string ended = "all epochs";
    Compared compared;
    double skipped = 0.0;
    while (training.epochs_done() < settings_.epochs) {
      const double done = static_cast<double>(training.epochs_done()), all = static_cast<double>(settings_.epochs);
      const EpochReport report = training.epoch([&](double share) { recorder.progress((done + share) / all); });
      const std::vector<double> row = trace_.values(training, lessons, report);
      recorder.record(done + 1.0, std::span<const double>(row));
      keep(training, row, saved);
      compared.add(report);
      skipped += report.skipped;
      const double cost = lessons.held_out ? report.held_out_cost : report.cost;
      since_best = cost < best ? 0 : since_best + 1;
      best = std::min(best, cost);
      if (report.cost <= settings_.stop) { ended = fmt::format("a cost of {:.3g}, below stop=", report.cost); break; }
      if (settings_.patience > 0 && since_best >= settings_.patience) { ended = fmt::format("{} epochs without a better cost", since_best); break; }
    }
    AnalysisStats stats{.points = training.epochs_done(), .method = learning_.rule_name + ", " + learning_.optimizer_name};
    report_training(training, lessons, ended, stats);
    compared.report(stats);
    if (settings_.skip) stats.facts.push_back({"samples skipped", skipped, ""});
    hand_over(job, training);
    if (!files_.save.empty()) {
      write_weights(files_.save, training.weights());
      stats.facts.push_back({"trained values", 0.0, "", files_.save});
    }
    return stats;
  }

 private:
  std::string key(const Job& job) const { return fmt::format("{} {} {} {}", job.netlist.title, job.seed, learning_.rule_name, learning_.optimizer_name); }

  /// Forgets what trainings before did to these devices.
  void start_as_the_deck_says(const Job& job) const {
    Circuit untouched(job.netlist, tolerances_of(job.options), job.environment);
    Weights(job.netlist, job.circuit, job.environment, learning_.devices).set(Weights(job.netlist, untouched, job.environment, learning_.devices).values());
  }

  /// Records what the checkpoint did, and goes on behind it.
  void resume(Training& training, Checkpoint& saved, Recorder& recorder) const {
    auto checkpoint = read_checkpoint(files_.checkpoint);
    if (!checkpoint) return;
    if (checkpoint->key != saved.key) throw Error(Fault::file, fmt::format("the checkpoint '{}' is of another training ({}), not of this one ({})", files_.checkpoint, checkpoint->key, saved.key));
    training.continue_at(checkpoint->epochs, checkpoint->updates, checkpoint->memory);
    saved = std::move(*checkpoint);
    for (Index k = 0; k < saved.history.rows(); ++k) recorder.record(static_cast<double>(k + 1), std::span<const double>(saved.history.data() + k * saved.history.cols(), static_cast<std::size_t>(saved.history.cols())));
  }

  /// A checkpoint makes later rest states independent of earlier ones, whether it is loaded or not.
  void keep(Training& training, const std::vector<double>& row, Checkpoint& saved) const {
    if (files_.checkpoint.empty()) return;
    saved.history.conservativeResize(saved.history.rows() + 1, static_cast<Index>(row.size()));
    saved.history.row(saved.history.rows() - 1) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), static_cast<Index>(row.size()));
    saved.epochs = training.epochs_done(), saved.updates = training.updates();
    saved.memory = training.updater().memory();
    write_checkpoint(files_.checkpoint, saved);
    training.forget_rest_states();
  }

  static void hand_over(Job& job, Training& training) {
    keep_weights(job, training.weights());
    training.outputs(0);
    if (job.at_end) job.at_end(Snapshot<double>(training.stage().dynamics(), training.stage().rest(), 0.0));
  }

  AnalysisCard card_;
  Learning learning_;
  TrainSettings settings_;
  TrainTrace trace_;
  TrainFiles files_;
  bool from_deck_;
};

class Train final : public Analysis {
 public:
  std::string help() const override { return "the circuit learns from the samples of `.task`, or towards the targets of `.teach`, by the rule of `.learn`; analyses behind it see the trained circuit"; }
  std::string usage() const override { return ".train [rule] epochs=value [name=value ...]"; }
  std::vector<CardParameter> parameters() const override {
    return {{"rule", "", "the only one", "name of a `.learn` card"},
            {"from=", "", "here", "here: devices start where analyses before left them; deck: as the deck has them, so that rules can be compared"},
            {"epochs=", "", "100", "presentations of the whole training set"},
            {"batch=", "", "1", "samples per update; 0: all"},
            {"shuffle=", "", "on", "a new order every epoch, from the seed"},
            {"stop=", "cost", "0", "mean cost of an epoch that ends the training"},
            {"patience=", "", "0 (never)", "epochs without a better cost, of the held-out samples if there are some, that end it"},
            {"compare=", "", "0 (never)", "epochs between comparisons of the gradient with the exact one, and of the circuit's symmetry"},
            {"unsettled=", "", "stop", "what becomes of a sample whose nudged states are not found (its branch ends, it does not settle): stop the training, or skip it for this epoch"},
            {"precision=", "", "double", "double, or single: samples settle in single precision, twice as fast; gradients are then off by about 1e-6 / beta in units of the circuit's leaks. Circuits whose samples settle together only"},
            {"weights=", "", "off", "record all weights every epoch: on or off"},
            {"histogram=", "", "0", "bins of a histogram of every array's weights, every epoch"},
            {"save=", "", "none", "file for the trained values, which `.weights` reads: device, parameter, value"},
            {"checkpoint=", "", "none", "file written behind every epoch; `settle run --resume` continues from it"}};
  }
  bool probed() const override { return false; }
  bool completes(std::string_view option) const override { return option == "checkpoint" || option == "save"; }
  /// Names of files, as written.
  void complete(AnalysisCard& card, const Scope&, const Netlist&) const override {
    const std::vector<std::string_view>& words = card.card->words;
    for (auto& [name, word] : card.options)
      for (std::size_t k = 0; completes(name) && k + 2 < words.size(); ++k)
        if (words[k] == name && words[k + 1] == "=") word.text = card.card->line.original(unquoted(words[k + 2]));
  }

  std::unique_ptr<Plan> plan(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) const override {
    const std::size_t errors = diagnostics.errors();
    CardOptions options(card, *this, diagnostics);
    TrainSettings settings;
    constexpr double many = 1e9;
    settings.epochs = static_cast<long>(options.number("epochs", 100, {1, many, true}));
    settings.batch = static_cast<long>(options.number("batch", 1, {0, many, true}));
    settings.shuffle = options.word("shuffle", {"on", "off"}, 0) == 0;
    settings.stop = options.number("stop", 0.0, {0.0, INFINITY});
    settings.patience = static_cast<long>(options.number("patience", 0, {0, many, true}));
    settings.compare = static_cast<long>(options.number("compare", 0, {0, many, true}));
    settings.skip = options.word("unsettled", {"stop", "skip"}, 0) == 1;
    settings.single = options.word("precision", {"double", "single"}, 0) == 1;
    TrainTrace trace;
    trace.compared = settings.compare > 0;
    trace.weights = options.word("weights", {"off", "on"}, 0) == 1;
    trace.bins = static_cast<int>(options.number("histogram", 0, {0, 1000, true}));
    const TrainFiles files{.checkpoint = options.text("checkpoint"), .save = options.text("save")};
    const bool from_deck = options.word("from", {"here", "deck"}, 0) == 1;
    options.finish(std::min<std::size_t>(1, card.words.size()));
    auto learning = chosen(card, netlist, diagnostics);
    if (!learning || !check_lessons(card, netlist, learning->cost, diagnostics) || diagnostics.errors() != errors) return nullptr;
    return std::make_unique<TrainPlan>(card, std::move(*learning), settings, trace, files, from_deck);
  }

 private:
  static std::optional<Learning> chosen(const AnalysisCard& card, const Netlist& netlist, Diagnostics& diagnostics) {
    std::vector<Learning> all = learnings_of(netlist, diagnostics);
    std::string names;
    for (const Learning& learning : all) names += (names.empty() ? "" : ", ") + learning.name;
    if (!card.words.empty()) {
      for (Learning& learning : all)
        if (learning.name == card.words[0].text) return checked(std::move(learning), diagnostics);
      return diagnostics.error(card.words[0].where, fmt::format("no .learn card is called '{}'; there {}", card.words[0].text, all.empty() ? "is none" : "are " + names)), std::nullopt;
    }
    if (all.size() == 1) return checked(std::move(all.front()), diagnostics);
    if (all.empty() && names_a_rule(netlist)) return {};  // what is wrong with it has been said
    if (all.empty()) diagnostics.error(card.where, ".train needs a rule; add for example .learn rule=ep beta=1u rate=1");
    else diagnostics.error(card.where, fmt::format("which rule is to train? .train takes the name of a .learn card: {}", names));
    return {};
  }

  static std::optional<Learning> checked(Learning learning, Diagnostics& diagnostics) {
    if (learning.rates.rate > 0.0 || !learning.rates.of_devices.empty()) return learning;
    diagnostics.error(learning.where, "training needs rate=, how fast devices learn: with optimizer=sgd their change per gradient, with adam or sign their change per update");
    return {};
  }
};

const Registered<Analysis, Train> registered("train");

}  // namespace
}  // namespace settle
