// Tables of a trace: datasets of fixed extent, allocated before the file can be followed, written at any time.
#include <hdf5_hl.h>

#include <limits>
#include <stdexcept>

#include "sim/trace_state.hpp"

namespace settle {
namespace {

/// Group and last name of a path.
std::pair<std::string, std::string> split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) throw std::logic_error("a table lies in a group: " + path);
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// Readers may come before the values do, and live writing allows no allocation.
hdf5::Handle allocated(hid_t type) {
  auto list = hdf5::own(H5Pcreate(H5P_DATASET_CREATE), "create dataset property list");
  hdf5::check(H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY), "allocate a table at once");
  if (type != H5T_NATIVE_DOUBLE) return list;
  const double none = std::numeric_limits<double>::quiet_NaN();
  hdf5::check(H5Pset_fill_value(list, type, &none), "set what an empty table holds");
  return list;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

hdf5::Handle scale(hid_t group, const TraceTable::Axis& axis) {
  const bool known = hdf5::check(H5Lexists(group, axis.name.c_str(), H5P_DEFAULT), "look for axis", axis.name) > 0;
  return known ? hdf5::open_object(group, axis.name) : hdf5::write_labels(group, axis.name, axis.labels);
}

}  // namespace

void Trace::table(const TraceTable& table) {
  const hdf5::Guard guard;
  const TraceFile& file = state_->file;
  if (file.started || state_->closed) throw std::logic_error("table " + table.path + " comes after the trace was started");
  const auto [path, name] = split(table.path);
  const auto group = hdf5::require_group(file.handle, path);
  std::vector<hsize_t> shape;
  for (const auto& axis : table.axes) shape.push_back(axis.labels.size());
  const hid_t type = table.flags.empty() ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT8;
  const auto dataset = hdf5::create_dataset(group, name, type, hdf5::space_of(shape), allocated(type));
  if (!table.long_name.empty()) hdf5::write_attribute(dataset, "long_name", table.long_name);
  hdf5::write_attribute(dataset, "units", table.unit.empty() ? "1" : table.unit);
  if (!table.flags.empty()) hdf5::write_attribute(dataset, "flag_meanings", joined(table.flags));
  hdf5::write_attributes(dataset, table.attributes);
  for (unsigned k = 0; k < table.axes.size(); ++k)
    hdf5::check(H5DSattach_scale(dataset, scale(group, table.axes[k]), k), "attach a dimension scale");
}

void Trace::texts(const std::string& path, const std::vector<std::string>& texts) {
  const hdf5::Guard guard;
  const auto [group, name] = split(path);
  hdf5::write_labels(hdf5::require_group(state_->file.handle, group), name, texts);
}

void Trace::describe(const std::string& path, const Attributes& attributes) {
  const hdf5::Guard guard;
  hdf5::write_attributes(hdf5::require_group(state_->file.handle, path), attributes);
}

void Trace::reserve(const std::string& path, std::size_t bytes) {
  const hdf5::Guard guard;
  hdf5::reserve(hdf5::require_group(state_->file.handle, path), bytes);
}

void Trace::describe_last(const std::string& path, const Attributes& attributes) { state_->late_tables.emplace_back(path, attributes); }

void Trace::write(const std::string& path, std::size_t index, std::span<const double> values) {
  const hdf5::Guard guard;
  const auto dataset = hdf5::open_object(state_->file.handle, path);
  std::vector<hsize_t> part = hdf5::shape(dataset), start(part.size(), 0);
  hsize_t all = 1;
  for (const hsize_t n : part) all *= n;
  if (values.size() != all) start[0] = index, all /= part[0], part[0] = 1;
  if (values.size() != all) throw std::logic_error("table " + path + " takes another number of values");
  if (values.empty()) return;
  const auto space = hdf5::own(H5Dget_space(dataset), "read a dataset's space");
  hdf5::check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, part.data(), nullptr), "select a part of", path);
  hdf5::check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, hdf5::space_of(part), space, H5P_DEFAULT, values.data()), "write", path);
}

}  // namespace settle
