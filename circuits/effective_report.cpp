// Effective values read back from a trace.
#include "circuits/effective_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/report_sparkline.hpp"
#include "sim/error.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

std::string text_of(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, value] : attributes)
    if (const auto* text = std::get_if<std::string>(&value); text && key == name) return *text;
  return "";
}

std::string shown(double value, const std::string& unit) { return std::isnan(value) ? "-" : format_engineering(value, unit, 6); }

/// "1 kOhm", or "980 Ohm ... 1.02 kOhm" over several steps.
std::string shown(const std::vector<double>& values, const std::string& unit) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *least == *most || values.size() == 1 ? shown(values.front(), unit) : fmt::format("{} ... {}", shown(*least, unit), shown(*most, unit));
}

class Report {
 public:
  Report(const TraceReader& trace, std::string name) : trace_(trace), name_(std::move(name)) {}

  std::string text() {
    for (const std::string& kind : trace_.members("/effective"))
      if (kind != "mismatch")
        if (const std::string found = device("/effective/" + kind, kind); !found.empty()) return found;
    const std::size_t bracket = name_.find('[');
    const std::string array_name = name_.substr(0, bracket);
    for (const std::string& array : trace_.members("/arrays")) {
      names_.push_back(array);
      if (array == array_name) return bracket == std::string::npos ? array_text("/arrays/" + array) : crossing("/arrays/" + array, name_.substr(bracket));
    }
    if (trace_.members("/effective").empty()) throw Error(Fault::usage, "the trace holds no values of devices");
    throw Error(Fault::usage, fmt::format("the trace has no device and no array '{}'{}", name_, suggest(name_, names_)));
  }

 private:
  std::string device(const std::string& path, const std::string& kind) {
    const std::vector<std::string> devices = trace_.texts(path + "/device");
    const auto found = std::find(devices.begin(), devices.end(), name_);
    if (found == devices.end()) {
      names_.insert(names_.end(), devices.begin(), devices.end());
      return "";
    }
    const std::size_t row = static_cast<std::size_t>(found - devices.begin());
    const std::vector<std::string> fields = trace_.texts(path + "/field"), units = trace_.texts(path + "/unit"), members = trace_.members(path);
    const bool drawn = std::find(members.begin(), members.end(), "nominal") != members.end();
    const TraceNumbers values = trace_.numbers(path + "/value"), nominal = drawn ? trace_.numbers(path + "/nominal") : values;
    const TraceNumbers cards = drawn ? trace_.numbers(path + "/mismatch") : TraceNumbers();
    std::string text = fmt::format("{} ({}){}\n", name_, kind, steps_text(values)) + line({"field", "nominal", "used", "spread by"});
    for (std::size_t k = 0; k < fields.size(); ++k) {
      const std::size_t place = row * fields.size() + k;
      const double card = drawn ? cards.values[place] : -1.0;
      const std::string by = card < 0.0 ? "-" : trace_.texts("/effective/mismatch").at(static_cast<std::size_t>(card));
      text += line({fields[k], shown(at(nominal, place), units[k]), shown(at(values, place), units[k]), by});
    }
    return text;
  }

  static std::string line(const std::vector<std::string>& cells) { return fmt::format("  {}  {}  {}  {}\n", padded(cells[0], 16), padded(cells[1], 24), padded(cells[2], 28), cells[3]); }

  static std::string steps_text(const TraceNumbers& table) {
    return table.shape.size() > 2 ? fmt::format(", over {} steps", table.shape[0]) : "";
  }

  /// The numbers of one place at all steps; the tables of devices and of crossings both have two axes behind that of the steps.
  static std::vector<double> at(const TraceNumbers& table, std::size_t place) {
    const std::size_t block = table.shape[table.shape.size() - 2] * table.shape.back();
    std::vector<double> values;
    for (std::size_t k = place; k < table.values.size(); k += block) values.push_back(table.values[k]);
    return values;
  }

  /// The tables of a part of an array.
  std::vector<std::string> fields(const std::string& path) const {
    std::vector<std::string> names;
    for (const std::string& name : trace_.members(path))
      if (name != "row" && name != "column" && name != "step" && name != "back" && name != "sel" && !name.ends_with("_nominal")) names.push_back(name);
    return names;
  }

