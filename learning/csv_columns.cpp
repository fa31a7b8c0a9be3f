// Finding columns.
#include "learning/csv_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "circuits/source.hpp"
#include "sim/error.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

std::optional<std::size_t> whole(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

class Finder {
 public:
  Finder(const std::vector<std::string>& header, std::size_t width, const std::string& path) : header_(header), width_(width), path_(path), taken_(width, false) {}

  /// A name, a number, or a range of either: 0:3, sepal_length:petal_width.
  std::vector<std::size_t> places(const std::string& word) {
    const std::size_t colon = word.find(':');
    const bool range = colon != std::string::npos && !named(word);
    const std::size_t first = range ? place(word.substr(0, colon)) : place(word), last = range ? place(word.substr(colon + 1)) : first;
    if (last < first) fail(fmt::format("columns {} run backwards; write {}:{}", word, last, first));
    std::vector<std::size_t> all;
    for (std::size_t k = first; k <= last; ++k) all.push_back(take(k));
    return all;
  }
  std::vector<std::size_t> places(const std::vector<std::string>& words) {
    std::vector<std::size_t> all;
    for (const std::string& word : words)
      for (const std::size_t k : places(word)) all.push_back(k);
    return all;
  }
  std::vector<std::size_t> rest() const {
    std::vector<std::size_t> all;
    for (std::size_t k = 0; k < width_; ++k)
      if (!taken_[k]) all.push_back(k);
    return all;
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw Error(Fault::file, fmt::format("{}: {}", path_, text)); }

  std::optional<std::size_t> named(const std::string& word) const {
    const auto same = [&](const std::string& name) { return lower_case(name) == lower_case(word); };
    const auto found = std::find_if(header_.begin(), header_.end(), same);
    return found == header_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - header_.begin()));
  }
  std::size_t place(const std::string& word) const {
    if (const auto k = named(word)) return *k;
    const auto number = whole(word);
    if (number && *number < width_) return *number;
    if (number) fail(fmt::format("there is no column {}; the file has {} columns, counted from 0", word, width_));
    if (header_.empty()) fail(fmt::format("there is no column '{}': the file has no header; its {} columns are counted from 0", word, width_));
    fail(fmt::format("there is no column '{}'; the file has {}{}", word, fmt::join(header_, ", "), suggest(word, header_)));
  }
  std::size_t take(std::size_t k) {
    if (taken_[k]) fail(fmt::format("column {}{} is asked for twice", k, header_.empty() ? "" : " (" + header_[k] + ")"));
    taken_[k] = true;
    return k;
  }

  const std::vector<std::string>& header_;
  std::size_t width_;
  const std::string& path_;
  std::vector<bool> taken_;
};

}  // namespace

CsvPlaces find_columns(const CsvColumns& wanted, const std::vector<std::string>& header, std::size_t width, const std::string& path) {
  Finder finder(header, width, path);
  CsvPlaces places;
  if (!wanted.labels.empty()) {
    const std::vector<std::size_t> labels = finder.places(wanted.labels);
    if (labels.size() != 1) throw Error(Fault::file, fmt::format("{}: labels={} are {} columns; the class of a sample is one", path, wanted.labels, labels.size()));
    places.labels = labels.front();
  }
  places.targets = finder.places(wanted.targets);
  places.inputs = wanted.inputs.empty() ? finder.rest() : finder.places(wanted.inputs);
  if (places.inputs.empty()) throw Error(Fault::file, fmt::format("{}: no column is left for the inputs; the file has {}", path, width));
  return places;
}

}  // namespace settle
