// Shaping data sets.
#include "learning/data_shaping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "circuits/source.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"
#include "sim/random.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr Index all_samples = std::numeric_limits<Index>::max();

[[noreturn]] void fail(const std::string& text) { throw Error(Fault::netlist, text); }

std::string known_classes(const DataOutline& outline) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min<std::size_t>(outline.classes.size(), 20));
  return fmt::format("{}{}", fmt::join(outline.classes.begin(), outline.classes.begin() + shown, ", "), shown < static_cast<std::ptrdiff_t>(outline.classes.size()) ? ", ..." : "");
}

/// The place of a class by its name, or by its number.
int class_at(const DataOutline& outline, const std::string& word) {
  const auto same = [&](const std::string& name) { return lower_case(name) == lower_case(word); };
  const auto found = std::find_if(outline.classes.begin(), outline.classes.end(), same);
  if (found != outline.classes.end()) return static_cast<int>(found - outline.classes.begin());
  const auto number = whole_number(word);
  if (number && *number >= 0.0 && *number == std::floor(*number) && *number < static_cast<double>(outline.classes.size())) return static_cast<int>(*number);
  fail(fmt::format("classes=: {} has no class '{}'; there are {}{}", outline.source, word, known_classes(outline), suggest(word, outline.classes)));
}

/// Old numbers in their new order.
std::vector<int> chosen_classes(const DataOutline& outline, const std::vector<std::string>& words) {
  std::vector<int> chosen;
  for (const std::string& word : words) {
    const std::size_t colon = word.find(':');
    const int first = class_at(outline, word.substr(0, colon)), last = colon == std::string::npos ? first : class_at(outline, word.substr(colon + 1));
    for (int k = first; k != last + (last < first ? -1 : 1); k += last < first ? -1 : 1) {
      if (std::count(chosen.begin(), chosen.end(), k)) fail(fmt::format("classes=: class {} is named twice", outline.classes[static_cast<std::size_t>(k)]));
      chosen.push_back(k);
    }
  }
  return chosen;
}

std::vector<std::string> names_of(const DataOutline& outline, const std::vector<int>& chosen) {
  std::vector<std::string> names;
  for (const int k : chosen) names.push_back(outline.classes[static_cast<std::size_t>(k)]);
  return names;
}

Samples picked(const Samples& from, const std::vector<Index>& which) {
  Samples samples{from.inputs(Eigen::all, which), {}, {}};
  if (from.targets.cols() > 0) samples.targets = from.targets(Eigen::all, which);
  if (!from.labels.empty())
    for (const Index k : which) samples.labels.push_back(from.labels[static_cast<std::size_t>(k)]);
  return samples;
}

void keep_classes(Samples& samples, const std::vector<int>& chosen) {
  std::vector<Index> which;
  for (std::size_t k = 0; k < samples.labels.size(); ++k)
    if (std::count(chosen.begin(), chosen.end(), samples.labels[k])) which.push_back(static_cast<Index>(k));
  samples = picked(samples, which);
  for (int& label : samples.labels) label = static_cast<int>(std::find(chosen.begin(), chosen.end(), label) - chosen.begin());
}

void keep_first(Samples& samples, Index most) {
  if (samples.count() <= most) return;
  std::vector<Index> which(static_cast<std::size_t>(most));
  std::iota(which.begin(), which.end(), Index{0});
  samples = picked(samples, which);
}

/// Fisher-Yates' shuffle says who is held out; both parts keep their order.
void split(DataSet& data, double held_out, std::uint64_t seed) {
  const Index samples = data.train.count();
  const Index out = held_out < 1.0 ? std::llround(held_out * static_cast<double>(samples)) : static_cast<Index>(held_out);
  if (out == 0) return;
  if (out >= samples) fail(fmt::format("held_out=: {:g} leaves none of {} samples for training", held_out, samples));
  std::vector<Index> order(static_cast<std::size_t>(samples));
  std::iota(order.begin(), order.end(), Index{0});
  Stream stream(seed, "task held out");
  for (std::size_t k = order.size(); k-- > 1;) std::swap(order[k], order[static_cast<std::size_t>(stream.uniform() * static_cast<double>(k + 1))]);
  const auto middle = order.begin() + out;
  std::sort(order.begin(), middle);
  std::sort(middle, order.end());
  data.held_out = picked(data.train, {order.begin(), middle});
  data.train = picked(data.train, {middle, order.end()});
}

void normalize(DataSet& data, Normalize how) {
  if (how == Normalize::none || data.train.count() == 0) return;
  const Eigen::MatrixXd& x = data.train.inputs;
  const double most = x.cwiseAbs().maxCoeff();
  const bool unit = how == Normalize::unit;
  const Eigen::VectorXd mean = unit ? Eigen::VectorXd::Zero(x.rows()).eval() : x.rowwise().mean().eval();
  Eigen::VectorXd scale = unit ? Eigen::VectorXd::Constant(x.rows(), most).eval()
                               : ((x.colwise() - mean).rowwise().squaredNorm() / static_cast<double>(x.cols())).cwiseSqrt().eval();
  // A feature that never changes tells nothing: it becomes 0.
  for (Index k = 0; k < scale.size(); ++k) scale[k] = scale[k] > 1e-12 * std::abs(mean[k]) && scale[k] > 0.0 ? 1.0 / scale[k] : 1.0;
  for (Samples* part : {&data.train, &data.held_out})
    if (part->count() > 0) part->inputs = scale.asDiagonal() * (part->inputs.colwise() - mean);
}