  std::string array_text(const std::string& path) {
    std::string text = name_ + ":";
    for (const char* part : {"", "/back", "/sel"}) {
      if (trace_.members(path + part).empty() && !trace_.members(path).empty() && *part) continue;
      const Attributes facts = trace_.attributes(path + part);
      text += *part ? fmt::format("  {}{}:", name_, std::string(".") + (part + 1)) : "";
      for (const auto& [name, value] : facts) {
        if (const auto* words = std::get_if<std::string>(&value)) text += fmt::format(" {} {}", name, *words);
        if (const auto* number = std::get_if<double>(&value)) text += fmt::format(" {}={:g}", name, *number);
      }
      text += "\n";
      for (const std::string& field : fields(path + part)) text += field == "fault" ? faults(path + "/fault") : field == "fault_conductance" ? "" : statistics(path + part + "/" + field, field);
    }
    return text;
  }

  std::string statistics(const std::string& path, const std::string& field) const {
    const TraceNumbers table = trace_.numbers(path);
    double sum = 0.0, square = 0.0;
    for (const double value : table.values) sum += value;
    const double count = static_cast<double>(table.values.size()), mean = sum / count;
    for (const double value : table.values) square += (value - mean) * (value - mean);
    const auto [least, most] = std::minmax_element(table.values.begin(), table.values.end());
    std::string text = fmt::format("  {}: {} rows x {} columns{}\n", field, table.shape[table.shape.size() - 2], table.shape.back(), steps_text(table));
    const std::string card = text_of(table.attributes, "mismatch");
    if (!card.empty()) text += fmt::format("    nominal  {}\n", nominal(path, table));
    text += fmt::format("    used     {} ... {}, mean {}, standard deviation {}\n", shown(*least, table.unit), shown(*most, table.unit), shown(mean, table.unit),
                        shown(std::sqrt(square / count), table.unit));
    return text + fmt::format("    spread by {}\n", card.empty() ? "no .mismatch" : card);
  }

  std::string nominal(const std::string& path, const TraceNumbers& table) const {
    for (const auto& [name, value] : table.attributes)
      if (name == "nominal") return shown(std::get<double>(value), table.unit);
    const TraceNumbers numbers = trace_.numbers(path + "_nominal");
    return shown(numbers.values, numbers.unit);
  }

  std::string faults(const std::string& path) const {
    const TraceNumbers table = trace_.numbers(path);
    std::string text = "  faults" + steps_text(table) + ":";
    std::size_t begin = table.flags.find(' '), code = 1;
    for (; begin != std::string::npos; ++code) {
      const std::size_t end = table.flags.find(' ', begin + 1);
      const auto count = std::count(table.values.begin(), table.values.end(), static_cast<double>(code));
      text += fmt::format(" {} {}", count, table.flags.substr(begin + 1, end == std::string::npos ? end : end - begin - 1));
      begin = end;
    }
    return text + "\n";
  }

  static std::string flag(const std::string& flags, double code) {
    std::size_t begin = 0;
    for (int k = 0; k < static_cast<int>(code); ++k) begin = flags.find(' ', begin) + 1;
    return flags.substr(begin, flags.find(' ', begin) - begin);
  }

  /// "[3,4]" of an array.
  std::string crossing(const std::string& path, const std::string& place) {
    std::size_t i = 0, j = 0;
    const bool read = std::sscanf(place.c_str(), "[%zu,%zu]", &i, &j) == 2;
    std::string text = name_ + "\n" + line({"field", "nominal", "used", "spread by"});
    for (const std::string& field : fields(path)) {
      const TraceNumbers table = trace_.numbers(path + "/" + field);
      const std::size_t rows = table.shape[table.shape.size() - 2], columns = table.shape.back(), at_place = i * columns + j;
      if (!read || i >= rows || j >= columns) throw Error(Fault::usage, fmt::format("'{}' is no crossing: the array has {} rows and {} columns, counted from 0", name_, rows, columns));
      if (field == "fault") {
        const std::vector<double> steps = at(table, at_place);
        const double code = *std::max_element(steps.begin(), steps.end(), [](double a, double b) { return !(a >= b); });  // a step may have failed
        text += line({field, "none", flag(table.flags, code == code ? code : 0.0), "the array's card"});
        continue;
      }
      const std::string card = text_of(table.attributes, "mismatch");
      const std::vector<std::string> members = trace_.members(path);
      const bool own = std::find(members.begin(), members.end(), field + "_nominal") != members.end();
      const std::string before = card.empty() ? shown(at(table, at_place), table.unit) : own ? shown(at(trace_.numbers(path + "/" + field + "_nominal"), at_place), table.unit) : nominal(path + "/" + field, table);
      text += line({field, before, shown(at(table, at_place), table.unit), card.empty() ? "-" : card});
    }
    return text;
  }

  const TraceReader& trace_;
  std::string name_;
  std::vector<std::string> names_;  // that were looked at
};

}  // namespace

std::string describe_effective(const TraceReader& trace, const std::string& name) { return Report(trace, name).text(); }

}  // namespace settle
