// What a trace holds and how it was made, in words.
#include "sim/trace_describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace settle {
namespace {

struct Text {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(double value) const { return fmt::format("{:.6g}", value); }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(const std::vector<double>& values) const { return fmt::format("[{:.6g}]", fmt::join(values, ", ")); }
};

std::string value(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, attribute] : attributes) {
    if (key == name) return std::visit(Text{}, attribute);
  }
  return {};
}

// The first few labels and the last one.
std::string abridged(const std::vector<std::string>& labels) {
  constexpr std::size_t most = 8;
  if (labels.size() <= most) return fmt::format("{}", fmt::join(labels, ", "));
  return fmt::format("{}, ... {}", fmt::join(labels.begin(), labels.begin() + most - 1, ", "), labels.back());
}

std::string dataset(const TraceOutline::Dataset& d, std::size_t rows) {
  const std::string size = d.samples > 1 ? fmt::format("{} x {} x {}", rows, d.samples, d.labels.size())
                                         : fmt::format("{} x {}", rows, d.labels.size());
  return fmt::format("  {:<12} [{}] {} {}; {}: {}\n", d.name, d.unit, size, d.complex ? "complex" : "real", d.label_axis, abridged(d.labels));
}

std::string group(const TraceOutline& g) {
  std::string text = fmt::format("{}: {} rows over {}", g.path, g.rows, g.axis);
  if (g.rows > 0) text += fmt::format(" = {:.6g} .. {:.6g} {}", g.first, g.last, g.unit);
  text += '\n';
  std::vector<std::string> facts;
  for (const auto& [name, attribute] : g.attributes) {
    if (name != "rows") facts.push_back(name + " = " + std::visit(Text{}, attribute));
  }
  if (!facts.empty()) text += fmt::format("  {}\n", fmt::join(facts, ", "));
  for (const auto& d : g.datasets) text += dataset(d, g.rows);
  return text;
}

std::string status(const TraceReader& trace) {
  if (trace.unfinished()) return "being written, or its writer was killed: then `settle repair` makes it readable by other programs";
  const std::string message = trace.text("status_message"), wall = value(trace.attributes(), "wall_seconds");
  return trace.text("status") + (message.empty() ? "" : ": " + message) + (wall.empty() ? "" : " after " + wall + " s");
}

// Attributes of the file that the lines above do not say already.
std::string summary(const Attributes& attributes) {
  const char* const said[] = {"Conventions", "title",      "source",       "history",        "format",         "format_version", "version",
                              "commit",      "compiler",   "simd",         "hdf5",           "command_line",   "host",           "start_time",
                              "seed",        "threads", "settings", "netlist_path", "netlist_sha256", "status",     "status_message", "wall_seconds"};
  std::string text;
  for (const auto& [name, attribute] : attributes) {
    if (std::find(std::begin(said), std::end(said), name) == std::end(said)) text += fmt::format("{:<9} {}\n", name, std::visit(Text{}, attribute));
  }
  return text;
}

/// Which devices the tables speak of.
std::string tables(const TraceReader& trace) {
  std::vector<std::string> kinds = trace.members("/effective");
  std::erase(kinds, "mismatch");
  const std::vector<std::string> arrays = trace.members("/arrays");
  std::string text = kinds.empty() ? "" : fmt::format("devices   {}; `settle info FILE NAME` shows the values of one\n", fmt::join(kinds, ", "));
  const std::vector<std::string> figures = trace.members("/figures");
  if (!figures.empty()) text += "figures   `settle table FILE` prints them beside published values\n";
  if (!arrays.empty()) text += fmt::format("arrays    {}\n", abridged(arrays));
  return text;
}

}  // namespace

std::string describe(const TraceReader& trace, std::size_t most_groups) {
  const auto attribute = [&](const char* name) { return value(trace.attributes(), name); };
  std::string text = fmt::format("title     {}\nnetlist   {}, sha256 {}\ncommand   {}\nstarted   {} on {}, seed {}\n", attribute("title"),
                                 attribute("netlist_path"), attribute("netlist_sha256").substr(0, 16), attribute("command_line"),
                                 attribute("start_time"), attribute("host"), attribute("seed"));
  text += fmt::format("program   {}, commit {}, {}, SIMD {}, HDF5 {}\nstatus    {}\n", attribute("source"), attribute("commit"),
                      attribute("compiler"), attribute("simd"), attribute("hdf5"), status(trace));
  text += summary(trace.attributes()) + tables(trace);
  const auto& groups = trace.groups();
  for (std::size_t k = 0; k < std::min(groups.size(), most_groups); ++k) text += group(groups[k]);
  if (groups.size() > most_groups) text += fmt::format("... and {} more groups\n", groups.size() - most_groups);
  return text;
}

}  // namespace settle
