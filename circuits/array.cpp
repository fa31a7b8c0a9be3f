// Devices of an array by name, and fields that begin to differ from crossing to crossing.
#include "circuits/array.hpp"

namespace settle {

ArrayDevice find_device(FlatArray& array, std::string_view name) {
  const Index rows = static_cast<Index>(array.rows.size()), columns = static_cast<Index>(array.columns.size());
  const auto in = [&](ArrayCells& cells, const char* ending) {
    const Index crossing = cells.kind ? Lattice{array.name + ending, rows, columns}.find(name) : -1;
    return crossing < 0 ? ArrayDevice{} : ArrayDevice{&cells, static_cast<std::size_t>(crossing)};
  };
  for (const ArrayDevice& found : {in(array.cells, ""), in(array.back, ".back"), in(array.selector, ".sel")})
    if (found.cells) return found;
  return {};
}

std::vector<double>& vary(const FlatArray& array, ArrayCells& cells, const std::string& field) {
  const auto [varied, fresh] = cells.varied.try_emplace(field);
  if (fresh) {
    const auto given = cells.values.find(field);
    const double alike = given != cells.values.end() ? given->second : cells.kind->fields[cells.kind->field_index(field)].initial;
    varied->second.assign(array.crossings(), alike);
  }
  return varied->second;
}

}  // namespace settle
