// Array card: cells, selectors, conductances, signed weights, feedback.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/array_card.hpp"
#include "circuits/feedback.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {

bool ArrayCard::devices() {
  array_.coupling = std::array{FlatArray::Coupling::passive, FlatArray::Coupling::forward, FlatArray::Coupling::pair}[words_.choice("coupling")];
  const bool named = !words_.model.empty();
  const std::string_view word = named ? words_.model : "conductance";
  if (!reader_.choose(word, array_.cells) || !reader_.require_two_terminals(word, array_.cells)) return false;
  if (!named && !words_.says("g") && !words_.says("w"))
    return error(words_.name, fmt::format("'{}' has no conductances: g=number, g={{expression of row and col}} or g=\"file\"; or name a model", array_.name)), false;
  if (!selector() || !fields(array_.cells, "")) return false;
  if (array_.coupling == FlatArray::Coupling::pair) {
    array_.back = array_.cells;
    if (!fields(array_.back, "back.")) return false;
  }
  conductances();
  reader_.check(array_.cells, array_.name);
  if (array_.back.kind) reader_.check(array_.back, array_.name + ".back");
  if (array_.selector.kind) reader_.check(array_.selector, array_.name + ".sel");
  return true;
}

/// Fields of the devices whose names begin with the array's and `prefix`: "", "back.", "sel.".
bool ArrayCard::fields(ArrayCells& cells, std::string_view prefix) {
  bool good = true;
  const bool main = prefix.empty();
  for (const GivenOption& given : words_.given()) {
    const std::size_t dot = given.name.find('.');
    if (given.option || (main ? dot != std::string_view::npos : given.name.substr(0, prefix.size()) != prefix)) continue;
    const std::string field(given.name.substr(prefix.size()));
    const std::string stem = array_.name + (main ? "" : "." + std::string(prefix.substr(0, prefix.size() - 1)));
    if (cells.kind->field_index(field) == std::string::npos) {
      std::vector<std::string_view> known;
      for (const Field& f : cells.kind->fields) known.push_back(f.name);
      if (main)
        for (const ArrayOption& option : array_options()) known.push_back(option.name);
      error(given.name, fmt::format("'{}' is neither an option of a crossbar nor a parameter of {}{}", given.name, reader_.describe(cells), suggest(field, known)));
      good = false;
    } else if (field == cells.kind->weight && (words_.says("g") || words_.says("w"))) {
      error(given.name, fmt::format("'{}' is what {} sets; give one of them", given.name, words_.says("g") ? "g" : "w"));
      good = false;
    } else {
      reader_.set(cells, given.name, given.values.front(), {stem, field});
    }
  }
  return good;
}

bool ArrayCard::selector() {
  const std::string_view word = words_.word("selector");
  for (const GivenOption& given : words_.given()) {
    const std::string_view prefix = given.name.substr(0, given.name.find('.'));
    const bool known = given.option || prefix == given.name || (prefix == "sel" && !word.empty()) || (prefix == "back" && words_.says("coupling=pair"));
    if (known) continue;
    const bool device = prefix == "sel" || prefix == "back";
    return error(given.name, device ? fmt::format("'{}' has no effect without {}", given.name, prefix == "sel" ? "selector" : "coupling=pair")
                                    : fmt::format("'{}' is no option of a crossbar; parameters of selectors begin with sel., of the feedback devices with back.", given.name)),
           false;
  }
  if (word.empty()) return true;
  if (!reader_.choose(word, array_.selector)) return false;
  const Kind& kind = *array_.selector.kind;
  if (kind.terminals.size() > 2 && kind.terminals[1] == "g") {
    if (array_.gates.empty()) return error(word, fmt::format("{} has a gate; give gates=bus, one per row", reader_.describe(array_.selector))), false;
  } else {
    if (!reader_.require_two_terminals(word, array_.selector)) return false;
    if (!array_.gates.empty()) return error(words_.word("gates"), fmt::format("'gates' has no effect: {} has no gate", reader_.describe(array_.selector))), false;
  }
  return fields(array_.selector, "sel.");
}

void ArrayCard::conductances() {
  const bool with_signs = words_.says("w");
  const std::string_view word = words_.word(with_signs ? "w" : "g");
  if (word.empty() && words_.says("angle")) return error(words_.find("angle")->name, "'angle' is between weights that the card gives: g= or w=");
  if (!word.empty()) {
    const CrossingValues weights = read_crossing_values(scope_, card_, word, with_signs ? logical() : shape_, {array_.name, with_signs ? "w" : "g"});
    if (weights.value.empty()) return;
    const CrossingValues g = with_signs ? parts_of(weights) : weights;
    reader_.set_conductances(array_.cells, g, word, array_.name);
    if (array_.back.kind && !words_.says("gback")) reader_.set_conductances(array_.back, words_.says("angle") ? feedback(weights) : g, word, array_.name + ".back");
  }
  if (words_.says("gback") && array_.back.kind) {
    const CrossingOwner owner{array_.name + ".back", "g"};
    reader_.set_conductances(array_.back, read_crossing_values(scope_, card_, words_.word("gback"), shape_, owner), words_.word("gback"), owner.array);
  }
}

/// The two conductances of each signed weight: gbase + w/2 and gbase - w/2, or one of them the least and the other |w| above it.
CrossingValues ArrayCard::parts_of(const CrossingValues& weights) {
  const bool balanced = words_.says("gbase");
  const double base = balanced ? words_.number("gbase", 0.0) : reader_.reach(array_.cells)[0];
  CrossingValues parts{{}, weights.file};
  for (std::size_t k = 0; k < shape_.rows * shape_.columns; ++k) {
    const double w = weights.at(k);
    parts.value.push_back(base + (balanced ? 0.5 * w : std::max(w, 0.0)));
    parts.value.push_back(base - (balanced ? 0.5 * w : std::min(w, 0.0)));
  }
  return parts;
}

/// Weights of the feedback at the angle the card gives to the forward ones.
CrossingValues ArrayCard::feedback(const CrossingValues& forward) {
  const bool with_signs = words_.says("w");
  std::vector<double> all;
  for (std::size_t k = 0; k < (with_signs ? logical() : shape_).count(); ++k) all.push_back(forward.at(k));
  const double centre = with_signs ? 0.0 : mean_of(all), angle = words_.number("angle", 0.0);
  if (angle == 0.0) return with_signs ? parts_of(forward) : forward;
  Stream stream(scope_.elaboration().seed, "angle", array_.name);
  CrossingValues back{weights_at_angle(all, centre, angle, stream), forward.file};
  if (back.value.empty()) return error(words_.word("angle"), "an angle needs at least three different weights"), CrossingValues{};
  if (with_signs) return parts_of(back);
  clip(all, centre, back.value);
  return back;
}

/// Feedback conductances the devices cannot have are taken to their bounds, with what that does to the angle.
void ArrayCard::clip(const std::vector<double>& forward, double centre, std::vector<double>& back) {
  const std::array<double, 2> reach = reader_.reach(array_.back);
  const auto outside = std::count_if(back.begin(), back.end(), [&](double g) { return g < reach[0] || g > reach[1]; });
  if (outside == 0) return;
  for (double& g : back) g = std::clamp(g, reach[0], reach[1]);
  scope_.warning(card_.where(words_.word("angle")),
                 fmt::format("{} of {} feedback conductances of '{}' would lie outside {} to {} and are taken to these bounds; the angle is {:.4g} degrees", outside,
                             back.size(), array_.name, format_engineering(reach[0], "S"), format_engineering(reach[1], "S"), angle_between(forward, back, centre)));
}

}  // namespace settle