void encode(Samples& samples, const DataOutline& outline) {
  samples.targets = Eigen::MatrixXd::Constant(outline.targets(), samples.count(), outline.low);
  for (Index s = 0; s < samples.count(); ++s) {
    const int label = samples.labels[static_cast<std::size_t>(s)];
    if (outline.encoding == Encoding::onehot) samples.targets(label, s) = outline.high;
    else if (label == 1) samples.targets(0, s) = outline.high;
  }
}

void name_targets(DataOutline& outline, const Shaping& shaping) {
  outline.encoding = shaping.encoding.value_or(outline.encoding);
  if (outline.encoding == Encoding::onehot) return void(outline.target_names = outline.classes);
  if (outline.classes.size() != 2)
    fail(fmt::format("encoding=: one target tells two classes apart, but {} has {} ({}); choose two with classes=, or write encoding=onehot", outline.source, outline.classes.size(), known_classes(outline)));
  outline.target_names = {outline.classes[1]};
  if (outline.encoding == Encoding::sign) outline.low = -1.0;
}

}  // namespace

Index Shaping::most(bool tested) const { return classes.empty() && (tested || held_out < 0.0) ? limit : all_samples; }
Index Shaping::most_held_out() const { return classes.empty() && held_out >= 1.0 ? static_cast<Index>(held_out) : all_samples; }

Shaping read_shaping(DataOptions& options) {
  Shaping shaping;
  if (options.given("limit")) shaping.limit = options.count("limit", 1);
  if (options.given("held_out")) {
    shaping.held_out = options.number("held_out", 0.0, {0.0, 1e9});
    if (shaping.held_out > 1.0 && shaping.held_out != std::floor(shaping.held_out))
      options.error("held_out", fmt::format("held_out={:g} is neither a share below 1 nor a whole number of samples", shaping.held_out));
  }
  shaping.classes = options.list("classes");
  if (options.given("classes") && shaping.classes.empty()) options.error("classes", "classes= names none; write classes=0,3 or classes=0:4");
  const std::size_t encoding = options.word("encoding", {"onehot", "binary", "sign"}, 0);
  if (options.given("encoding")) shaping.encoding = static_cast<Encoding>(encoding);
  shaping.normalize = static_cast<Normalize>(options.word("normalize", {"none", "unit", "standard"}, 0));
  shaping.seed = options.seed();
  return shaping;
}

std::vector<CardParameter> shaping_parameters() {
  return {{"classes=", "", "all", "only these, in this order: names or numbers, classes=0,3 or classes=0:4"},
          {"held_out=", "", "the source's own, or 0", "samples kept from training to test it: a share below 1 or a number, drawn by the deck's seed; of held-out samples the source brings, the first"},
          {"limit=", "", "all", "only the first n samples for training"},
          {"normalize=", "", "none", "none; unit: divided by the greatest feature; standard: every feature with mean 0 and deviation 1; figures are those of the training samples"},
          {"encoding=", "", "onehot (xor, parity: binary)", "how classes become targets: onehot: one target a class, 1 for the sample's and 0 for others; binary: one target for two classes, 0 and 1; sign: -1 and 1"}};
}

void shape_outline(DataOutline& outline, const Shaping& shaping) {
  if (outline.classes.empty()) {
    if (!shaping.classes.empty() || shaping.encoding) fail(fmt::format("{}=: that is about classes, but {} has none: its targets are numbers", shaping.encoding ? "encoding" : "classes", outline.source));
    return;
  }
  if (!shaping.classes.empty()) outline.classes = names_of(outline, chosen_classes(outline, shaping.classes));
  name_targets(outline, shaping);
}

void shape(DataSet& data, const Shaping& shaping) {
  if (!shaping.classes.empty() && !data.classes.empty()) {
    const std::vector<int> chosen = chosen_classes(data, shaping.classes);
    keep_classes(data.train, chosen);
    if (data.tested) keep_classes(data.held_out, chosen);
    if (data.train.count() == 0) fail(fmt::format("classes=: no training sample of {} is of these classes", data.source));
  }
  shape_outline(data, shaping);
  if (data.tested && shaping.held_out >= 0.0)
    keep_first(data.held_out, shaping.held_out < 1.0 ? std::llround(shaping.held_out * static_cast<double>(data.held_out.count())) : static_cast<Index>(shaping.held_out));
  else if (shaping.held_out > 0.0) split(data, shaping.held_out, shaping.seed);
  keep_first(data.train, shaping.limit);
  data.samples = data.train.count();
  normalize(data, shaping.normalize);
  if (data.classes.empty()) return;
  encode(data.train, data);
  encode(data.held_out, data);
}

}  // namespace settle
