// RawPlot: plot and variable names as ngspice writes them.
#include "circuits/raw_plot.hpp"

#include <map>

namespace settle {

void begin_raw_plot(RawFile& file, const std::string& title, const std::string& kind, const Axis& axis, bool complex,
                    const std::vector<ProbeLabel>& columns) {
  static const std::map<std::string, std::string> plot_names = {
      {"op", "Operating Point"}, {"dc", "DC transfer characteristic"}, {"tran", "Transient Analysis"}, {"ac", "AC Analysis"},
      {"noise", "Noise Spectral Density Curves"}};
  static const std::map<std::string, std::string> types = {{"V", "voltage"}, {"A", "current"}, {"s", "time"}, {"Hz", "frequency"}};
  const auto type = [&](const std::string& unit) { return types.count(unit) ? types.at(unit) : "notype"; };
  std::vector<RawVariable> variables;
  if (kind != "op") variables.push_back({kind == "dc" ? (axis.unit == "A" ? "i(i-sweep)" : axis.unit == "V" ? "v(v-sweep)" : axis.name) : axis.name, type(axis.unit)});
  for (const ProbeLabel& column : columns) variables.push_back({column.name, type(column.unit)});
  const auto name = plot_names.find(kind);
  file.plot(title, name == plot_names.end() ? kind : name->second, complex, variables);
}

}  // namespace settle
